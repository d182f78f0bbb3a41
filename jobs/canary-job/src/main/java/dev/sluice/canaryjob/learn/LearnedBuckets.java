package dev.sluice.canaryjob.learn;

import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.Words;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.intake.PastBuckets;
import dev.sluice.canaryjob.state.Withheld;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.metrics.Counter;

/**
 * What two halves of the baseline of the config whose key is current did of late. Each bucket has a place, which is that of the one a
 * day and some hours later, too: so there are no more than those of that time, and none has to be looked for to be forgotten.
 */
final class LearnedBuckets {
    /** What is kept of a config is not larger: a bucket has room in its part of it. */
    static final int MOST_BYTES = 32 << 20;

    private final MapState<Long, byte[]> rows;
    private final WithheldMetrics withheld;
    private final Counter leftOut;

    /**
     * Begins with what is kept.
     *
     * @param leftOut counts what had no room, of a bucket and a metric
     */
    LearnedBuckets(MapState<Long, byte[]> rows, WithheldMetrics withheld, Counter leftOut) {
        this.rows = rows;
        this.withheld = withheld;
        this.leftOut = leftOut;
    }

    /** Keeps a bucket: of its metrics, in the order of their names, each for which there is still room. */
    void put(SavedConfig config, long number, SortedMap<String, MetricBucket> metrics) throws Exception {
        var row = new LearnedRow.Writer(number, Math.toIntExact(MOST_BYTES / config.kept()));
        for (var metric : metrics.entrySet()) {
            if (!row.add(metric.getKey(), metric.getValue())) {
                leftOut.inc();
                long begin = config.buckets().begin(number).toEpochMilli();
                withheld.add(
                        config.learned(),
                        metric.getKey(),
                        new Withheld(begin, begin, "there was no room for a bucket of it"));
            }
        }
        if (!row.isEmpty()) {
            rows.put(Math.floorMod(number, config.kept()), row.bytes());
        }
    }

    /**
     * Calibrates a run that has not begun by the buckets of the day before one.
     *
     * @param end the first bucket that is not learned from
     */
    void teach(CanaryRun run, SavedConfig config, long end) throws Exception {
        long first = end - config.taught();
        SortedMap<String, String> untaught = withheld.between(
                config, config.buckets().begin(first), config.buckets().begin(end));
        SortedMap<Long, LearnedRow> inOrder = new TreeMap<>();
        for (byte[] bytes : rows.values()) {
            LearnedRow row = LearnedRow.read(bytes);
            if (row.number() < end && row.number() >= first) {
                inOrder.put(row.number(), row);
            }
        }
        var past = new PastBuckets(config.buckets());
        inOrder.forEach((number, row) -> row.metrics().forEach((metric, bucket) -> {
            if (!untaught.containsKey(metric)) {
                past.add(metric, number, bucket);
            }
        }));
        run.noteHistory(note(past.teach(run), untaught));
    }

    private static String note(Duration longest, SortedMap<String, String> untaught) {
        var note = new StringBuilder(
                longest.isZero()
                        ? "no history: of two pods of the baseline nothing was learned between runs"
                        : "history: " + Words.duration(longest)
                                + " of before the run were learned, by two halves of the baseline's pods");
        untaught.forEach((metric, why) ->
                note.append("; nothing of ").append(metric).append(": ").append(why));
        return note.toString();
    }
}
