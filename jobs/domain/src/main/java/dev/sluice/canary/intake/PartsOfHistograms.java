package dev.sluice.canary.intake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Joins the counters of a histogram, one of each bound, to one point of all bounds. What is not whole at a time, since a bound has
 * no point then, is left out: the next point that is whole has what it had.
 */
final class PartsOfHistograms {
    private PartsOfHistograms() {}

    private record Moment(Arm arm, Series series, Instant at, boolean cumulative) {}

    /** Returns the points with all parts joined, in no order. */
    static List<SamplePoint> joined(Collection<SamplePoint> points, KnownSeries before) {
        List<SamplePoint> joined = new ArrayList<>();
        Map<Moment, SortedMap<Double, SamplePoint>> parts = new LinkedHashMap<>();
        for (SamplePoint point : points) {
            if (point.measure() instanceof Measure.Part part) {
                parts.computeIfAbsent(
                                new Moment(point.arm(), point.series(), point.at(), part.cumulative()),
                                moment -> new TreeMap<>())
                        .put(part.bound(), point);
            } else {
                joined.add(point);
            }
        }
        parts.values()
                .forEach(moment ->
                        joined(moment).filter(point -> isWhole(point, before)).ifPresent(joined::add));
        return joined;
    }

    private static Optional<SamplePoint> joined(SortedMap<Double, SamplePoint> parts) {
        SamplePoint any = Objects.requireNonNull(parts.get(parts.firstKey()));
        SamplePoint all = parts.remove(Double.POSITIVE_INFINITY);
        if (all == null) {
            return Optional.empty();
        }
        List<Long> upTo = new ArrayList<>();
        parts.values().forEach(part -> upTo.add(Math.round(((Measure.Part) part.measure()).count())));
        var total = (Measure.Part) all.measure();
        try {
            return Optional.of(new SamplePoint(
                    any.metric(),
                    any.arm(),
                    any.series(),
                    any.at(),
                    new Measure.Distribution(
                            List.copyOf(parts.keySet()), upTo, Math.round(total.count()), total.cumulative())));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // read while it was written: the counts fall from bound to bound
        }
    }

    private static boolean isWhole(SamplePoint point, KnownSeries before) {
        SamplePoint last = before.lastOf(point);
        if (last == null
                || !(last.measure() instanceof Measure.Distribution then)
                || !(point.measure() instanceof Measure.Distribution now)) {
            return true;
        }
        return now.bounds().size() >= then.bounds().size() || !then.bounds().containsAll(now.bounds());
    }
}
