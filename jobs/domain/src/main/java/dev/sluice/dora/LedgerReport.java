package dev.sluice.dora;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.Incident;
import dev.sluice.delivery.Parentage;
import dev.sluice.delivery.Table;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a series amounts to, as its readers get it: facts and rows. One report is one emission, which reads each day once,
 * since its ranges hold the same days.
 */
final class LedgerReport {
    private static final int[] WINDOW_DAYS = {7, 30, 90};

    private final ServiceEnvironment series;
    private final LedgerTables tables;
    private final AttemptTimeline timeline;
    private final DayIndex index;
    private final CommitRanges ranges;
    private final PullRequestLedger pullRequests;
    private final FailureLedger failures;
    private final DriftLedger drift;
    private final Function<String, @Nullable DeploymentAttempt> attempts;
    private final Map<Long, DayCell> read = new HashMap<>();
    private final Map<Long, DriftCell> readDrift = new HashMap<>();

    LedgerReport(
            ServiceEnvironment series,
            LedgerTables tables,
            AttemptTimeline timeline,
            DayIndex index,
            CommitRanges ranges,
            PullRequestLedger pullRequests,
            FailureLedger failures,
            DriftLedger drift,
            Function<String, @Nullable DeploymentAttempt> attempts) {
        this.series = series;
        this.tables = tables;
        this.timeline = timeline;
        this.index = index;
        this.ranges = ranges;
        this.pullRequests = pullRequests;
        this.failures = failures;
        this.drift = drift;
        this.attempts = attempts;
    }

    DeploymentFact deployment(String id, Instant now) {
        DeploymentAttempt attempt = attempts.apply(id);
        if (attempt == null) {
            return absent(id, now);
        }
        DeploymentAttempt current = attempt.at(now);
        AttemptRow row = timeline.get(id);
        DeploymentKind kind = row == null ? null : row.kind();
        AttemptRow success = row == null || !row.isSuccess() ? null : row;
        boolean counted = kind != null && kind.isChange();
        Failure judged = row == null ? null : row.failure();
        Failure failure = judged != null && judged.within(series.linkWindow()) ? judged : null;
        List<CommitOwnership> changes = ranges.of(id);
        var flags = new ArrayList<String>();
        if (changes.stream().anyMatch(change -> change.parentage() == Parentage.UNKNOWN)) {
            flags.add("RANGE_INCOMPLETE");
        }
        if (changes.stream().anyMatch(change -> change.parentage() == Parentage.INFERRED)) {
            flags.add("RANGE_INFERRED");
        }
        return new DeploymentFact(
                series.tenant(),
                series.service(),
                series.environment(),
                id,
                current.result().name(),
                kind,
                counted,
                current.deleted()
                        ? "DELETED"
                        : counted ? null : (kind == null ? current.result().name() : kind.name()),
                row != null && row.seed(),
                current.queuedAt(),
                current.startedAt(),
                current.finishedAt(),
                series.dayOf(current.finishedAt()),
                current.version(),
                current.repository(),
                current.sha(),
                current.digest(),
                current.groupId(),
                current.remediates(),
                current.remediates() == null
                        ? null
                        : tables.remediations().get(DeliveryLedger.referenceKey(id, current.remediates())),
                current.planned(),
                row != null && isReworkRateCounted(row),
                row != null && row.rework(),
                row != null && row.failRateCounted(),
                failure != null,
                failure == null ? List.of() : rulesOf(failure),
                row == null || failure == null ? List.of() : failures.incidentsOf(row),
                judged == null ? null : judged.distanceMs(),
                current.impact(),
                failure == null ? null : failure.startedAt(),
                failure == null ? null : failure.restoredAt(),
                failure == null ? null : series.dayOf(failure.restoredAt()),
                failure == null ? null : notNegative(failure.recoveryMs()),
                row == null || failure == null ? null : notNegative(failure.lifetimeMs(row.finishedAt())),
                success == null ? null : success.deployTimeMs(),
                success == null ? null : success.queueTimeMs(),
                success == null ? null : success.timeToSuccessMs(),
                changes.size(),
                flags,
                current.deleted(),
                now);
    }

    private static boolean isReworkRateCounted(AttemptRow row) {
        return row.kind() != null && row.isCurrentAfterwards();
    }

    private List<String> rulesOf(Failure failure) {
        var rules = new ArrayList<String>();
        failure.rules().forEach(rule -> rules.add(rule.name()));
        if (failure.distanceMs() != null
                && failure.distanceMs() <= series.linkWindow().toMillis()) {
            rules.add(Failure.Rule.TIME.name());
        }
        return rules;
    }

    private static @Nullable Long notNegative(@Nullable Long millis) {
        return millis == null || millis < 0 ? null : millis;
    }

