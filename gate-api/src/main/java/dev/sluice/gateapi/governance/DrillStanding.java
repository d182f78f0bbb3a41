package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.governance.DrillSchedule.Occurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the drills of a schedule stand at a moment.
 *
 * @param current the one that is due; null if none is
 * @param missed the last that has ended without a drill; null if there is none
 * @param isMissing whether the last that has ended was missed, and no drill was recorded since
 */
record DrillStanding(@Nullable Due current, @Nullable Due missed, boolean isMissing) {
    /** So far it is looked back: drills are kept no longer. */
    static final Duration ALL = Duration.ofDays(400);

    /**
     * A time that a drill is or was due.
     *
     * @param due since when
     * @param ends when it has to be recorded
     * @param recorded whether a drill of then or later is recorded
     */
    record Due(Instant due, Instant ends, boolean recorded) {}

    /**
     * Returns how it stands.
     *
     * @param schedule the schedule
     * @param drills when drills of its service and environment ended
     * @param back how far it is looked back
     * @param now the moment
     */
    static DrillStanding of(DrillSchedule schedule, Collection<Instant> drills, Duration back, Instant now) {
        List<Due> begun = schedule.begun(now.minus(back), now).stream()
                .map(occurrence -> due(occurrence, drills))
                .toList();
        Optional<Due> last = begun.isEmpty() ? Optional.empty() : Optional.of(begun.get(begun.size() - 1));
        List<Due> ended =
                begun.stream().filter(one -> !now.isBefore(one.ends())).toList();
        Due missed = null;
        for (int i = ended.size() - 1; i >= 0 && missed == null; i--) {
            missed = isMissed(ended.get(i), drills) ? ended.get(i) : null;
        }
        return new DrillStanding(
                last.filter(one -> now.isBefore(one.ends())).orElse(null),
                missed,
                missed != null && !missed.recorded() && missed.equals(ended.get(ended.size() - 1)));
    }

    private static Due due(Occurrence occurrence, Collection<Instant> drills) {
        return new Due(
                occurrence.due(), occurrence.ends(), drills.stream().anyMatch(at -> !at.isBefore(occurrence.due())));
    }

    private static boolean isMissed(Due occurrence, Collection<Instant> drills) {
        return drills.stream().noneMatch(at -> !at.isBefore(occurrence.due()) && at.isBefore(occurrence.ends()));
    }

    /** Returns whether a drill is due that is not recorded. */
    boolean isDue() {
        return current != null && !current.recorded();
    }
}
