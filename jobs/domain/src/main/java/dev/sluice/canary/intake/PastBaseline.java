package dev.sluice.canary.intake;

import static java.util.Objects.requireNonNull;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.Words;
import dev.sluice.canary.evidence.Halves;
import dev.sluice.canary.evidence.MetricBucket;
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
    private final Map<String, OfMetric> metrics = new LinkedHashMap<>();
    private final SortedMap<Long, List<SamplePoint>> waiting = new TreeMap<>();
    private @Nullable ElectedReplica elected;

    /** One metric of it. */
    private static final class OfMetric {
        private final BucketAssembler assembler;
        private final Counters counters = new Counters(Map.of());
        private final Halves halves = new Halves();
        private final List<MetricBucket> buckets = new ArrayList<>();
        private long first;
        private long last;

        OfMetric(MetricConfig metric) {
            this.assembler = new BucketAssembler(metric);
        }

        void add(long number, List<SamplePoint> points) {
            try {
                Optional<MetricBucket> both =
                        halves.of(assembler.assemble(points, counters).pods()).filter(MetricBucket::isTwoArmed);
                if (both.isPresent()) {
                    first = buckets.isEmpty() ? number : first;
                    last = number;
                    buckets.add(both.get());
                }
            } catch (IllegalArgumentException e) {
                // sums beyond all measure: such a bucket of a run would have no data either
            }
        }
    }

    /**
     * Begins with nothing.
     *
     * @param config of the run
     * @param clock tells its buckets apart
     */
    public PastBaseline(CanaryConfig config, BucketClock clock) {
        this.clock = clock;
        config.metrics().forEach(metric -> metrics.put(metric.name(), new OfMetric(metric)));
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
                metric.add(number, of);
            }
        });
    }

    /** Calibrates a run that has not begun with all that was added. */
    public void teach(CanaryRun run) {
        while (!waiting.isEmpty()) {
            assembleFirst();
        }
        Duration longest = Duration.ZERO;
        for (Map.Entry<String, OfMetric> entry : metrics.entrySet()) {
            OfMetric metric = entry.getValue();
            if (!metric.buckets.isEmpty()) {
                Duration span = Duration.between(clock.begin(metric.first), clock.begin(metric.last + 1));
                run.calibrate(entry.getKey(), metric.buckets, span);
                longest = longest.compareTo(span) < 0 ? span : longest;
            }
        }
        run.noteHistory(
                longest.isZero()
                        ? "no history: of the time before the run there is nothing of two pods of the baseline"
                        : "history: " + Words.duration(longest)
                                + " of before the run, by two halves of the baseline's pods");
    }
}
