package dev.sluice.dora;

import dev.sluice.shift.ReportedShift;
import dev.sluice.shift.Shift;
import dev.sluice.shift.ShiftDetector;
import dev.sluice.shift.ShiftHistory;
import dev.sluice.shift.ShiftLog;
import dev.sluice.shift.ShiftMetric;
import dev.sluice.shift.ShiftTables;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The shifts of the metrics of one series, and what has been published of them. Which shifts stand depends on the set of the
 * inputs and the local day alone; which were withdrawn tells what readers saw meanwhile. What the values are,
 * {@link ShiftValues} says. An update costs the values from the week of the first change on, and nothing where there is no
 * change.
 */
final class ShiftLedger {
    private final ServiceEnvironment series;
    private final ShiftTables tables;
    private final LedgerTables ledger;
    private final AttemptTimeline timeline;
    private final DayIndex index;
    private final CommitRanges ranges;

    ShiftLedger(
            ServiceEnvironment series,
            LedgerTables ledger,
            AttemptTimeline timeline,
            DayIndex index,
            CommitRanges ranges) {
        this.series = series;
        this.tables = ledger.shifts();
        this.ledger = ledger;
        this.timeline = timeline;
        this.index = index;
        this.ranges = ranges;
    }

    /**
     * Finds the shifts that there are now.
     *
     * @param firstChange the first day (UTC, since the epoch) with a change since the last update; null for none
     * @param lastDay the local day of the last update (since the epoch); null before the first
     * @param today the local day
     * @param now progress
     * @return what is published otherwise than before
     */
    List<ShiftFact> update(@Nullable Long firstChange, @Nullable Long lastDay, LocalDate today, Instant now) {
        var values = new ShiftValues(series, timeline, index, ranges, ledger.failures(), today);
        boolean gone = index.isEmpty();
        var facts = new ArrayList<ShiftFact>();
        for (ShiftMetric metric : ShiftMetric.values()) {
            Long from = gone ? firstChange : values.firstChange(metric, firstChange, lastDay);
            if (from != null) {
                var detector = new ShiftDetector(metric, ShiftDetector.DEFAULT_THRESHOLD);
                List<Shift> found = new ShiftHistory(detector, values.of(metric), tables).update(from);
                facts.addAll(gone ? forget(metric, now) : publish(metric, found, now));
            }
        }
        return facts;
    }

    private List<ShiftFact> publish(ShiftMetric metric, List<Shift> found, Instant now) {
        ShiftLog.Update update = new ShiftLog(reported(metric)).update(found, now);
        if (update.isEmpty()) {
            return List.of();
        }
        tables.reported().put(metric.name(), update.log().entries());
        return Stream.of(update.reported(), update.revised(), update.withdrawn())
                .flatMap(List::stream)
                .map(entry -> ShiftFact.of(series, entry, false, now))
                .toList();
    }

    /** Takes back all that was published of a metric, when nothing is left of the series. */
    private List<ShiftFact> forget(ShiftMetric metric, Instant now) {
        List<ReportedShift> reported =
                new ShiftLog(reported(metric)).update(List.of(), now).log().entries();
        tables.reported().remove(metric.name());
        return reported.stream()
                .map(entry -> ShiftFact.of(series, entry, true, now))
                .toList();
    }

    private List<ReportedShift> reported(ShiftMetric metric) {
        return Lists.of(tables.reported(), metric.name());
    }
}
