package dev.sluice.cli.judge;

import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.Exposure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** All that one arm did: its metrics in the order in which they come in its files. */
final class Arm {
    private final long bucketMillis;
    private final Map<String, MetricConfig> configured;
    private final Map<String, ArmSeries> series = new LinkedHashMap<>();

    /**
     * Begins.
     *
     * @param bucket the length of a bucket of time
     * @param configured the metrics that a config names
     */
    Arm(Duration bucket, Map<String, MetricConfig> configured) {
        this.bucketMillis = bucket.toMillis();
        this.configured = configured;
    }

    /** Reads files, one after the other. */
    void read(List<Path> files) {
        for (Path file : files) {
            SampleFile.read(file, (kind, sample) -> add(file, kind, sample));
        }
    }

    private void add(Path file, SampleKind kind, Sample sample) {
        MetricConfig config = configured.get(sample.metric());
        ArmSeries of = series.computeIfAbsent(
                sample.metric(), name -> new ArmSeries(kind, config instanceof MetricConfig.Latency, file.toString()));
        if (of.kind() != kind) {
            throw new JudgeException(sample.place() + ": " + sample.metric() + " is of " + kind.header()
                    + " here and of " + of.kind().header() + " in " + of.file());
        }
        boolean ofTime = config instanceof MetricConfig.Ratio ratio && ratio.exposure() == Exposure.TIME;
        Instant time = sample.time();
        // counts are of the time before them, values of the moment
        of.add(bucket(kind == SampleKind.VALUE ? time : time.minusMillis(1)), sample, !ofTime);
    }

    /** Returns the number of the bucket that a time is in. */
    long bucket(Instant time) {
        return Math.floorDiv(time.toEpochMilli(), bucketMillis);
    }

    /** Returns when a bucket begins. */
    Instant begin(long bucket) {
        return Instant.ofEpochMilli(bucket * bucketMillis);
    }

    Map<String, ArmSeries> series() {
        return series;
    }

    @Nullable
    ArmSeries series(String metric) {
        return series.get(metric);
    }

    /** Returns the first bucket with data; nothing where there are none. */
    OptionalLong first() {
        return buckets().min();
    }

    /** Returns the last bucket with data; nothing where there are none. */
    OptionalLong last() {
        return buckets().max();
    }

    LongStream buckets() {
        return series.values().stream()
                .flatMapToLong(of -> of.buckets().stream().mapToLong(Long::longValue));
    }
}
