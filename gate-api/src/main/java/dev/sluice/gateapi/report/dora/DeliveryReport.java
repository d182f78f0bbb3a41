package dev.sluice.gateapi.report.dora;

import dev.sluice.shift.Direction;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery report: all that is shown, in whatever form. As JSON it is the answer of the API.
 *
 * @param scope of what
 * @param environment the environment, or the class of environments
 * @param days the days
 * @param comparedWith the days before that they are compared with
 * @param writtenAt the moment at which it was asked for
 * @param storedThrough everything that was received before is in it; null where that is not known
 * @param behindMs how long before {@code writtenAt} that was
 * @param summary sentences: the report in words
 * @param trendBy what the trends are divided into: week or month
 * @param metrics the metrics; none for all services together, which are not added up
 * @param shifts the real changes that were found in the days or those before, the withdrawn ones too
 * @param services the services by their names
 * @param drift configuration drift of a service
 * @param driftReason why nothing is told of it; null where it is
 * @param excluded what is in no metric, and why
 */
record DeliveryReport(
        Scope scope,
        String environment,
        Days days,
        Days comparedWith,
        Instant writtenAt,
        @Nullable Instant storedThrough,
        @Nullable Long behindMs,
        List<String> summary,
        String trendBy,
        List<MetricReport> metrics,
        List<ShiftLine> shifts,
        List<ServiceLine> services,
        List<DriftLine> drift,
        @Nullable String driftReason,
        List<ExcludedLine> excluded) {

    /** Returns of what it is in words. */
    String scopeName() {
        return scope.name().isEmpty() ? "all services" : scope.kind() + " " + scope.name();
    }

    /** Returns a sentence that says how far behind it is. */
    String freshness() {
        return storedThrough == null || behindMs == null
                ? "How far the store has come is not known: what came in lately may be missing."
                : "Everything that was received before " + Amounts.time(storedThrough) + " is in it: the store was "
                        + Amounts.duration(behindMs) + " behind.";
    }

    /**
     * Of what it is.
     *
     * @param kind service, team, group or all
     * @param name the name; empty for all
     */
    record Scope(String kind, String name) {}

    /**
     * A metric.
     *
     * @param metric which
     * @param unit what its values count in
     * @param definition what it is
     * @param now what it amounts to in the days
     * @param before what it amounted to in the days before
     * @param change how the one differs from the other, as far as it would be written
     * @param sentence the same in words
     * @param level its level, where levels are shown and it has one
     * @param trend by week or month
     */
    record MetricReport(
            Metric metric,
            Metric.Unit unit,
            String definition,
            Value now,
            Value before,
            Metric.Change change,
            String sentence,
            Levels.@Nullable Level level,
            List<TrendPoint> trend) {}

    /**
     * A week or month of a trend.
     *
     * @param from its first day
     * @param to its last day
     * @param provisional whether it has not ended
     * @param value what the metric amounts to in it
     */
    record TrendPoint(LocalDate from, LocalDate to, boolean provisional, Value value) {}

    /**
     * A real change of a metric of a service; see {@code dash.shifts}. Values are those of the metric, but deployments a week
     * of the frequency, and the median of the time to deploy.
     *
     * @param service the service
     * @param environment the environment
     * @param metric the metric
     * @param direction whether for the better
     * @param began the estimate of when it began
     * @param detected when the evidence was complete
     * @param beforeValue what the metric was before
     * @param beforeN of how many values
     * @param afterValue what it was since
     * @param afterN of how many values
     * @param withdrawnAt when it was withdrawn; null while it stands
     * @param sentence the same in words
     */
    record ShiftLine(
            String service,
            String environment,
            Metric metric,
            Direction direction,
            Instant began,
            Instant detected,
            double beforeValue,
            int beforeN,
            double afterValue,
            int afterN,
            @Nullable Instant withdrawnAt,
            String sentence) {}

    /**
     * A service.
     *
     * @param service its name
     * @param environments where it is deployed, of those that the report is about
     * @param metrics what each metric amounts to
     */
    record ServiceLine(String service, List<String> environments, List<MetricValue> metrics) {}

    /**
     * A metric of a service.
     *
     * @param metric which
     * @param value what it amounts to in the days
     */
    record MetricValue(Metric metric, Value value) {}

    /**
     * Configuration drift of a service in an environment.
     *
     * @param environment the environment
     * @param driftedShare the share of the observed time; null where nothing was observed
     * @param observedMs the observed time, summed over resources
     * @param checks checks
     * @param episodes episodes that opened
     */
    record DriftLine(String environment, @Nullable Double driftedShare, long observedMs, int checks, int episodes) {}

    /**
     * Facts that are in no metric.
     *
     * @param what deployment, change, pull request or incident
     * @param reason why, e.g. {@code REDEPLOY}
     * @param explanation the same in words
     * @param n how many
     */
    record ExcludedLine(String what, String reason, String explanation, long n) {}
}
