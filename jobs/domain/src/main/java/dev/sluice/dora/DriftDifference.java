package dev.sluice.dora;

import dev.sluice.dora.DriftChanges.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Of which times the checks of a resource tell something else than they did. */
final class DriftDifference {
    private final List<DriftRow> before = new ArrayList<>();
    private final List<DriftRow> after = new ArrayList<>();

    /** What is told of a moment. */
    private enum Told {
        NOTHING,
        CLEAN,
        DRIFTED
    }

    /** What a check tells of its own moment. */
    private record Point(
            Instant at,
            String checkId,
            boolean opens,
            @Nullable Long reconcileMs) {
        static Point of(DriftRow check) {
            return new Point(check.at(), check.checkId(), check.opens(), check.reconcileMs());
        }
    }

    /** Notes the checks of a day as they were and as they are. */
    void compare(List<DriftRow> were, List<DriftRow> are) {
        before.addAll(without(were, are));
        after.addAll(without(are, were));
    }

    private static List<DriftRow> without(List<DriftRow> checks, List<DriftRow> others) {
        Set<DriftRow> known = new HashSet<>(others);
        return checks.stream().filter(check -> !known.contains(check)).toList();
    }

    /** Returns the times, as short as they can be. */
    List<Span> spans() {
        var spans = new ArrayList<Span>();
        Set<Point> points = new HashSet<>();
        before.forEach(check -> points.add(Point.of(check)));
        for (DriftRow check : after) {
            if (!points.remove(Point.of(check))) {
                points.add(Point.of(check));
            }
        }
        points.forEach(point -> spans.add(new Span(point.at(), point.at())));
        NavigableMap<Instant, Told> was = course(before);
        NavigableMap<Instant, Told> is = course(after);
        var moments = new TreeSet<>(was.keySet());
        moments.addAll(is.keySet());
        for (Instant from : moments) {
            Instant to = moments.higher(from);
            if (to != null && at(was, from) != at(is, from)) {
                spans.add(new Span(from, to.minusNanos(1)));
            }
        }
        return spans;
    }

    /** What is told from each moment on at which it changes. Checks that tell the same as before have no part in it. */
    private static NavigableMap<Instant, Told> course(List<DriftRow> checks) {
        NavigableMap<Instant, Told> course = new TreeMap<>();
        for (DriftRow check : checks.stream().sorted().toList()) {
            if (check.until().isAfter(check.at())) {
                course.put(check.at(), check.open() ? Told.DRIFTED : Told.CLEAN);
                course.put(check.until(), Told.NOTHING);
            }
        }
        return course;
    }

    private static Told at(NavigableMap<Instant, Told> course, Instant moment) {
        var told = course.floorEntry(moment);
        return told == null ? Told.NOTHING : told.getValue();
    }
}
