package dev.sluice.benchmarks;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one more bucket of a metric costs: all that is done with it, for a failure and for a pass, with the guard and the interval.
 * The baseline has 9,500 requests a bucket, the canary 500; both are of one version.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = CanaryBenchmark.WARMUP, time = 1)
@Measurement(iterations = CanaryBenchmark.MEASURED, time = 1)
public class CanaryBenchmark {
    static final int WARMUP = 4;
    static final int MEASURED = 8;

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String METRIC = "metric";
    private static final long SEED = 20261129;
    private static final int DIFFERENT_BUCKETS = 512;
    private static final double[] BOUNDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    /** How the metric is measured. */
    @Param({"ratio", "histogram", "gauge"})
    public String kind = "";

    private final MetricBucket[] buckets = new MetricBucket[DIFFERENT_BUCKETS];
    private CanaryRun run = new CanaryRun(CanaryConfig.of(List.of(MetricConfig.Ratio.of(METRIC))), START);
    private long number;

    /** Begins a run, and makes buckets that differ by chance. */
    @Setup(Level.Trial)
    public void begin() {
        var random = new Random(SEED);
        for (int i = 0; i < DIFFERENT_BUCKETS; i++) {
            buckets[i] = bucket(kind, random);
        }
        run = new CanaryRun(CanaryConfig.of(List.of(metric(kind))), START);
        number = 0;
    }

    /** One more bucket. */
    @Benchmark
    public void oneMoreBucket() {
        run.add(START.plusSeconds(10 * number), Map.of(METRIC, buckets[(int) (number % DIFFERENT_BUCKETS)]));
        number++;
    }

    /** Returns the bytes that are kept of a run of one metric of a kind, after an hour. */
    static int stateBytes(String kind) throws IOException {
        var random = new Random(SEED);
        var run = new CanaryRun(CanaryConfig.of(List.of(metric(kind))), START);
        for (int i = 0; i < 360; i++) {
            run.add(START.plusSeconds(10L * i), Map.of(METRIC, bucket(kind, random)));
        }
        var bytes = new ByteArrayOutputStream();
        run.save(new DataOutputStream(bytes));
        return bytes.size();
    }

    private static MetricConfig metric(String kind) {
        return switch (kind) {
            case "ratio" -> MetricConfig.Ratio.of(METRIC);
            case "histogram" -> MetricConfig.Latency.of(METRIC);
            case "gauge" -> MetricConfig.Gauge.of(METRIC);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static MetricBucket bucket(String kind, Random random) {
        return switch (kind) {
            case "ratio" -> ratio(random);
            case "histogram" -> new HistogramBucket(durations(random, 9500), durations(random, 500));
            case "gauge" -> new GaugeBucket(100 + random.nextGaussian(), 100 + random.nextGaussian());
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /** Returns what both arms of a ratio did in a bucket. */
    static RatioBucket ratio(Random random) {
        return new RatioBucket(about(random, 95), 9500, about(random, 5), 500);
    }

    private static double about(Random random, double mean) {
        return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
    }

    private static Histogram durations(Random random, int requests) {
        var upTo = new long[BOUNDS.length];
        for (int i = 0; i < requests; i++) {
            double seconds = 0.1 * Math.exp(0.8 * random.nextGaussian());
            for (int bound = 0; bound < BOUNDS.length; bound++) {
                upTo[bound] += seconds <= BOUNDS[bound] ? 1 : 0;
            }
        }
        return Histogram.ofBuckets(BOUNDS, upTo, requests);
    }
}
