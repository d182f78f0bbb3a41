package dev.sluice.gateapi.report.dora;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.sluice.shift.Direction;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The metrics of a report, in its order: the five of dora.dev, then what Sluice measures beside them. */
enum Metric {
    CHANGE_LEAD_TIME(
            Unit.MS,
            false,
            "median",
            "from authoring a change to the end of the first successful deployment that holds it",
            "no change was deployed"),
    DEPLOYMENT_FREQUENCY(
            Unit.PER_DAY,
            true,
            "mean",
            "successful deployments that change what runs: kind FORWARD or CONFIG",
            "nothing was there yet"),
    CHANGE_FAIL_RATE(
            Unit.SHARE,
            false,
            "share",
            "deployments that degraded the service and needed immediate intervention / all that changed what runs",
            "nothing was deployed"),
    FAILED_DEPLOYMENT_RECOVERY_TIME(
            Unit.MS,
            false,
            "median",
            "from the start of the impact of a failed deployment until it was recovered from; one value a deployment",
            "no failed deployment was recovered from"),
    DEPLOYMENT_REWORK_RATE(
            Unit.SHARE,
            false,
            "share",
            "deployments that were not planned / all that changed what runs",
            "nothing was deployed"),
    PULL_REQUEST_LEAD_TIME(
            Unit.MS,
            false,
            "median",
            "from the first commit of a pull request to the end of the first successful deployment that holds it",
            "no pull request was deployed"),
    DEPLOYMENT_SUCCESS_RATE(
            Unit.SHARE,
            true,
            "share",
            "attempts that ended in SUCCESS / attempts that ended in SUCCESS or FAILURE",
            "nothing was attempted"),
    MEAN_TIME_TO_DEPLOY(
            Unit.MS,
            false,
            "mean",
            "from the start of a successful attempt to its end",
            "of no successful attempt a start is known");

    private static final Set<Metric> OF_DORA = EnumSet.range(CHANGE_LEAD_TIME, DEPLOYMENT_REWORK_RATE);

    private final Unit unit;
    private final boolean moreIsBetter;
    private final String statistic;
    private final String definition;
    private final String absence;

    Metric(Unit unit, boolean moreIsBetter, String statistic, String definition, String absence) {
        this.unit = unit;
        this.moreIsBetter = moreIsBetter;
        this.statistic = statistic;
        this.definition = definition;
        this.absence = absence;
    }

    /** Returns the metric that the views call so; nothing for one that no report shows. */
    static Optional<Metric> named(String wireName) {
        return Stream.of(values())
                .filter(metric -> metric.wireName().equals(wireName))
                .findFirst();
    }

    @JsonValue
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the name in words, e.g. {@code Change lead time}. */
    String title() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    Unit unit() {
        return unit;
    }

    /** Returns what the value is of the values that it is made of: median, mean or share. */
    String statistic() {
        return statistic;
    }

    /** Returns the definition, as {@code docs/reference/metrics.md} has it. */
    String definition() {
        return definition;
    }

    /** Returns why there may be no value. */
    String absence() {
        return absence;
    }

    /** Returns whether it is one of the five that dora.dev defines. */
    boolean isOfDora() {
        return OF_DORA.contains(this);
    }

    /** Returns whether shifts of it are looked for. */
    boolean isWatched() {
        return this != PULL_REQUEST_LEAD_TIME;
    }

    /** Returns what it means that the value rises, or falls. */
    Direction directionOf(Change change) {
        return moreIsBetter == (change == Change.ROSE) ? Direction.IMPROVEMENT : Direction.DETERIORATION;
    }

    /** What a value counts in. */
    enum Unit {
        /** Milliseconds. */
        MS,
        /** Deployments a day. */
        PER_DAY,
        /** From 0 to 1. */
        SHARE;

        @JsonValue
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a value differs from the one before. */
    enum Change {
        ROSE,
        FELL,
        /** No difference that would be written. */
        SAME,
        /** One of them is missing. */
        UNKNOWN;

        @JsonValue
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
