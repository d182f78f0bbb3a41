package dev.sluice.dora;

import dev.sluice.dora.DriftChanges.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The checks of the resources of a series: of each resource one time line in the order of (time, check id), whoever made
 * them, kept by resource and day (UTC) with their judgement.
 *
 * <p>After a change its day is judged again, and the day of checks before it, whose last check tells of another time now;
 * then those that follow, until one begins as it did before. As a rule that is the one after the next. Where the change
 * belongs to an episode, or makes another one of it, it is the first after the episode's end.
 */
final class DriftTimeline {
    /** Stands in {@link DriftTables#dayIndex()} for all resources; no resource is named so. */
    static final String ALL_RESOURCES = "";

    private final DriftTables tables;
    private final DayIndex dayIndex;

    DriftTimeline(DriftTables tables) {
        this.tables = tables;
        this.dayIndex = new DayIndex(tables.dayIndex(), ALL_RESOURCES);
    }

    static String key(String resource, long day) {
        return day + " " + resource;
    }

    static String episodeKey(String resource, Instant openedAt) {
        return openedAt + " " + resource;
    }

    /** Puts a check where it belongs, in the place of the one with the same identity on that day. */
    void put(String resource, DriftRow check, DriftChanges changes) {
        long day = DayIndex.dayOf(check.at());
        DriftDay known = on(resource, day);
        List<DriftRow> checks = without(known, check.checkId());
        checks.add(check);
        Collections.sort(checks);
        apply(resource, new Edit(day, known, checks), changes);
    }

    /** Takes a check from the day on which it is. */
    void remove(String resource, long day, String checkId, DriftChanges changes) {
        DriftDay known = on(resource, day);
        apply(resource, new Edit(day, known, without(known, checkId)), changes);
    }

    private static List<DriftRow> without(DriftDay day, String checkId) {
        var checks = new ArrayList<>(day.rows());
        checks.removeIf(other -> other.checkId().equals(checkId));
        return checks;
    }

    // ---- what there is

    boolean isEmpty() {
        return dayIndex.isEmpty();
    }

    /** Returns whether checks tell of the day of a moment or of a later one. */
    boolean reaches(Instant moment) {
        return dayIndex.reaches(moment);
    }

    /** Returns the days (UTC, since the epoch) that checks of any resource tell of, ascending. */
    long[] days() {
        return dayIndex.days();
    }

    /** Returns the days that checks tell of, from that of a moment on, ascending, and that begin before another. */
    LongStream days(Instant start, Instant end) {
        return dayIndex.days(start, end);
    }

    /** Returns what a day adds: as it was when last asked, unless something in it has changed since. */
    DriftCell cell(long day) {
        DriftCell known = tables.cells().get(day);
        if (known != null) {
            return known;
        }
        DriftCell cell = part(day, DayIndex.startOf(day), DayIndex.startOf(day + 1));
        tables.cells().put(day, cell);
        return cell;
    }

    /** Returns what the part of a day adds that lies in a range of time. */
    DriftCell part(long day, Instant start, Instant end) {
        Instant midnight = DayIndex.startOf(day);
        Instant nextMidnight = DayIndex.startOf(day + 1);
        var sums = new DriftCell.Sums(
                start.isAfter(midnight) ? start : midnight, end.isBefore(nextMidnight) ? end : nextMidnight);
        for (String resource : resourcesOn(day)) {
            DriftRow before = lastBefore(resource, day);
            if (before != null) {
                sums.add(before);
            }
            on(resource, day).rows().forEach(sums::add);
        }
        return sums.cell();
    }

    private DriftDay on(String resource, long day) {
        DriftDay known = tables.days().get(key(resource, day));
        return known == null ? DriftDay.NONE : known;
    }

    private @Nullable DriftRow lastBefore(String resource, long day) {
        long[] days = new DayIndex(tables.dayIndex(), resource).days();
        int next = DayIndex.from(days, day);
        if (next == 0) {
            return null;
        }
        List<DriftRow> checks = on(resource, days[next - 1]).rows();
        return checks.get(checks.size() - 1);
    }

    private List<String> resourcesOn(long day) {
        List<String> resources = tables.resources().get(day);
        return resources == null ? List.of() : resources;
    }

    // ---- what changes

    /** Other checks of a day than are known. */
    private record Edit(long day, DriftDay known, List<DriftRow> checks) {}

