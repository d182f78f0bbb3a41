package dev.sluice.canaryjob.state;

import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canary.intake.Target;
import dev.sluice.wire.SampleBatch;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Target} as it is kept.
 *
 * @param since when it was first read
 * @param at when it was last read
 * @param last how its counters stood then
 * @param gone how those stood that nobody waits for any more
 * @param anew how counters that fell stood after; absent where none did
 * @param skipped readings since that were not whole
 * @param readings how many readings were believed
 * @param leftOut how many were not
 * @param unsteady how often counters fell for a single reading, or began anew again at once
 * @param begun whether its counters began anew, as they said, and were read once since
 */
public record TargetJson(
        Instant since,
        Instant at,
        List<SampleBatch.Point> last,
        List<SampleBatch.Point> gone,
        @Nullable List<SampleBatch.Point> anew,
        int skipped,
        int readings,
        int leftOut,
        int unsteady,
        boolean begun) {
    /** Returns a target as it is kept. */
    public static TargetJson of(Target target) {
        SortedMap<String, SamplePoint> anew = target.anew();
        return new TargetJson(
                target.since(),
                target.at(),
                points(target.last().values()),
                points(target.gone().values()),
                anew == null ? null : points(anew.values()),
                target.skipped(),
                target.readings(),
                target.leftOut(),
                target.unsteady(),
                target.begun());
    }

    private static List<SampleBatch.Point> points(Collection<SamplePoint> points) {
        return points.stream().map(SampleBatch.Point::of).toList();
    }

    /** Returns the target as the domain knows it. */
    public Target toDomain(String metric) {
        return new Target(
                since,
                at,
                byKey(metric, last),
                byKey(metric, gone),
                anew == null ? null : byKey(metric, anew),
                skipped,
                readings,
                leftOut,
                unsteady,
                begun);
    }

    private static SortedMap<String, SamplePoint> byKey(String metric, List<SampleBatch.Point> points) {
        SortedMap<String, SamplePoint> byKey = new TreeMap<>();
        for (SampleBatch.Point point : points) {
            SamplePoint read = point.toDomain(metric);
            byKey.put(read.seriesKey(), read);
        }
        return byKey;
    }
}
