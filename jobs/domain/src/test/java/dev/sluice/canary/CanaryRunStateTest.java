package dev.sluice.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.evidence.RatioBucket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is saved and loaded at any time goes on as if nothing had happened: every number, bit by bit. */
class CanaryRunStateTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final MetricConfig.Latency COARSE = MetricConfig.Latency.of("coarse");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aLoadedRunGoesOn(long seed) throws IOException {
        var config = CanaryConfig.of(List.of(
                MetricConfig.Ratio.of("errors"),
                MetricConfig.Latency.of("duration"),
                COARSE,
                MetricConfig.Gauge.of("cpu")));
        var random = new Random(seed);
        var traffic = new SimulatedTraffic(seed, 10);
        double worse = seed % 2 == 0 ? 1 : 1.25;
        var whole = new CanaryRun(config, START);
        var resumed = new CanaryRun(config, START);
        if (seed > 3) {
            calibrate(whole, resumed, traffic);
        }
        for (int t = 0; t < 200; t++) {
            Instant begin = START.plusSeconds(10L * t);
            Map<String, MetricBucket> buckets = Map.of(
                    "errors", traffic.errors(0.01, 0.01 * worse),
                    "duration", traffic.durations(300, 60, worse),
                    "coarse", traffic.coarseDurations(300, 60, worse),
                    "cpu", traffic.gauge(worse));
            Map<String, Measured> measured = withPods(buckets, t, random);
            whole.addMeasured(begin, measured);
            resumed.addMeasured(begin, measured);
            if (t == 100) {
                whole.startStage(begin);
                resumed.startStage(begin);
            }
            if (random.nextInt(20) == 0) {
                resumed = reloaded(config, resumed);
            }
            if (t % 10 == 0) {
                Instant now = begin.plusSeconds(10);
                assertThat(resumed.verdict(now))
                        .as("seed %d, bucket %d", seed, t)
                        .isEqualTo(whole.verdict(now));
            }
        }
        Instant end = START.plusSeconds(2000);
        assertThat(reloaded(config, resumed).conclude(end)).as("seed %d", seed).isEqualTo(whole.conclude(end));
        assertThat(whole.conclude(end).state()).isNotEqualTo(CanaryState.PENDING);
    }

    @Test
    void aLoadedRunKnowsWhichArmItHasHeard() throws IOException {
        var config = CanaryConfig.of(List.of(MetricConfig.Ratio.of("errors")));
        var run = new CanaryRun(config, START);
        run.add(START.plusSeconds(60), Map.of("errors", new RatioBucket(0, 0, 4, 500)));

        CanaryVerdict verdict = reloaded(config, run).verdict(START.plusSeconds(70));

        assertThat(verdict).isEqualTo(run.verdict(START.plusSeconds(70)));
        assertThat(verdict.metrics().get(0).reason()).startsWith("no data of the baseline yet; ");
    }

    /** Adds two pods to each metric, or three after a while, of which one sometimes has nothing. */
    private static Map<String, Measured> withPods(Map<String, MetricBucket> buckets, int t, Random random) {
        Map<String, Measured> measured = new HashMap<>();
        buckets.forEach((name, bucket) -> {
            var pods = new TreeMap<String, MetricBucket>();
            for (int pod = 0; pod < (t < 120 ? 2 : 3); pod++) {
                if (random.nextInt(20) > 0) {
                    pods.put("pod-" + pod, bucket);
                }
            }
            measured.put(name, new Measured(bucket, new Pods(pods, 2)));
        });
        return measured;
    }

    private static void calibrate(CanaryRun one, CanaryRun other, SimulatedTraffic traffic) {
        List<HistogramBucket> durations = new ArrayList<>();
        List<GaugeBucket> gauges = new ArrayList<>();
        for (int i = 0; i < 8640; i++) {
            durations.add(traffic.durations(20, 5, 1));
            gauges.add(traffic.gauge(1));
        }
        for (CanaryRun run : List.of(one, other)) {
            run.calibrate("duration", durations);
            run.calibrate("cpu", gauges);
        }
    }

    private static CanaryRun reloaded(CanaryConfig config, CanaryRun run) throws IOException {
        var bytes = new ByteArrayOutputStream();
        run.save(new DataOutputStream(bytes));
        var loaded = new CanaryRun(config, START);
        var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        loaded.load(in);
        assertThat(in.read()).isEqualTo(-1);
        return loaded;
    }
}
