package dev.sluice.gateapi.secrets;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Tells one content of a secret's file from the next without reading it.
 *
 * @param modified when the file was last written
 * @param size its length in bytes
 * @param key which file it is, where the file system knows: another one may have been moved to its place
 */
public record SecretVersion(
        FileTime modified, long size, @Nullable Object key) {
    static SecretVersion of(BasicFileAttributes file) {
        return new SecretVersion(file.lastModifiedTime(), file.size(), file.fileKey());
    }
}
