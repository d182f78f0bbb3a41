package dev.sluice.rollback;

/** How an order stands. It only goes forward: what is over stays as it is. */
public enum OrderState {
    /** It is to be delivered. */
    ORDERED(false, false),
    /** Whoever rolls back has it. */
    DELIVERED(false, false),
    /** Whoever rolls back has said that it will. */
    ACKNOWLEDGED(false, false),
    /** The earlier version has been seen to run. */
    VERIFIED(true, false),
    /** The plan holds orders back: somebody may order it by hand. */
    HELD(true, false),
    /** The plan only tries out what it would order. */
    DRY_RUN(true, false),
    /** Something else was deployed in between. */
    FENCED(true, false),
    /** Rollbacks are stopped. */
    STOPPED(true, false),
    /** There is no earlier version that is known to be good. */
    NO_TARGET(true, true),
    /** There were as many in the last hour as the plan allows. */
    CAPPED(true, true),
    /** It could not be delivered in time. */
    EXPIRED(true, true),
    /** Whoever rolls back refuses it. */
    REFUSED(true, true),
    /** It was delivered, and the earlier version has not been seen in time. */
    UNVERIFIED(true, true);

    private final boolean over;
    private final boolean escalated;

    OrderState(boolean over, boolean escalated) {
        this.over = over;
        this.escalated = escalated;
    }

    /** Returns whether nothing more becomes of it. */
    public boolean isOver() {
        return over;
    }

    /** Returns whether people must look at it. */
    public boolean isEscalated() {
        return escalated;
    }
}
