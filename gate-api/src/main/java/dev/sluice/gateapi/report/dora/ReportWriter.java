package dev.sluice.gateapi.report.dora;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.ShiftFact;
import dev.sluice.gateapi.report.dora.DeliveryReport.DriftLine;
import dev.sluice.gateapi.report.dora.DeliveryReport.MetricReport;
import dev.sluice.gateapi.report.dora.DeliveryReport.MetricValue;
import dev.sluice.gateapi.report.dora.DeliveryReport.ServiceLine;
import dev.sluice.gateapi.report.dora.DeliveryReport.ShiftLine;
import dev.sluice.gateapi.report.dora.DeliveryReport.TrendPoint;
import dev.sluice.store.DoraScope;
import dev.sluice.store.RangeMetric;
import dev.sluice.store.ReportReader.Member;
import dev.sluice.store.StoredWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the report of what is known: a pure function of the query and the facts. */
final class ReportWriter {
    private final ReportQuery query;
    private final ReportFacts facts;
    private final Levels levels;
    private final Days before;

    private ReportWriter(ReportQuery query, ReportFacts facts, Levels levels) {
        this.query = query;
        this.facts = facts;
        this.levels = levels;
        this.before = query.days().before();
    }

    /** Makes the report. */
    static DeliveryReport write(ReportQuery query, ReportFacts facts, Levels levels) {
        return new ReportWriter(query, facts, levels).report();
    }

    private DeliveryReport report() {
        DoraScope scope = query.scope();
        Instant stored = facts.storedThrough().orElse(null);
        List<MetricReport> metrics = scope.kind() == DoraScope.Kind.ALL ? List.of() : metrics();
        List<ShiftLine> shifts = shifts();
        List<ServiceLine> services = services();
        return new DeliveryReport(
                new DeliveryReport.Scope(scope.kind().wireName(), scope.name()),
                scope.environment(),
                query.days(),
                before,
                query.now(),
                stored,
                stored == null
                        ? null
                        : Math.max(0, Duration.between(stored, query.now()).toMillis()),
                summary(metrics, services, shifts),
                query.bucket().wireName(),
                metrics,
                shifts,
                services,
                drift(),
                driftReason(),
                facts.excluded().stream().map(Exclusions::explained).toList());
    }

    private List<MetricReport> metrics() {
        var sentences = new Sentences(query.scope(), before);
        Map<Metric, RangeMetric> now = byMetric(facts.now());
        Map<Metric, RangeMetric> earlier = byMetric(facts.before());
        return Stream.of(Metric.values())
                .map(metric -> {
                    Value value = value(
                            metric,
                            now.get(metric),
                            query.days().length(),
                            isKnown(query.days().end()));
                    Value was = value(metric, earlier.get(metric), before.length(), isKnown(before.end()));
                    List<ShiftFact> shifts = facts.shifts().stream()
                            .filter(shift -> shift.metric().equals(metric.wireName()))
                            .toList();
                    return new MetricReport(
                            metric,
                            metric.unit(),
                            metric.definition(),
                            value,
                            was,
                            Sentences.change(metric, value, was),
                            sentences.of(metric, value, was, shifts),
                            levels.of(metric, value).orElse(null),
                            trend(metric));
                })
                .toList();
    }

    /** Tells whether anything of the scope was there before a day: where not, nothing is 0. */
    private boolean isKnown(LocalDate end) {
        return facts.began().values().stream().anyMatch(began -> began.isBefore(end));
    }

    /** The same of one service. */
    private boolean isKnown(String service, LocalDate end) {
        LocalDate began = facts.began().get(service);
        return began != null && began.isBefore(end);
    }

    private static Value value(Metric metric, @Nullable RangeMetric found, int days, boolean known) {
        if (found != null) {
            return Value.of(found);
        }
        return known ? Value.ofNothing(metric, days) : Value.none(metric);
    }

    private List<TrendPoint> trend(Metric metric) {
        PeriodKind bucket = query.bucket();
        Map<LocalDate, RangeMetric> byStart = new HashMap<>();
        facts.trend().stream()
                .filter(point -> point.metric().equals(metric.wireName()))
                .forEach(point -> byStart.put(point.start(), point));
        LocalDate today = LocalDate.ofInstant(query.now(), ZoneOffset.UTC);
        var points = new ArrayList<TrendPoint>();
        LocalDate start = query.trend().from();
        while (!start.isAfter(query.trend().to())) {
            LocalDate end = bucket.endOf(start);
            int days = new Days(start, end.minusDays(1)).length();
            points.add(new TrendPoint(
                    start,
                    end.minusDays(1),
                    end.isAfter(today),
                    value(metric, byStart.get(start), days, isKnown(end))));
            start = end;
        }
        return points;
    }

