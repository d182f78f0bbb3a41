package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges the checks of a resource, one after the other in their order: of what time each tells, and which episodes of
 * drift it opens and closes.
 *
 * <p>A check tells of the time until the next check of the resource, whoever makes it, but not beyond its interval: the
 * stated one; where none is stated, the time since the moment at which the resource was checked before; for the first,
 * which has none before, the time until the next. The last check tells of its interval, which for a single check without a
 * stated one is no time at all. No check tells of more than {@link #LONGEST}.
 *
 * <p>A check that sees drift opens an episode, or belongs to the open one. A check that sees none closes the open one as
 * {@link DriftEpisode#isClosedBy} says. The time that a check tells of is drifted where an episode is open after it.
 */
final class DriftWalk {
    /** The longest time that a check can tell of, that of the longest window. */
    static final Duration LONGEST = Duration.ofDays(90);

    private final List<DriftRow> judged = new ArrayList<>();
    private final List<DriftEpisode> closed = new ArrayList<>();
    private @Nullable Instant checkedAt;
    private @Nullable Instant earlier;
    private @Nullable DriftEpisode episode;

    private DriftWalk(@Nullable DriftStanding before) {
        checkedAt = before == null ? null : before.checkedAt();
        episode = before == null ? null : before.episode();
    }

    /**
     * Judges checks that follow each other.
     *
     * @param before how the resource stood before the first of them; null where it had not been checked
     * @param checks in order, at least one; what they were judged before plays no part
     * @param next when the resource was checked after the last of them; null where it was not
     */
    static DriftWalk over(@Nullable DriftStanding before, List<DriftRow> checks, @Nullable Instant next) {
        var walk = new DriftWalk(before);
        for (int i = 0; i < checks.size(); i++) {
            walk.judge(checks.get(i), i + 1 < checks.size() ? checks.get(i + 1).at() : next);
        }
        return walk;
    }

    static Duration bounded(Duration interval) {
        return interval.compareTo(LONGEST) > 0 ? LONGEST : interval;
    }

    /** Returns the checks with their judgement. */
    List<DriftRow> judged() {
        return judged;
    }

    /** Returns the episodes that they closed. */
    List<DriftEpisode> closed() {
        return closed;
    }

    /** Returns how the resource stands after them. */
    DriftStanding standing() {
        return new DriftStanding(requireNonNull(checkedAt), episode);
    }

    private void judge(DriftRow check, @Nullable Instant next) {
        if (!check.at().equals(checkedAt)) {
            earlier = checkedAt;
            checkedAt = check.at();
        }
        DriftEpisode before = episode;
        Long reconcileMs = null;
        if (check.drifted()) {
            episode = before == null ? DriftEpisode.openedBy(check) : before.seenBy(check);
        } else if (before != null && before.isClosedBy(check)) {
            DriftEpisode over = before.closed(check.at());
            reconcileMs = over.reconcileMs();
            closed.add(over);
            episode = null;
        }
        boolean opens = before == null && episode != null;
        judged.add(check.judged(until(check, next), episode != null, opens, reconcileMs));
    }

    private Instant until(DriftRow check, @Nullable Instant next) {
        Instant due = check.at().plus(interval(check, next));
        return next != null && next.isBefore(due) ? next : due;
    }

    private Duration interval(DriftRow check, @Nullable Instant next) {
        if (check.intervalMs() != null) {
            return Duration.ofMillis(check.intervalMs());
        }
        if (earlier != null) {
            return bounded(Duration.between(earlier, check.at()));
        }
        return next == null ? Duration.ZERO : LONGEST;
    }
}
