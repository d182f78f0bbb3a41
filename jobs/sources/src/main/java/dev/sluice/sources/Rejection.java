package dev.sluice.sources;

import org.jspecify.annotations.Nullable;

/** A delivery cannot be understood; thrown while reading it, and turned into an outcome by the adapter. */
public final class Rejection extends RuntimeException {
    private final transient Outcome.Malformed outcome;

    /**
     * Creates the exception.
     *
     * @param reason the code
     * @param detail one sentence for a person
     * @param pointer JSON pointer to what is wrong, null where the document is not the problem
     */
    public Rejection(Reason reason, String detail, @Nullable String pointer) {
        super(detail, null, false, false);
        this.outcome = new Outcome.Malformed(reason, detail, pointer);
    }

    /** Returns what the delivery comes to. */
    public Outcome.Malformed outcome() {
        return outcome;
    }
}
