package dev.sluice.benchmarks;

import dev.sluice.kayenta.Direction;
import dev.sluice.kayenta.EffectSize;
import dev.sluice.kayenta.JudgeConfig;
import dev.sluice.kayenta.JudgeResult;
import dev.sluice.kayenta.MetricConfig;
import dev.sluice.kayenta.MetricPair;
import dev.sluice.kayenta.NanStrategy;
import dev.sluice.kayenta.NetflixAcaJudge;
import dev.sluice.kayenta.Outliers;
import dev.sluice.kayenta.Thresholds;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How many pairs of 60 points Kayenta's judge, as Sluice has it, compares in a second. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = CanaryBenchmark.WARMUP, time = 1)
@Measurement(iterations = CanaryBenchmark.MEASURED, time = 1)
public class KayentaBenchmark {
    private static final int POINTS = 60;
    private static final Thresholds THRESHOLDS = new Thresholds(95, 75);

    private final Random random = new Random(20261129);
    private final JudgeConfig config = new JudgeConfig(
            List.of(new MetricConfig(
                    "latency",
                    List.of("latency"),
                    Direction.INCREASE,
                    NanStrategy.REMOVE,
                    Outliers.KEPT,
                    EffectSize.of(EffectSize.Measure.MEAN_RATIO),
                    Set.of())),
            Map.of("latency", 100.0));

    /** One pair. */
    @Benchmark
    public JudgeResult onePair() {
        return NetflixAcaJudge.judge(
                config, THRESHOLDS, List.of(new MetricPair("latency", points(), points())), random);
    }

    private List<Double> points() {
        return Stream.generate(() -> 100 + 10 * random.nextGaussian())
                .limit(POINTS)
                .toList();
    }
}
