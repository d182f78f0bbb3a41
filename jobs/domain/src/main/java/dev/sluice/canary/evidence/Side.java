package dev.sluice.canary.evidence;

/** To which side of the allowed ratio the alternatives of a test lie. */
public enum Side {
    /** The canary has more than is allowed. */
    MORE(1),
    /** The canary has less than is allowed. */
    LESS(-1);

    private final int sign;

    Side(int sign) {
        this.sign = sign;
    }

    /** Returns 1 for more, -1 for less. */
    public int sign() {
        return sign;
    }
}