    IncidentFact incident(String id, Instant now) {
        Incident incident = tables.failures().incidents().get(id);
        if (incident == null) {
            return new IncidentFact(
                    series.tenant(),
                    series.service(),
                    series.environment(),
                    id,
                    null,
                    null,
                    null,
                    0,
                    null,
                    null,
                    false,
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    true,
                    now);
        }
        IncidentJudgement judged =
                Objects.requireNonNull(tables.failures().judgements().get(id));
        Instant resolvedAt = incident.resolvedAt();
        return new IncidentFact(
                series.tenant(),
                series.service(),
                series.environment(),
                id,
                incident.startedAt(),
                series.dayOf(incident.startedAt()),
                resolvedAt,
                incident.closedGapMs(),
                incident.severity(),
                incident.title(),
                incident.changeCaused(),
                judged.rule() == null ? null : judged.rule().name(),
                judged.deploymentIds(),
                judged.distanceMs(),
                judged.reason() == null ? null : judged.reason().name(),
                resolvedAt == null
                        ? null
                        : notNegative(Duration.between(incident.startedAt(), resolvedAt)
                                .toMillis()),
                false,
                now);
    }

    /** A deployment that only the commit graph has named so far; its observation is on the way. */
    private DeploymentFact absent(String id, Instant now) {
        return new DeploymentFact(
                series.tenant(),
                series.service(),
                series.environment(),
                id,
                AttemptResult.IN_PROGRESS.name(),
                null,
                false,
                AttemptResult.IN_PROGRESS.name(),
                false,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                false,
                false,
                false,
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                0,
                List.of(),
                true,
                now);
    }

    ChangeFact change(String key, Instant now) {
        int space = key.lastIndexOf(' ');
        String repository = key.substring(0, space);
        String sha = key.substring(space + 1);
        CommitOwnership change = ranges.get(key);
        AttemptRow row = change == null || change.deploymentId() == null ? null : timeline.get(change.deploymentId());
        if (change == null || row == null) {
            return new ChangeFact(
                    series.tenant(),
                    series.service(),
                    series.environment(),
                    repository,
                    sha,
                    null,
                    null,
                    null,
                    null,
                    null,
                    false,
                    null,
                    true,
                    now);
        }
        ChangeJudgement judgement = ChangeJudgement.of(change, row);
        boolean counted = judgement == ChangeJudgement.COUNTED;
        return new ChangeFact(
                series.tenant(),
                series.service(),
                series.environment(),
                repository,
                sha,
                row.id(),
                change.authoredAt(),
                row.finishedAt(),
                series.dayOf(row.finishedAt()),
                counted ? ChangeJudgement.leadTimeMs(change, row) : null,
                counted,
                counted ? null : judgement.name(),
                false,
                now);
    }

    PeriodRow period(Unpublished.Period period, LocalDate today, Instant now) {
        PeriodKind kind = period.kind();
        LocalDate start = period.start();
        LocalDate end = kind.endOf(start);
        return new PeriodRow(
                series.tenant(),
                series.service(),
                series.environment(),
                series.zone().getId(),
                kind,
                kind.label(start),
                start,
                end,
                end.isAfter(today),
                metrics(start, end),
                !hasRows(start, end),
                now);
    }

    DoraRow windows(LocalDate today, boolean isEmpty, Instant now) {
        var windows = new ArrayList<DoraRow.WindowMetrics>();
        for (int days : WINDOW_DAYS) {
            LocalDate from = today.minusDays(days - 1L);
            windows.add(new DoraRow.WindowMetrics(days, from, today, metrics(from, today.plusDays(1))));
        }
        return new DoraRow(
                series.tenant(),
                series.service(),
                series.environment(),
                series.zone().getId(),
                today,
                windows,
                isEmpty,
                now);
    }

    CurrentRow current(Instant now) {
        AttemptRow running = timeline.lastSuccess();
        while (running != null && isInactive(running)) {
            running = timeline.previousSuccess(running);
        }
        AttemptRow other = running == null ? null : timeline.previousSuccess(running);
        while (other != null && running != null && (running.repeats(other) || other.repeats(running))) {
            other = timeline.previousSuccess(other);
        }
        DeploymentAttempt attempt = running == null ? null : attempts.apply(running.id());
        DriftLedger.Latest checked = drift.latest();
        List<Long> openFailures = values(tables.failures().openFailures());
        List<Incident> openIncidents = openIncidents();
        DeploymentAttempt previous = other == null ? null : attempts.apply(other.id());
        return new CurrentRow(
                series.tenant(),
                series.service(),
                series.environment(),
                attempt == null ? null : attempt.id(),
                attempt == null ? null : attempt.version(),
                attempt == null ? null : attempt.sha(),
                attempt == null ? null : attempt.digest(),
                attempt == null ? null : attempt.finishedAt(),
                previous == null ? null : previous.version(),
                previous == null ? null : previous.id(),
                openFailures.size(),
                openFailures.stream()
                        .min(Comparator.naturalOrder())
                        .map(Instant::ofEpochMilli)
                        .orElse(null),
                openIncidents.size(),
                IncidentSeverities.count(openIncidents.stream().map(Incident::severity)),
                checked == null ? null : checked.drifted(),
                checked == null ? null : checked.checkedAt(),
                attempt == null && index.isEmpty() && checked == null,
                now);
    }

