package dev.sluice.sources;

import dev.sluice.wire.Sha256;
import java.util.Collection;
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
        return "sha256:" + Sha256.hex(String.join("\n", new TreeSet<>(things)));
    }
}