    private void apply(String resource, Edit edit, DriftChanges changes) {
        var index = new DayIndex(tables.dayIndex(), resource);
        var difference = new DriftDifference();
        List<DriftRow> before = edit.known().rows();
        if (edit.checks().isEmpty()) {
            tables.days().remove(key(resource, edit.day()));
            index.remove(edit.day());
            difference.compare(before, List.of());
            removeEpisodes(resource, before, List.of(), changes);
        } else if (before.isEmpty()) {
            index.add(edit.day());
        }
        judge(resource, index.days(), edit, difference, changes);
        var days = new TreeSet<Long>();
        for (Span span : difference.spans()) {
            changes.add(span);
            LongStream.rangeClosed(DayIndex.dayOf(span.first()), DayIndex.dayOf(span.last()))
                    .forEach(days::add);
        }
        days.forEach(touched -> refresh(resource, touched));
    }

    private void judge(String resource, long[] days, Edit edit, DriftDifference difference, DriftChanges changes) {
        DriftStanding standing = null;
        int first = Math.max(0, DayIndex.from(days, edit.day()) - 1);
        for (int i = first; i < days.length; i++) {
            boolean isEdited = days[i] == edit.day();
            DriftDay known = isEdited ? edit.known() : on(resource, days[i]);
            if (i == first && days[i] < edit.day()) {
                standing = known.before();
            } else if (days[i] > edit.day() && Objects.equals(standing, known.before())) {
                return;
            }
            boolean isLast = i + 1 == days.length;
            Instant next = isLast ? null : firstCheck(resource, days[i + 1], edit);
            DriftWalk walk = DriftWalk.over(standing, isEdited ? edit.checks() : known.rows(), next);
            var after = new DriftDay(standing, walk.judged());
            if (!after.equals(known)) {
                tables.days().put(key(resource, days[i]), after);
                difference.compare(known.rows(), after.rows());
                removeEpisodes(resource, known.rows(), after.rows(), changes);
                walk.closed().forEach(episode -> putEpisode(resource, episode, changes));
            }
            standing = walk.standing();
            if (isLast && standing.episode() != null) {
                putEpisode(resource, standing.episode(), changes);
            }
        }
        if (standing == null) {
            tables.standings().remove(resource);
        } else {
            tables.standings().put(resource, standing);
        }
    }

    private Instant firstCheck(String resource, long day, Edit edit) {
        List<DriftRow> checks =
                day == edit.day() ? edit.checks() : on(resource, day).rows();
        return checks.get(0).at();
    }

    /** Removes the episodes that the checks of a day opened and do not any more. */
    private void removeEpisodes(String resource, List<DriftRow> before, List<DriftRow> after, DriftChanges changes) {
        var begun = new TreeSet<Instant>();
        before.stream().filter(DriftRow::opens).forEach(check -> begun.add(check.at()));
        after.stream().filter(DriftRow::opens).forEach(check -> begun.remove(check.at()));
        for (Instant openedAt : begun) {
            String key = episodeKey(resource, openedAt);
            tables.episodes().remove(key);
            changes.addEpisode(key);
        }
    }

    private void putEpisode(String resource, DriftEpisode episode, DriftChanges changes) {
        String key = episodeKey(resource, episode.openedAt());
        if (!episode.equals(tables.episodes().get(key))) {
            tables.episodes().put(key, episode);
            changes.addEpisode(key);
        }
    }

    /** Notes whether checks of a resource tell of a day. */
    private void refresh(String resource, long day) {
        tables.cells().remove(day);
        List<String> known = resourcesOn(day);
        boolean tells = tells(resource, day);
        if (tells == known.contains(resource)) {
            return;
        }
        var resources = new ArrayList<>(known);
        resources.remove(resource);
        if (tells) {
            resources.add(resource);
            Collections.sort(resources);
        }
        if (resources.isEmpty()) {
            tables.resources().remove(day);
            dayIndex.remove(day);
        } else {
            tables.resources().put(day, List.copyOf(resources));
            if (known.isEmpty()) {
                dayIndex.add(day);
            }
        }
    }

    private boolean tells(String resource, long day) {
        if (!on(resource, day).rows().isEmpty()) {
            return true;
        }
        DriftRow before = lastBefore(resource, day);
        return before != null && before.until().isAfter(DayIndex.startOf(day));
    }
}