    private boolean isInactive(AttemptRow row) {
        DeploymentAttempt attempt = attempts.apply(row.id());
        return attempt != null && attempt.inactive();
    }

    private List<Incident> openIncidents() {
        var open = new ArrayList<Incident>();
        tables.failures()
                .openIncidents()
                .keys()
                .forEach(id -> open.add(
                        Objects.requireNonNull(tables.failures().incidents().get(id))));
        return open;
    }

    private static List<Long> values(Table<String, Long> table) {
        var values = new ArrayList<Long>();
        table.keys().forEach(key -> values.add(Objects.requireNonNull(table.get(key))));
        return values;
    }

    /** Returns whether something happened in a range of local days. */
    boolean hasRows(LocalDate from, LocalDate to) {
        MetricsOfRange range = range(from, to);
        return index.days(startOf(from), startOf(to))
                        .anyMatch(day -> contentsOf(day, range).findAny().isPresent())
                || drift.tells(startOf(from), startOf(to));
    }

    /** The moments on a day at which something happened in a range. */
    private Stream<Instant> contentsOf(long day, MetricsOfRange range) {
        FailureTables of = tables.failures();
        Stream<Instant> ended = timeline.on(day).stream().map(AttemptRow::finishedAt);
        Stream<Instant> started = incidents(of.startedOn(), day).map(Incident::startedAt);
        Stream<Instant> resolved =
                incidents(of.resolvedOn(), day).map(incident -> Objects.requireNonNull(incident.resolvedAt()));
        Stream<Instant> restored = restored(day).map(LedgerReport::restoredAt);
        return Stream.of(ended, started, resolved, restored)
                .flatMap(each -> each)
                .filter(range::holds);
    }

    private Stream<Incident> incidents(Table<Long, List<String>> of, long day) {
        return Lists.of(of, day).stream()
                .map(id -> Objects.requireNonNull(tables.failures().incidents().get(id)));
    }

    private Stream<AttemptRow> restored(long day) {
        return Lists.of(tables.failures().restoredOn(), day).stream()
                .map(id -> Objects.requireNonNull(timeline.get(id)));
    }

    private static Instant restoredAt(AttemptRow row) {
        return Objects.requireNonNull(Objects.requireNonNull(row.failure()).restoredAt());
    }

    private MetricsOfRange range(LocalDate from, LocalDate to) {
        return new MetricsOfRange(startOf(from), startOf(to), series);
    }

    private DeliveryMetrics metrics(LocalDate from, LocalDate to) {
        Instant start = startOf(from);
        Instant end = startOf(to);
        MetricsOfRange range = range(from, to);
        index.days(start, end)
                .forEach(day -> range.add(
                        isWhole(day, start, end) ? read.computeIfAbsent(day, this::cell) : cell(day, range::holds)));
        drift.days(start, end)
                .forEach(day -> range.add(
                        isWhole(day, start, end)
                                ? readDrift.computeIfAbsent(day, drift::cell)
                                : drift.part(day, start, end)));
        return range.metrics();
    }

    private static boolean isWhole(long day, Instant start, Instant end) {
        return !DayIndex.startOf(day).isBefore(start)
                && !DayIndex.startOf(day + 1).isAfter(end);
    }

    /** Returns what a day adds: as it was when last asked, unless something in it has changed since. */
    private DayCell cell(long day) {
        DayCell known = tables.cells().get(day);
        if (known != null && known.zone().equals(series.zone().getId())) {
            return known;
        }
        DayCell cell = cell(day, moment -> true);
        tables.cells().put(day, cell);
        return cell;
    }

    /** Returns what the moments of a day add that a range holds: one of another zone begins and ends within a UTC day. */
    private DayCell cell(long day, Predicate<Instant> held) {
        FailureTables of = tables.failures();
        List<AttemptRow> ended = timeline.on(day).stream()
                .filter(row -> held.test(row.finishedAt()))
                .toList();
        var contents = new FailureCell.Contents(
                ended,
                restored(day).filter(row -> held.test(restoredAt(row))).toList(),
                incidents(of.startedOn(), day)
                        .filter(incident -> held.test(incident.startedAt()))
                        .map(incident -> Objects.requireNonNull(of.judgements().get(incident.id())))
                        .toList(),
                incidents(of.resolvedOn(), day)
                        .filter(incident -> held.test(Objects.requireNonNull(incident.resolvedAt())))
                        .toList());
        return DayCell.of(
                series.zone(), ended, ranges::of, pullRequests::judge, FailureCell.of(contents, series.linkWindow()));
    }

    private Instant startOf(LocalDate day) {
        return day.atStartOfDay(series.zone()).toInstant();
    }
}
