package dev.sluice.canary.intake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Joins the counters of a histogram, one of each bound, to one point of all bounds. What has no total at a time, or was read while
 * it was written, is left out.
 */
final class PartsOfHistograms {
    private PartsOfHistograms() {}

    private record Moment(Arm arm, Series series, Instant at, boolean cumulative) {}

    /** Returns the points with all parts joined, in no order; of a histogram that is also there as a whole, only those. */
    static List<SamplePoint> joined(Collection<SamplePoint> points) {
        Map<Moment, SortedMap<Double, SamplePoint>> parts = new LinkedHashMap<>();
        List<SamplePoint> wholes = new ArrayList<>();
        for (SamplePoint point : points) {
            if (point.measure() instanceof Measure.Part part) {
                parts.computeIfAbsent(moment(point), moment -> new TreeMap<>()).put(part.bound(), point);
            } else {
                wholes.add(point);
            }
        }
        List<SamplePoint> joined = new ArrayList<>();
        for (SamplePoint whole : wholes) {
            if (!parts.containsKey(moment(whole))) {
                joined.add(whole);
            }
        }
        parts.forEach((moment, of) -> joined(moment, of).ifPresent(joined::add));
        return joined;
    }

    private static Moment moment(SamplePoint point) {
        return new Moment(
                point.arm(), point.series(), point.at(), point.measure().isContainedInLater());
    }

    private static Optional<SamplePoint> joined(Moment moment, SortedMap<Double, SamplePoint> parts) {
        SamplePoint all = parts.remove(Double.POSITIVE_INFINITY);
        if (all == null) {
            return Optional.empty();
        }
        List<Long> upTo = new ArrayList<>();
        parts.values().forEach(part -> upTo.add(Math.round(((Measure.Part) part.measure()).count())));
        var total = (Measure.Part) all.measure();
        try {
            return Optional.of(new SamplePoint(
                    all.metric(),
                    moment.arm(),
                    moment.series().ofHistogram(),
                    moment.at(),
                    all.start(),
                    new Measure.Distribution(
                            List.copyOf(parts.keySet()), upTo, Math.round(total.count()), total.cumulative())));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // read while it was written: the counts fall from bound to bound
        }
    }
}
