package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.shift.MetricValue;
import dev.sluice.shift.MetricValues;
import dev.sluice.shift.ShiftMetric;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The values of one series in which shifts are looked for, read from what the ledger keeps. They count what the metrics
 * count, with the same event time: an attempt by its end, a recovery by its own.
 *
 * <ul>
 *   <li>Change fail rate waits: a deployment becomes a value when the link window has passed since the end of its day
 *       (UTC), at the next local midnight. Until then the time of an incident may still make it a failed one; and to take
 *       the failed ones at once, the others later, would make every fresh run of values one of failures.
 *   <li>Deployment frequency has the ISO weeks that have ended, the first that begins after the first deployment, so that
 *       each is a whole one; weeks without a deployment are 0.
 *   <li>All others are values as soon as they are known.
 * </ul>
 *
 * <p>One object is one emission, which reads each day once.
 */
final class ShiftValues {
    private final ServiceEnvironment series;
    private final AttemptTimeline timeline;
    private final DayIndex index;
    private final CommitRanges ranges;
    private final FailureTables failures;
    private final LocalDate today;
    private final long[] days;
    private final Map<Long, List<AttemptRow>> read = new HashMap<>();

    /**
     * Creates the values as they are on a day.
     *
     * @param today the local day, which has not ended
     */
    ShiftValues(
            ServiceEnvironment series,
            AttemptTimeline timeline,
            DayIndex index,
            CommitRanges ranges,
            FailureTables failures,
            LocalDate today) {
        this.series = series;
        this.timeline = timeline;
        this.index = index;
        this.ranges = ranges;
        this.failures = failures;
        this.today = today;
        this.days = index.days();
    }

    /**
     * Returns the first day (UTC, since the epoch) on which values of a metric have come, gone or changed; null for none.
     *
     * @param metric whose values
     * @param firstChange the first day with a moment at which something changed since the last update; null for none
     * @param lastDay the local day of the last update (since the epoch); null before the first
     */
    @Nullable
    Long firstChange(ShiftMetric metric, @Nullable Long firstChange, @Nullable Long lastDay) {
        return switch (metric) {
            case DEPLOYMENT_FREQUENCY -> {
                LocalDate changed = firstChange == null ? today : localDay(DayIndex.startOf(firstChange));
                LocalDate last = lastDay == null ? today : LocalDate.ofEpochDay(lastDay);
                LocalDate week = PeriodKind.WEEK.startOf(changed.isBefore(last) ? changed : last);
                LocalDate end = PeriodKind.WEEK.endOf(week);
                yield end.isAfter(today) ? null : Long.valueOf(DayIndex.dayOf(startOf(end)));
            }
            case CHANGE_FAIL_RATE -> {
                long unsettled = firstUnsettled(today);
                long before = lastDay == null ? unsettled : firstUnsettled(LocalDate.ofEpochDay(lastDay));
                long first = firstChange == null ? before : Math.min(before, firstChange);
                yield first < unsettled ? first : null;
            }
            default -> firstChange;
        };
    }

    /** Returns the first day (UTC) for whose deployments the link window has not passed when a local day begins. */
    private long firstUnsettled(LocalDate day) {
        return DayIndex.dayOf(startOf(day).minus(series.linkWindow()));
    }

    MetricValues of(ShiftMetric metric) {
        return switch (metric) {
            case DEPLOYMENT_FREQUENCY -> weeks();
            case CHANGE_FAIL_RATE -> {
                long[] settled = Arrays.copyOf(days, DayIndex.from(days, firstUnsettled(today)));
                yield new ByDay(settled, day -> ended(day, this::failed));
            }
            case CHANGE_LEAD_TIME -> new ByDay(days, day -> ended(day, this::leadTimeMs));
            case DEPLOYMENT_REWORK_RATE -> new ByDay(days, day -> ended(day, ShiftValues::rework));
            case DEPLOYMENT_SUCCESS_RATE -> new ByDay(days, day -> ended(day, ShiftValues::success));
            case MEAN_TIME_TO_DEPLOY ->
                new ByDay(days, day -> ended(day, row -> row.isSuccess() ? row.deployTimeMs() : null));
            case FAILED_DEPLOYMENT_RECOVERY_TIME -> new ByDay(days, this::recoveries);
        };
    }

