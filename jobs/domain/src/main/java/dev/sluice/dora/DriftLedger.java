package dev.sluice.dora;

import dev.sluice.delivery.DriftChecked;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The checks for drift of one series: which of the words on a check counts, the checks in their order, and what they tell
 * of a day. It depends on the set of the words alone, not on the order in which they came, and not on what time it is.
 */
final class DriftLedger {
    private final ServiceEnvironment series;
    private final DriftTables tables;
    private final DriftTimeline timeline;

    DriftLedger(ServiceEnvironment series, DriftTables tables) {
        this.series = series;
        this.tables = tables;
        this.timeline = new DriftTimeline(tables);
    }

    /** Adds a word on a check; returns what is different by it. */
    DriftChanges check(DriftChecked check) {
        var changes = new DriftChanges();
        CheckWord before = tables.words().get(check.checkId());
        CheckWord after = CheckWord.of(check);
        if (before != null && before.compareTo(after) >= 0) {
            return changes;
        }
        tables.words().put(check.checkId(), after);
        if (before != null && !before.deleted() && (after.deleted() || !isSamePlace(before, after))) {
            timeline.remove(before.resource(), before.day(), check.checkId(), changes);
        }
        if (!after.deleted()) {
            timeline.put(after.resource(), DriftRow.of(check), changes);
        }
        return changes;
    }

    private static boolean isSamePlace(CheckWord one, CheckWord other) {
        return one.resource().equals(other.resource()) && one.day() == other.day();
    }

    boolean isEmpty() {
        return timeline.isEmpty();
    }

    /** Returns whether checks tell of the day of a moment or of a later one. */
    boolean reaches(Instant moment) {
        return timeline.reaches(moment);
    }

    /** Returns the days (UTC, since the epoch) that checks tell of, ascending. */
    long[] days() {
        return timeline.days();
    }

    /** Returns the days (UTC, since the epoch) that checks tell of and that a range of time touches. */
    LongStream days(Instant start, Instant end) {
        return timeline.days(start, end);
    }

    /** Returns what a day adds. */
    DriftCell cell(long day) {
        return timeline.cell(day);
    }

    /** Returns what the part of a day adds that lies in a range of time. */
    DriftCell part(long day, Instant start, Instant end) {
        return timeline.part(day, start, end);
    }

    /** Returns whether checks tell of anything in a range of time. */
    boolean tells(Instant start, Instant end) {
        return timeline.days(start, end)
                .anyMatch(day -> !timeline.part(day, start, end).isEmpty());
    }

    /**
     * How it stands after the last checks.
     *
     * @param drifted whether an episode of some resource is open
     * @param checkedAt the last check of any resource
     */
    record Latest(boolean drifted, Instant checkedAt) {}

    /** Returns how it stands after the last checks; null where nothing was ever checked. */
    @Nullable
    Latest latest() {
        Latest latest = null;
        for (String resource : tables.standings().keys()) {
            DriftStanding standing = tables.standings().get(resource);
            if (standing == null) {
                continue;
            }
            boolean drifted = standing.episode() != null;
            Instant checkedAt = standing.checkedAt();
            latest = latest == null
                    ? new Latest(drifted, checkedAt)
                    : new Latest(
                            latest.drifted() || drifted,
                            checkedAt.isAfter(latest.checkedAt()) ? checkedAt : latest.checkedAt());
        }
        return latest;
    }

    /**
     * Returns an episode as readers know it; one that says deleted where there is none any more.
     *
     * @param key see {@link DriftTimeline#episodeKey}
     * @param now progress
     */
    DriftEpisodeFact fact(String key, Instant now) {
        int space = key.indexOf(' ');
        Instant openedAt = Instant.parse(key.substring(0, space));
        String resource = key.substring(space + 1);
        DriftEpisode episode = tables.episodes().get(key);
        return new DriftEpisodeFact(
                series.tenant(),
                series.service(),
                series.environment(),
                resource,
                openedAt,
                episode == null ? null : episode.closedAt(),
                episode == null ? null : episode.reconcileMs(),
                episode == null ? null : episode.lastSeenAt(),
                episode == null ? 0 : episode.checks(),
                episode == null ? List.of() : episode.fingerprints(),
                episode == null ? List.of() : episode.detectors(),
                episode == null,
                now);
    }
}
