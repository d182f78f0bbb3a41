package dev.sluice.shift;

import java.util.Locale;

/** The metrics that are watched for shifts, and what one {@link MetricValue} of each is. */
public enum ShiftMetric {
    /** A deployment; 1 where it failed, else 0. */
    CHANGE_FAIL_RATE(Kind.RATE, Direction.DETERIORATION, 1),
    /** A deployment; 1 where it is rework, else 0. */
    DEPLOYMENT_REWORK_RATE(Kind.RATE, Direction.DETERIORATION, 1),
    /** An attempt; 1 where it succeeded, 0 where it failed. */
    DEPLOYMENT_SUCCESS_RATE(Kind.RATE, Direction.DETERIORATION, 0),
    /**
     * A deployment; the median lead time of its changes in milliseconds. Not a change: those of one deployment are young
     * or old together, and would count as so many witnesses of what one deployment has seen.
     */
    CHANGE_LEAD_TIME(Kind.DURATION, Direction.DETERIORATION),
    /** A failed deployment, when it was over; the time to recover from it in milliseconds. */
    FAILED_DEPLOYMENT_RECOVERY_TIME(Kind.DURATION, Direction.DETERIORATION),
    /** A successful attempt; the time from its start to its end in milliseconds. What is watched is the median. */
    MEAN_TIME_TO_DEPLOY(Kind.DURATION, Direction.DETERIORATION),
    /** A whole week that has ended; the number of its deployments, 0 included. */
    DEPLOYMENT_FREQUENCY(Kind.FREQUENCY, Direction.IMPROVEMENT);

    private final Kind kind;
    private final Direction ofMore;
    private final long bad;

    ShiftMetric(Kind kind, Direction ofMore) {
        this(kind, ofMore, 1);
    }

    ShiftMetric(Kind kind, Direction ofMore, long bad) {
        this.kind = kind;
        this.ofMore = ofMore;
        this.bad = bad;
    }

    /** Returns the metric's name as the API and the schemas spell it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    Kind kind() {
        return kind;
    }

    /** Returns what it means that values, or for rates bad outcomes, are more than they were. */
    Direction ofMore() {
        return ofMore;
    }

    /** Returns whether the value of a rate is the bad outcome. */
    boolean isBad(long value) {
        return value == bad;
    }

    /** What a value is. */
    enum Kind {
        /** 1 or 0. */
        RATE,
        /** Milliseconds. */
        DURATION,
        /** A count a week. */
        FREQUENCY;

        boolean allows(long value) {
            return value >= 0 && (this != RATE || value <= 1);
        }
    }
}