    private record ByDay(long[] days, LongFunction<List<MetricValue>> values) implements MetricValues {
        @Override
        public List<MetricValue> on(long day) {
            return values.apply(day);
        }
    }

    private List<AttemptRow> rows(long day) {
        return read.computeIfAbsent(day, timeline::on);
    }

    private List<MetricValue> ended(long day, Function<AttemptRow, @Nullable Long> value) {
        return rows(day).stream()
                .flatMap(row -> {
                    Long its = value.apply(row);
                    return its == null ? Stream.empty() : Stream.of(MetricValue.at(row.finishedAt(), its));
                })
                .toList();
    }

    private @Nullable Long failed(AttemptRow row) {
        Failure failure = row.failure();
        return row.failRateCounted() ? bit(failure != null && failure.within(series.linkWindow())) : null;
    }

    private static @Nullable Long rework(AttemptRow row) {
        return row.isCurrentAfterwards() && row.kind() != null ? bit(row.rework()) : null;
    }

    private static @Nullable Long success(AttemptRow row) {
        return row.isSuccess() || row.result() == AttemptResult.FAILURE ? bit(row.isSuccess()) : null;
    }

    private static Long bit(boolean is) {
        return is ? 1L : 0L;
    }

    private @Nullable Long leadTimeMs(AttemptRow row) {
        if (!row.isSuccess() || row.seed()) {
            return null;
        }
        var leadTimes = new Sample();
        for (CommitOwnership change : ranges.of(row.id())) {
            if (ChangeJudgement.of(change, row) == ChangeJudgement.COUNTED) {
                leadTimes.add(ChangeJudgement.leadTimeMs(change, row));
            }
        }
        Double median = leadTimes.median();
        return median == null ? null : Long.valueOf(median.longValue());
    }

    private List<MetricValue> recoveries(long day) {
        return Lists.of(failures.restoredOn(), day).stream()
                .map(id -> requireNonNull(timeline.get(id)))
                .map(row -> requireNonNull(row.failure()))
                .filter(failure -> requireNonNull(failure.recoveryMs()) >= 0)
                .map(failure ->
                        MetricValue.at(requireNonNull(failure.restoredAt()), requireNonNull(failure.recoveryMs())))
                .sorted(Comparator.comparing(MetricValue::end)) // stable: between equal ends by id
                .toList();
    }

    // ---- weeks

    /** The weeks that have ended, by the day (UTC) of their end. */
    private MetricValues weeks() {
        var ends = new TreeMap<Long, LocalDate>();
        Instant first = firstDeployment();
        if (first != null) {
            LocalDate start = PeriodKind.WEEK.endOf(PeriodKind.WEEK.startOf(localDay(first)));
            LocalDate end = PeriodKind.WEEK.endOf(start);
            for (; !end.isAfter(today); end = PeriodKind.WEEK.endOf(start)) {
                ends.put(DayIndex.dayOf(startOf(end)), start);
                start = end;
            }
        }
        long[] endDays = ends.keySet().stream().mapToLong(Long::longValue).toArray();
        return new ByDay(endDays, day -> {
            LocalDate start = ends.get(day);
            return start == null ? List.of() : List.of(week(start));
        });
    }

    private MetricValue week(LocalDate week) {
        Instant start = startOf(week);
        Instant end = startOf(PeriodKind.WEEK.endOf(week));
        long deployments = index.days(start, end)
                .mapToObj(this::rows)
                .flatMap(List::stream)
                .filter(ShiftValues::isDeployment)
                .map(AttemptRow::finishedAt)
                .filter(at -> !at.isBefore(start) && at.isBefore(end))
                .count();
        return new MetricValue(start, end, deployments);
    }

    private @Nullable Instant firstDeployment() {
        for (long day : days) {
            for (AttemptRow row : rows(day)) {
                if (isDeployment(row)) {
                    return row.finishedAt();
                }
            }
        }
        return null;
    }

    private static boolean isDeployment(AttemptRow row) {
        return row.isSuccess() && row.kind() != null && row.kind().isChange();
    }

    private LocalDate localDay(Instant instant) {
        return LocalDate.ofInstant(instant, series.zone());
    }

    private Instant startOf(LocalDate day) {
        return day.atStartOfDay(series.zone()).toInstant();
    }
}
