package dev.sluice.gateapi.access.oidc;

/** A token of a CI system is not believed. */
final class UntrustedException extends Exception {
    private final String reason;
    private final String sentence;

    /**
     * Creates one of a token that nobody has proven to be of its issuer: the caller is told no more.
     *
     * @param reason a short stable word, for the counter
     */
    UntrustedException(String reason) {
        this(reason, "the token is not valid");
    }

    /**
     * Creates one of a token that its issuer has signed: whoever has it may know what it says.
     *
     * @param reason a short stable word, for the counter
     * @param sentence what the caller is told
     */
    UntrustedException(String reason, String sentence) {
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
