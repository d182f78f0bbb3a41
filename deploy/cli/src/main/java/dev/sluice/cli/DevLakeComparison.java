package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.DevLakeHistory.Sent;
import dev.sluice.cli.DevLakeMetrics.Caused;
import dev.sluice.cli.DevLakeMetrics.Production;
import dev.sluice.cli.DevLakeMetrics.PullTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * DevLake's numbers of one service and month beside Sluice's, with what makes them differ. DevLake's are those of its
 * dashboard with the month as its time range and the service's scopes as the project's deployments, except that it looks
 * for the deployment of an incident in the whole project. Months are UTC.
 */
final class DevLakeComparison {
    private static final double MILLIS_PER_MINUTE = 60_000;
    private static final String DEPLOYMENT = "deployment";
    private static final String PULL_REQUEST = "pull request";
    private static final String INCIDENT = IncidentDifferences.NOUN;

    private final ServiceMonth range;
    private final DevLakeMetrics devlake;
    private final DevLakeSeries series;
    private final JsonNode metrics;
    private final List<Production> productions;
    private final IncidentDifferences links;

    /**
     * Compares.
     *
     * @param metrics the object {@code metrics} of the month in the API's answer
     */
    DevLakeComparison(ServiceMonth range, DevLakeMetrics devlake, DevLakeSeries series, JsonNode metrics) {
        this.range = range;
        this.devlake = devlake;
        this.series = series;
        this.metrics = metrics;
        this.links = new IncidentDifferences(range, devlake, series);
        this.productions = devlake.deployments().stream()
                .filter(production -> range.isOwn(production.scope()) && range.isIn(production.finished()))
                .toList();
    }

    /** Returns the four metrics that both have. */
    List<Line> lines() {
        return List.of(frequency(), leadTime(), failRate(), recovery());
    }

    private Line frequency() {
        JsonNode own = metrics.path("deployment_frequency");
        int here = own.path("count").asInt();
        int redeploys = own.path("redeploy").asInt();
        int rollbacks = own.path("rollback").asInt();
        Set<String> counted = productions.stream().map(Production::id).collect(Collectors.toUnmodifiableSet());
        long added = series.deployments().stream()
                .filter(sent -> range.isIn(sent.finished()) && !counted.contains(sent.id()))
                .count();
        var reasons = new DevLakeReasons();
        reasons.add("REDEPLOY", redeploys, DEPLOYMENT, "repeated what ran, not counted here");
        reasons.add(
                "ROLLBACK",
                rollbacks,
                DEPLOYMENT,
                "went back to what had run, not counted here but in the rework rate");
        reasons.add("WITHOUT_COMMIT", added, DEPLOYMENT, "without a deployment commit, not counted by DevLake");
        long unexplained = here + redeploys + rollbacks - (productions.size() + added);
        reasons.add(
                "UNEXPLAINED",
                Math.abs(unexplained),
                DEPLOYMENT,
                unexplained > 0
                        ? "more here than in the export: something else tells of this service too"
                        : "fewer here than in the export: corrected, moved or deleted since");
        return new Line(
                ComparedMetric.DEPLOYMENTS,
                (double) productions.size(),
                productions.size(),
                (double) here,
                here,
                reasons.list());
    }

    private Line leadTime() {
        JsonNode own = metrics.path("pull_request_lead_time");
        int here = own.path("n").asInt();
        List<PullTime> there = devlake.pullTimes().stream()
                .filter(pull -> range.isOwn(pull.row().scope()))
                .filter(pull -> range.isIn(DevLakeMetrics.finish(pull.row())))
                .toList();
        Set<String> theirs = there.stream().map(pull -> pull.pull().id()).collect(Collectors.toUnmodifiableSet());
        var reasons = new DevLakeReasons();
        addEndReasons(reasons, there);
        List<DevLakeSeries.Deployed> expected = series.pulls().stream()
                .filter(pull -> pull.leftOut() == null && range.isIn(DevLakeMetrics.finish(pull.row())))
                .toList();
        reasons.add(
                "COUNTED_ELSEWHERE",
                expected.stream()
                        .filter(pull -> !theirs.contains(pull.pull().id()))
                        .count(),
                PULL_REQUEST,
                "counted here, but with DevLake for another service or month");
        addPartReasons(reasons, there);
        List<Long> minutes = there.stream().map(PullTime::minutes).toList();
        reasons.lowerMedian(minutes, MILLIS_PER_MINUTE);
        reasons.add(
                "UNEXPLAINED",
                Math.abs(here - expected.size()),
                PULL_REQUEST,
                "not explained, %d here and %d by the export".formatted(here, expected.size()));
        OptionalDouble median = DevLakeSeries.median(expected);
        Double told = number(own.path("median_ms"));
        if (here == expected.size()
                && median.isPresent()
                && (told == null || Math.abs(told - median.getAsDouble()) > 1)) {
            reasons.add(
                    "UNEXPLAINED",
                    1,
                    "value",
                    "not explained, the median by the export is "
                            + ComparedMetric.LEAD_TIME.shown(median.getAsDouble()));
        }
        return new Line(ComparedMetric.LEAD_TIME, millis(minutes), there.size(), told, here, reasons.list());
    }