    private List<ShiftLine> shifts() {
        return facts.shifts().stream()
                .flatMap(shift -> Metric.named(shift.metric()).stream().map(metric -> line(metric, shift)))
                .toList();
    }

    private static ShiftLine line(Metric metric, ShiftFact shift) {
        return new ShiftLine(
                shift.service(),
                shift.environment(),
                metric,
                shift.direction(),
                shift.began(),
                shift.detected(),
                shift.beforeValue(),
                shift.beforeN(),
                shift.afterValue(),
                shift.afterN(),
                shift.withdrawnAt(),
                Sentences.of(shift));
    }

    /** The services by their names; one with rolling windows of several environments once for each. */
    private List<ServiceLine> services() {
        if (query.scope().kind() == DoraScope.Kind.SERVICE) {
            return List.of();
        }
        if (query.scope().kind() == DoraScope.Kind.ALL && query.window().isPresent()) {
            return facts.windows().stream()
                    .map(window -> new ServiceLine(
                            window.service(),
                            List.of(window.environment()),
                            values(metric -> Value.of(metric, window.metrics()))))
                    .toList();
        }
        SortedMap<String, List<String>> environments = new TreeMap<>();
        for (Member member : facts.members()) {
            environments
                    .computeIfAbsent(member.service(), name -> new ArrayList<>())
                    .add(member.environment());
        }
        Map<String, List<RangeMetric>> byService = new HashMap<>();
        facts.services()
                .forEach(metric -> byService
                        .computeIfAbsent(metric.part(), name -> new ArrayList<>())
                        .add(metric));
        var lines = new ArrayList<ServiceLine>();
        environments.forEach((service, where) -> {
            Map<Metric, RangeMetric> found = byMetric(byService.getOrDefault(service, List.of()));
            lines.add(new ServiceLine(
                    service,
                    where,
                    values(metric -> value(
                            metric,
                            found.get(metric),
                            query.days().length(),
                            isKnown(service, query.days().end())))));
        });
        return lines;
    }

    private static List<MetricValue> values(Function<Metric, Value> value) {
        return Stream.of(Metric.values())
                .map(metric -> new MetricValue(metric, value.apply(metric)))
                .toList();
    }

    private List<DriftLine> drift() {
        if (query.scope().kind() != DoraScope.Kind.SERVICE) {
            return List.of();
        }
        return facts.windows().stream()
                .map(window -> {
                    DeliveryMetrics.ConfigurationDrift drift = window.metrics().configurationDrift();
                    return new DriftLine(
                            window.environment(),
                            drift.driftedShare(),
                            drift.observedMs(),
                            drift.checks(),
                            drift.episodes());
                })
                .toList();
    }

    private @Nullable String driftReason() {
        if (query.scope().kind() != DoraScope.Kind.SERVICE) {
            return "Configuration drift is told of one service: ask for it.";
        }
        if (query.window().isEmpty()) {
            return "Configuration drift is told of the last 7, 30 or 90 days: ask for these.";
        }
        return facts.windows().stream()
                        .map(StoredWindow::metrics)
                        .allMatch(metrics -> metrics.configurationDrift().checks() == 0)
                ? "No checks for configuration drift are known."
                : null;
    }

    private List<String> summary(List<MetricReport> metrics, List<ServiceLine> services, List<ShiftLine> shifts) {
        if (query.scope().kind() != DoraScope.Kind.ALL) {
            return metrics.stream()
                    .filter(metric -> metric.metric().isOfDora())
                    .map(MetricReport::sentence)
                    .toList();
        }
        var sentences = new ArrayList<String>();
        long deployed = services.stream()
                .filter(service -> service.metrics().stream()
                        .anyMatch(metric -> metric.metric() == Metric.DEPLOYMENT_FREQUENCY
                                && metric.value().n() > 0))
                .map(ServiceLine::service)
                .distinct()
                .count();
        long known = facts.members().stream().map(Member::service).distinct().count();
        sentences.add(deployed + " of " + known + " services were deployed in these "
                + query.days().length() + " days.");
        long standing =
                shifts.stream().filter(shift -> shift.withdrawnAt() == null).count();
        sentences.add(
                standing == 0
                        ? "No real change of a metric was found."
                        : standing == 1
                                ? "One real change of a metric was found; it stands below."
                                : standing + " real changes of metrics were found; they stand below.");
        sentences.add("Metrics of different services are not added up here: ask for a service, a team or a group.");
        return sentences;
    }

    private static Map<Metric, RangeMetric> byMetric(List<RangeMetric> metrics) {
        Map<Metric, RangeMetric> found = new HashMap<>();
        metrics.forEach(metric -> Metric.named(metric.metric()).ifPresent(name -> found.put(name, metric)));
        return found;
    }
}
