package dev.sluice.sources.metrics.otlp;

/** Why a data point is left out of what a push says. */
public enum LeftOut {
    /** Quantiles cannot be put together over time or over instances. */
    SUMMARY("a summary, whose quantiles cannot be merged"),
    /** The metric has no name. */
    NO_NAME("of a metric without a name"),
    /** The data point does not say when it was. */
    NO_TIME("without a time"),
    /** The data point has no number. */
    NO_VALUE("without a value"),
    /** The metric says neither that it is cumulative nor that it is of deltas. */
    UNKNOWN_TEMPORALITY("of an unknown temporality"),
    /** The sum may fall and is of deltas: a level is to be had only from all of them since the beginning. */
    DELTAS_OF_LEVEL("of a sum that is not monotonic and of deltas"),
    /** The buckets do not fit each other, or the count. */
    WRONG_BUCKETS("with buckets that contradict each other");

    private final String description;

    LeftOut(String description) {
        this.description = description;
    }

    /** Returns what such a data point is, for a person; to be put after "a data point". */
    public String description() {
        return description;
    }
}
