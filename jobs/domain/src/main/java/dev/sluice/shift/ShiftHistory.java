package dev.sluice.shift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The shifts of one metric of one series, kept up to date while its values come, go and change. The state before each week
 * is kept, so a change costs the values from its week on. A week and not a day: what is read for an ordinary new value is
 * still small, and what is kept is a seventh.
 *
 * <p>A caller that drops old days keeps the state before the first week in which it still accepts changes, and the values
 * from {@value ShiftDetector#MEMORY_DAYS} days before that week on. A caller that keeps all days may drop old states: a change
 * before the oldest one costs the whole history.
 */
public final class ShiftHistory {
    private static final int DAYS_PER_WEEK = 7;
    /** 1970-01-01 was a Thursday, three days after a Monday. */
    private static final int MONDAY_TO_EPOCH = 3;

    private final ShiftDetector detector;
    private final MetricValues all;
    private final ShiftTables tables;
    private final String metric;

    /**
     * Creates the history over what the caller keeps.
     *
     * @param detector what finds the shifts; another one needs empty tables
     * @param all the values
     * @param tables what is remembered of them
     */
    public ShiftHistory(ShiftDetector detector, MetricValues all, ShiftTables tables) {
        this.detector = detector;
        this.all = all;
        this.tables = tables;
        this.metric = detector.metric().name();
    }

    private String stateKey(long week) {
        return metric + " " + week;
    }

    /** Returns all shifts there were at the last update, in the order of their detection. */
    public List<Shift> shifts() {
        List<Shift> shifts = tables.shifts().get(metric);
        return shifts == null ? List.of() : shifts;
    }

    /**
     * Takes changes of the values into account.
     *
     * @param firstDay the first day (UTC, days since the epoch) on which a value has come, gone or changed since the last
     *     call
     * @return all shifts there are now, in the order of their detection
     */
    public List<Shift> update(long firstDay) {
        long[] kept = weeks();
        int resumed = lastKnown(kept, weekOf(firstDay));
        DetectorState known = resumed < 0 ? null : state(kept[resumed]);
        long from = known == null ? Long.MIN_VALUE : kept[resumed];
        DetectorState state = known == null ? DetectorState.INITIAL : known;
        var weeks = new TreeSet<Long>();
        for (long day : all.days()) {
            if (day >= from) {
                weeks.add(weekOf(day));
            }
        }
        for (int i = Math.max(resumed, 0); i < kept.length; i++) {
            if (!weeks.contains(kept[i])) {
                tables.states().remove(stateKey(kept[i]));
            }
        }
        var shifts = new ArrayList<>(shifts());
        shifts.removeIf(shift -> weekOf(dayOf(shift)) >= from);
        for (long week : weeks) {
            if (week > from) {
                tables.states().put(stateKey(week), state);
            }
            ShiftDetector.Outcome outcome = detector.resume(state, all, week, week + DAYS_PER_WEEK);
            shifts.addAll(outcome.shifts());
            state = outcome.state();
        }
        for (int i = 0; i < resumed; i++) {
            weeks.add(kept[i]);
        }
        keep(weeks.stream().mapToLong(Long::longValue).toArray(), shifts);
        return List.copyOf(shifts);
    }

    private long[] weeks() {
        long[] weeks = tables.weekIndex().get(metric);
        return weeks == null ? new long[0] : weeks;
    }

    private void keep(long[] weeks, List<Shift> shifts) {
        if (weeks.length == 0) {
            tables.weekIndex().remove(metric);
        } else if (!Arrays.equals(weeks, weeks())) {
            tables.weekIndex().put(metric, weeks);
        }
        if (shifts.isEmpty()) {
            tables.shifts().remove(metric);
        } else if (!shifts.equals(shifts())) {
            tables.shifts().put(metric, List.copyOf(shifts));
        }
    }

    private @Nullable DetectorState state(long week) {
        return tables.states().get(stateKey(week));
    }

    /** Returns the place of the last week up to one whose state is known; -1 for none. */
    private int lastKnown(long[] kept, long week) {
        int found = Arrays.binarySearch(kept, week);
        int at = found >= 0 ? found : -found - 2;
        while (at >= 0 && state(kept[at]) == null) {
            at--;
        }
        return at;
    }

    private static long dayOf(Shift shift) {
        return MetricValue.at(shift.detected(), 0).day();
    }

    private static long weekOf(long day) {
        return Math.floorDiv(day + MONDAY_TO_EPOCH, DAYS_PER_WEEK) * DAYS_PER_WEEK - MONDAY_TO_EPOCH;
    }
}
