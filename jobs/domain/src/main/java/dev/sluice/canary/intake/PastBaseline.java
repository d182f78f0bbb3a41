package dev.sluice.canary.intake;

import static java.util.Objects.requireNonNull;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.Words;
import dev.sluice.canary.evidence.Halves;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the baseline did before a run, as if two halves of its pods had been the two arms: they are of one version, so they show how
 * arms differ by themselves. A pod stays in its half. Where there are not two pods nobody can tell.
 */
public final class PastBaseline {
    private final BucketClock clock;
    private final PastBuckets buckets;
    private final Map<String, OfMetric> metrics = new LinkedHashMap<>();
    private final SortedMap<Long, List<SamplePoint>> waiting = new TreeMap<>();
    private @Nullable ElectedReplica elected;

    /** One metric of it. */
    private record OfMetric(TwoHalves halves, Counters counters) {}

    /**
     * Begins with nothing.
     *
     * @param config of the run
     * @param clock tells its buckets apart
     */
    public PastBaseline(CanaryConfig config, BucketClock clock) {
        this.clock = clock;
        this.buckets = new PastBuckets(clock);
        for (MetricConfig metric : config.metrics()) {
            metrics.put(metric.name(), new OfMetric(new TwoHalves(metric, new Halves()), new Counters(Map.of())));
        }
    }

    /**
     * Adds points of the baseline.
     *
     * @param points in any order, each once; none is of a bucket before those of earlier calls
     */
    public void add(Collection<SamplePoint> points) {
        for (SamplePoint point : points) {
            waiting.computeIfAbsent(clock.numberOf(point), bucket -> new ArrayList<>())
                    .add(point);
        }
        while (waiting.size() > 1) {
            assembleFirst();
        }
    }

    private void assembleFirst() {
        long number = waiting.firstKey();
        List<SamplePoint> points = requireNonNull(waiting.remove(number));
        Optional<ElectedReplica> heard = ElectedReplica.among(elected, points);
        if (heard.isPresent()) {
            elected = heard.get();
            points = elected.heard(points);
        }
        Map<String, List<SamplePoint>> byMetric = new LinkedHashMap<>();
        for (SamplePoint point : points) {
            byMetric.computeIfAbsent(point.metric(), name -> new ArrayList<>()).add(point);
        }
        byMetric.forEach((name, of) -> {
            OfMetric metric = metrics.get(name);
            if (metric != null) {
                metric.halves().of(of, metric.counters()).ifPresent(bucket -> buckets.add(name, number, bucket));
            }
        });
    }

    /** Calibrates a run that has not begun with all that was added. */
    public void teach(CanaryRun run) {
        while (!waiting.isEmpty()) {
            assembleFirst();
        }
        Duration longest = buckets.teach(run);
        run.noteHistory(
                longest.isZero()
                        ? "no history: of the time before the run there is nothing of two pods of the baseline"
                        : "history: " + Words.duration(longest)
                                + " of before the run, by two halves of the baseline's pods");
    }
}
