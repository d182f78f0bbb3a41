package dev.sluice.canaryjob.learn;

import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.Words;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.intake.PastBuckets;
import dev.sluice.wire.CanaryBucket;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.MapState;

/**
 * What two halves of the baseline of the config whose key is current did of late. Each bucket has a place, which is that of the one a
 * day later, too: so there are no more than those of a day, and none has to be looked for to be forgotten.
 */
final class LearnedBuckets {
    /** What is kept of a config is not larger: a bucket has room in its part of it. */
    static final int MOST_BYTES = 32 << 20;

    private final MapState<Long, byte[]> rows;

    LearnedBuckets(MapState<Long, byte[]> rows) {
        this.rows = rows;
    }

    /** Keeps a bucket: of its metrics, in the order of their names, as many as there is room for. */
    void put(String key, SavedConfig config, long number, SortedMap<String, MetricBucket> metrics) throws Exception {
        long room = MOST_BYTES / config.kept();
        SortedMap<String, Measured> kept = new TreeMap<>();
        metrics.forEach((name, bucket) -> kept.put(name, new Measured(bucket, Pods.UNKNOWN)));
        byte[] row = row(key, config, number, kept);
        while (row.length > room && !kept.isEmpty()) {
            kept.remove(kept.lastKey());
            row = row(key, config, number, kept);
        }
        if (!kept.isEmpty()) {
            rows.put(Math.floorMod(number, config.kept()), row);
        }
    }

    private static byte[] row(String key, SavedConfig config, long number, SortedMap<String, Measured> metrics) {
        String[] of = Keys.split(key);
        return Json.bytes(CanaryBucket.of(of[0], of[1], config.buckets().begin(number), metrics));
    }

    /**
     * Calibrates a run that has not begun by the buckets of the day before one.
     *
     * @param end the first bucket that is not learned from
     */
    void teach(CanaryRun run, SavedConfig config, long end) throws Exception {
        SortedMap<Long, Map<String, Measured>> inOrder = new TreeMap<>();
        for (byte[] row : rows.values()) {
            CanaryBucket bucket = Json.read(row, CanaryBucket.class);
            long number = config.buckets().numberOf(bucket.begin());
            if (number < end && number >= end - config.kept()) {
                inOrder.put(number, bucket.toDomain());
            }
        }
        var past = new PastBuckets(config.buckets());
        inOrder.forEach((number, metrics) ->
                metrics.forEach((metric, measured) -> past.add(metric, number, measured.bucket())));
        Duration longest = past.teach(run);
        run.noteHistory(
                longest.isZero()
                        ? "no history: of two pods of the baseline nothing was learned between runs"
                        : "history: " + Words.duration(longest)
                                + " of before the run were learned, by two halves of the baseline's pods");
    }
}
