package dev.sluice.sources.metrics;

/** How many more labels, points and buckets one push may have; to be asked before there is memory for them. */
public final class ElementBudget {
    private final int most;
    private long left;

    /** Begins for a push. */
    public ElementBudget(PushLimits limits) {
        this.most = limits.maxElements();
        this.left = most;
    }

    /**
     * Takes some.
     *
     * @param elements how many, at least 0
     * @param pointer JSON pointer to what needs them
     * @throws MalformedPushException if there are not so many left
     */
    public void take(long elements, String pointer) {
        if (elements > left) {
            throw new MalformedPushException("has more than " + most + " labels, points and buckets", pointer);
        }
        left -= elements;
    }
}
