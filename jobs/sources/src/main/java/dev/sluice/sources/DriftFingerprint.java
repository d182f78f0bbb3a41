package dev.sluice.sources;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.TreeSet;

/** What differs at a check for drift, as a hash, so that two checks that see the same can be told to. */
public final class DriftFingerprint {
    private DriftFingerprint() {}

    /**
     * Returns {@code sha256:} and 64 hexadecimal digits, the same in whatever order the things are given.
     *
     * @param things each what differs and how, without a value of it
     */
    public static String of(Collection<String> things) {
        String lines = String.join("\n", new TreeSet<>(things));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(lines.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
