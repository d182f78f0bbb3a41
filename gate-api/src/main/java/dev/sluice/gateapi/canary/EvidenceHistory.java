package dev.sluice.gateapi.canary;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryVerdict;
import dev.sluice.canary.MetricReading;
import dev.sluice.canary.MetricVerdict;
import dev.sluice.wire.CanaryRunDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the evidence of a run came about, as its buckets in the store tell it.
 *
 * @param byMetric the evidence of each metric, in the order of time
 * @param buckets how many buckets there are
 */
record EvidenceHistory(Map<String, List<Point>> byMetric, int buckets) {
    /** More points than a drawing can show would cost more and show the same. */
    private static final int MOST_POINTS = 240;

    EvidenceHistory {
        byMetric = Map.copyOf(byMetric);
    }

    /**
     * The evidence of a metric at the end of a bucket.
     *
     * @param at when
     * @param fail ln e that it is beyond what is tolerated
     * @param pass ln e that it is within the margin, of the stage
     */
    record Point(Instant at, double fail, double pass) {}

    /**
     * Judges a run again.
     *
     * @param document what is set of it
     * @param config what it is judged by
     * @param stored its buckets, in order
     */
    static EvidenceHistory of(CanaryRunDocument document, CanaryConfig config, List<String> stored) {
        StoredBuckets of = StoredBuckets.of(stored);
        int size = of.judged().size();
        int step = Math.max(1, (size + MOST_POINTS - 1) / MOST_POINTS);
        Map<String, List<Point>> byMetric = new LinkedHashMap<>();
        var count = new int[1];
        of.replay(document, config, Instant.MAX, (begin, run) -> {
            count[0]++;
            if (count[0] % step != 0 && count[0] != size) {
                return;
            }
            Instant end = begin.plus(config.bucket());
            CanaryVerdict verdict = run.verdict(end);
            for (MetricVerdict metric : verdict.metrics()) {
                MetricReading reading = metric.reading();
                byMetric.computeIfAbsent(reading.metric().name(), name -> new ArrayList<>())
                        .add(new Point(
                                end,
                                reading.evidence().fail(),
                                reading.evidence().pass()));
            }
        });
        return new EvidenceHistory(byMetric, stored.size());
    }

    /** Returns the evidence of a metric; none if there are no buckets. */
    List<Point> of(String metric) {
        return byMetric.getOrDefault(metric, List.of());
    }
}