    /** Adds why pull requests end elsewhere here than with DevLake, or nowhere. */
    private void addEndReasons(DevLakeReasons reasons, List<PullTime> there) {
        Map<String, DevLakeSeries.Deployed> ours = series.pulls().stream()
                .collect(Collectors.toMap(pull -> pull.pull().id(), pull -> pull, (one, other) -> one));
        var leftOut = new EnumMap<DevLakeSeries.LeftOut, Integer>(DevLakeSeries.LeftOut.class);
        int moved = 0;
        for (PullTime pull : there) {
            DevLakeSeries.Deployed deployed =
                    Objects.requireNonNull(ours.get(pull.pull().id()));
            if (deployed.leftOut() != null) {
                leftOut.merge(deployed.leftOut(), 1, Integer::sum);
            } else if (!deployed.row().id().equals(pull.row().id())) {
                moved++;
            }
        }
        reasons.add(
                "BASELINE",
                leftOut.getOrDefault(DevLakeSeries.LeftOut.BASELINE, 0),
                PULL_REQUEST,
                "of the first deployment of the repository, which is a baseline here");
        reasons.add(
                "UNKNOWN_COMMIT",
                leftOut.getOrDefault(DevLakeSeries.LeftOut.UNKNOWN_COMMIT, 0),
                PULL_REQUEST,
                "deployed by a commit that the export has no author time of, left out here");
        reasons.add(
                "CLOCK_SKEW",
                leftOut.getOrDefault(DevLakeSeries.LeftOut.CLOCK_SKEW, 0),
                PULL_REQUEST,
                "with a first commit younger than the deployment, left out here");
        reasons.add(
                "OTHER_DEPLOYMENT",
                moved,
                PULL_REQUEST,
                "until the deployment that finished first here, with DevLake that started first");
    }

    /** Adds what DevLake makes of the parts of a lead time. */
    private static void addPartReasons(DevLakeReasons reasons, List<PullTime> there) {
        reasons.add(
                "WITHOUT_COMMITS",
                there.stream().filter(pull -> pull.firstCommit() == null).count(),
                PULL_REQUEST,
                "without commits: no coding time with DevLake, here from the commit on that it was merged as");
        reasons.add(
                "NEGATIVE",
                there.stream().filter(PullTime::negative).count(),
                PULL_REQUEST,
                "with a part below zero, which DevLake leaves out of its sum");
        reasons.add(
                "ROUNDED",
                there.stream().filter(PullTime::isRounded).count(),
                PULL_REQUEST,
                "longer with DevLake, which rounds each part up to whole minutes");
    }

    private Line failRate() {
        JsonNode own = metrics.path("change_fail_rate");
        int here = own.path("n").asInt();
        int failed = own.path("failed").asInt();
        int byTime = own.path("linked_by_time").asInt();
        Set<String> ids = productions.stream().map(Production::id).collect(Collectors.toUnmodifiableSet());
        long failedThere = devlake.caused().stream()
                .map(caused -> caused.deployment().id())
                .filter(ids::contains)
                .distinct()
                .count();
        var reasons = new DevLakeReasons();
        links.addTo(reasons, incident -> true);
        long expected = series.links().stream()
                .map(DevLakeSeries.Link::deployment)
                .filter(sent -> sent != null && range.isIn(sent.finished()))
                .distinct()
                .count();
        long otherRules = Math.max(0, Math.min(failed - expected, failed - byTime));
        reasons.add(
                "OTHER_RULE",
                otherRules,
                DEPLOYMENT,
                "failed here by another rule than the time of an incident: rolled back, reverted, said so");
        reasons.add(
                "DENOMINATOR",
                Math.abs(here - productions.size()),
                DEPLOYMENT,
                here < productions.size() ? "fewer in the denominator here" : "more in the denominator here");
        reasons.add(
                "UNEXPLAINED",
                Math.abs(failed - expected - otherRules),
                DEPLOYMENT,
                "not explained, %d failed here and %d by the export".formatted(failed, expected));
        return new Line(
                ComparedMetric.FAIL_RATE,
                productions.isEmpty() ? null : Double.valueOf((double) failedThere / productions.size()),
                productions.size(),
                number(own.path("value")),
                here,
                reasons.list());
    }

