package dev.sluice.gateapi.egress;

/**
 * Something was not sent, or was not answered. The message is for whoever gave the URL: it names the host at most, and is the
 * same for all that can go wrong on the network, so that nobody finds out what is there. The log has the reason.
 */
public final class EgressException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    private EgressException(String message, boolean refused) {
        super(message);
        this.refused = refused;
    }

    /** The rules do not let the URL pass, whatever is there. */
    static EgressException refused(String reason) {
        return new EgressException(reason, true);
    }

    /** It was tried. */
    static EgressException noAnswer(String host) {
        return new EgressException(host + " has given no answer", false);
    }

    /** It was not tried, since too much else is under way. */
    static EgressException busy() {
        return new EgressException("too many requests are under way", false);
    }

    /** Returns whether the URL itself is refused: then it is of no use to try again. */
    public boolean isRefused() {
        return refused;
    }
}
