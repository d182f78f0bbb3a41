package dev.sluice.gateapi.access;

/** Nobody known asks. */
final class RefusedException extends Exception {
    private final String reason;
    private final String sentence;

    /**
     * Creates the exception.
     *
     * @param reason a short stable word, for the counter
     * @param sentence what the caller is told; the same for an unknown and an expired token
     */
    RefusedException(String reason, String sentence) {
        super(sentence);
        this.reason = reason;
        this.sentence = sentence;
    }

    String reason() {
        return reason;
    }

    String sentence() {
        return sentence;
    }
}
