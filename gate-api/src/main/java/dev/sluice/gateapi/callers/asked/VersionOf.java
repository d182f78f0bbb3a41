package dev.sluice.gateapi.callers.asked;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What of a deployment is the version that a gate is asked about. */
public enum VersionOf {
    /** The commit. */
    SHA,
    /** The branch or tag. */
    REF;

    /** What a name in a document can be, for messages. */
    public static final String EXPECTED = "sha or ref";

    /** Returns what a name in a document means. */
    public static Optional<VersionOf> of(String name) {
        return Arrays.stream(values()).filter(one -> one.label().equals(name)).findFirst();
    }

    /** Returns the name in documents. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