    private Line recovery() {
        JsonNode own = metrics.path("failed_deployment_recovery_time");
        int here = own.path("n").asInt();
        var minutes = new ArrayList<Long>();
        var recovered = new HashSet<String>();
        int otherMonth = 0;
        for (Caused caused : devlake.caused()) {
            Instant resolved = caused.incident().resolved();
            if (resolved == null
                    || !range.isIn(resolved)
                    || !range.isOwn(caused.deployment().scope())) {
                continue;
            }
            if (!range.isIn(caused.deployment().finished())) {
                otherMonth++;
                continue;
            }
            // as TIMESTAMPDIFF(MINUTE, ...)
            minutes.add(
                    Duration.between(caused.deployment().finished(), resolved).toMinutes());
            recovered.add(caused.deployment().id());
        }
        var reasons = new DevLakeReasons();
        links.addTo(reasons, incident -> incident.resolved() != null && range.isIn(incident.resolved()));
        reasons.add(
                "OTHER_MONTH",
                otherMonth,
                INCIDENT,
                "resolved in this month after a deployment in another: with DevLake in no month, here in this");
        reasons.add(
                "SEVERAL_INCIDENTS",
                minutes.size() - recovered.size(),
                INCIDENT,
                "of a deployment that has another: one value an incident with DevLake, one a deployment here");
        if (here > 0) {
            reasons.add(
                    "START",
                    minutes.size(),
                    INCIDENT,
                    "from the end of the deployment on with DevLake, from its own beginning here; from"
                            + " that end on the median here is "
                            + ComparedMetric.RECOVERY.shown(number(own.path("lifetime_median_ms"))));
        }
        reasons.lowerMedian(minutes, MILLIS_PER_MINUTE);
        long expected = recovered();
        reasons.add(
                here > expected ? "OTHER_RULE" : "UNEXPLAINED",
                Math.abs(here - expected),
                DEPLOYMENT,
                here > expected
                        ? "recovered from here without an incident of the export: rolled back, reverted, told by others"
                        : "not explained, %d here and %d by the export".formatted(here, expected));
        return new Line(
                ComparedMetric.RECOVERY,
                millis(minutes),
                minutes.size(),
                number(own.path("median_ms")),
                here,
                reasons.list());
    }

    /** Returns of how many deployments the last incident was resolved in the month. */
    private long recovered() {
        var ends = new HashMap<String, Instant>();
        for (DevLakeSeries.Link link : series.links()) {
            Sent sent = link.deployment();
            if (sent != null) {
                Instant resolved = link.incident().resolved();
                ends.merge(sent.id(), resolved == null ? Instant.MAX : resolved, (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        return ends.values().stream()
                .filter(end -> !end.equals(Instant.MAX) && range.isIn(end))
                .count();
    }

    private static @Nullable Double millis(List<Long> minutes) {
        OptionalLong median = DevLakeMetrics.lowerMedian(minutes);
        return median.isEmpty() ? null : Double.valueOf(median.getAsLong() * MILLIS_PER_MINUTE);
    }

    private static @Nullable Double number(JsonNode value) {
        return value.isNumber() ? Double.valueOf(value.doubleValue()) : null;
    }

    /**
     * One metric.
     *
     * @param devlake DevLake's value: a count, a share, or milliseconds; null where it has none
     * @param devlakeN of how many
     * @param sluice Sluice's value
     * @param sluiceN of how many
     * @param reasons what differs; none if nothing was found
     */
    record Line(
            ComparedMetric metric,
            @Nullable Double devlake,
            int devlakeN,
            @Nullable Double sluice,
            int sluiceN,
            List<DevLakeReasons.Reason> reasons) {}
}
