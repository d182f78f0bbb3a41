package dev.sluice.gate;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DoraRow;
import dev.sluice.statistics.Interval;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The metrics that rules may ask for, named as dora.dev names them. */
public enum GateMetric {
    /** Successful deployments of a change in a day. */
    DEPLOYMENT_FREQUENCY(Unit.PER_DAY, "deployment frequency", "deployment"),
    /** Successful deployments of a change in the window. */
    DEPLOYMENT_FREQUENCY_COUNT(Unit.COUNT, "deployment frequency", "deployment"),
    /** Median of change lead time, in seconds. */
    CHANGE_LEAD_TIME_MEDIAN(Unit.SECONDS, "median change lead time", "change"),
    /** 90th percentile of change lead time, in seconds. */
    CHANGE_LEAD_TIME_P90(Unit.SECONDS, "90th percentile of change lead time", "change"),
    /** Median of pull request lead time, in seconds. */
    PULL_REQUEST_LEAD_TIME_MEDIAN(Unit.SECONDS, "median pull request lead time", "pull request"),
    /** Share of deployments that failed, 0 to 1. */
    CHANGE_FAIL_RATE(Unit.RATIO, "change fail rate", "deployment"),
    /** Median of failed deployment recovery time, in seconds. */
    FAILED_DEPLOYMENT_RECOVERY_TIME_MEDIAN(
            Unit.SECONDS, "median failed deployment recovery time", "recovery", "recoveries"),
    /** Share of finished attempts that succeeded, 0 to 1. */
    DEPLOYMENT_SUCCESS_RATE(Unit.RATIO, "deployment success rate", "attempt"),
    /** Share of deployments that went back, repaired another or took a change back, 0 to 1. */
    DEPLOYMENT_REWORK_RATE(Unit.RATIO, "deployment rework rate", "deployment"),
    /** Mean time from the start of a successful attempt to its end, in seconds. */
    MEAN_TIME_TO_DEPLOY(Unit.SECONDS, "mean time to deploy", "attempt"),
    /** Share of the observed time during which what ran was not what was declared, 0 to 1. */
    CONFIGURATION_DRIFT(Unit.RATIO, "configuration drift", "check");

    private static final double MILLIS_PER_SECOND = 1000;
    private static final Map<String, GateMetric> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(GateMetric::wireName, Function.identity()));

    private final String wireName = name().toLowerCase(Locale.ROOT);
    private final Unit unit;
    private final String words;
    private final String observation;
    private final String observations;

    GateMetric(Unit unit, String words, String observation) {
        this(unit, words, observation, observation + "s");
    }

    GateMetric(Unit unit, String words, String observation, String observations) {
        this.unit = unit;
        this.words = words;
        this.observation = observation;
        this.observations = observations;
    }

    /** Returns the metric that policies spell so. */
    public static Optional<GateMetric> ofName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Returns what the metric amounts to over a window; without a value where the row has no such window. */
    public static Measurement measure(GateMetric metric, int windowDays, DoraRow row) {
        for (DoraRow.WindowMetrics window : row.windows()) {
            if (window.days() == windowDays) {
                return metric.in(window.metrics());
            }
        }
        return new Measurement(null, 0, "there is no window of " + windowDays + " d");
    }

    /** Returns what the metric amounts to over the window that these metrics are of. */
    public Measurement in(DeliveryMetrics metrics) {
        var frequency = metrics.deploymentFrequency();
        var leadTime = metrics.changeLeadTime();
        var pullRequests = metrics.pullRequestLeadTime();
        var failRate = metrics.changeFailRate();
        var recovery = metrics.failedDeploymentRecoveryTime();
        var successRate = metrics.deploymentSuccessRate();
        var reworkRate = metrics.deploymentReworkRate();
        var timeToDeploy = metrics.meanTimeToDeploy();
        var drift = metrics.configurationDrift();
        return switch (this) {
            case DEPLOYMENT_FREQUENCY ->
                new Measurement(frequency.perDay(), frequency.count(), null, frequency.perDayInterval());
            case DEPLOYMENT_FREQUENCY_COUNT -> new Measurement((double) frequency.count(), frequency.count(), null);
            case CHANGE_LEAD_TIME_MEDIAN ->
                new Measurement(
                        seconds(leadTime.medianMs()),
                        leadTime.n(),
                        leadTime.reason(),
                        seconds(leadTime.medianInterval()));
            case CHANGE_LEAD_TIME_P90 -> new Measurement(seconds(leadTime.p90Ms()), leadTime.n(), leadTime.reason());
            case PULL_REQUEST_LEAD_TIME_MEDIAN ->
                new Measurement(
                        seconds(pullRequests.medianMs()),
                        pullRequests.n(),
                        pullRequests.reason(),
                        seconds(pullRequests.medianInterval()));
            case CHANGE_FAIL_RATE ->
                new Measurement(failRate.value(), failRate.n(), failRate.reason(), failRate.interval());
            case FAILED_DEPLOYMENT_RECOVERY_TIME_MEDIAN ->
                new Measurement(
                        seconds(recovery.medianMs()),
                        recovery.n(),
                        recovery.reason(),
                        seconds(recovery.medianInterval()));
            case DEPLOYMENT_SUCCESS_RATE ->
                new Measurement(successRate.value(), successRate.n(), successRate.reason(), successRate.interval());
            case DEPLOYMENT_REWORK_RATE ->
                new Measurement(reworkRate.value(), reworkRate.n(), reworkRate.reason(), reworkRate.interval());
            case MEAN_TIME_TO_DEPLOY ->
                new Measurement(seconds(timeToDeploy.meanMs()), timeToDeploy.n(), timeToDeploy.reason());
            case CONFIGURATION_DRIFT -> new Measurement(drift.driftedShare(), drift.checks(), drift.reason());
        };
    }

    private static @Nullable Double seconds(@Nullable Double millis) {
        return millis == null ? null : Double.valueOf(millis / MILLIS_PER_SECOND);
    }

    private static @Nullable Interval seconds(@Nullable Interval millis) {
        return millis == null
                ? null
                : new Interval(millis.lower() / MILLIS_PER_SECOND, millis.upper() / MILLIS_PER_SECOND);
    }

    /** Returns whether an interval is known of it, where there are enough observations. */
    public boolean hasInterval() {
        return switch (this) {
            case DEPLOYMENT_FREQUENCY,
                    CHANGE_LEAD_TIME_MEDIAN,
                    PULL_REQUEST_LEAD_TIME_MEDIAN,
                    CHANGE_FAIL_RATE,
                    FAILED_DEPLOYMENT_RECOVERY_TIME_MEDIAN,
                    DEPLOYMENT_SUCCESS_RATE,
                    DEPLOYMENT_REWORK_RATE -> true;
            case DEPLOYMENT_FREQUENCY_COUNT, CHANGE_LEAD_TIME_P90, MEAN_TIME_TO_DEPLOY, CONFIGURATION_DRIFT -> false;
        };
    }

    /** Returns the name as policies spell it, e.g. {@code deployment_success_rate}. */
    public String wireName() {
        return wireName;
    }

    /** Returns the name in words. */
    String words() {
        return words;
    }

    /** Returns what the metric is made from: the word that goes with so many of them. */
    String observations(int n) {
        return n == 1 ? observation : observations;
    }

    /** Returns what a value is counted in. */
    public Unit unit() {
        return unit;
    }

    /** What a value is counted in. */
    public enum Unit {
        /** Deployments in a day. */
        PER_DAY,
        /** A number of things. */
        COUNT,
        /** A duration. */
        SECONDS,
        /** 0 to 1. */
        RATIO
    }
}
