package dev.sluice.benchmarks;

import dev.sluice.benchmarks.Measurement.Procedure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link CanaryBenchmark} and {@link KayentaBenchmark}: what a bucket of a metric costs, and what is kept of it. */
final class CanaryMeasurement implements Procedure {
    /** What upstream's judge compares in a second. */
    private static final double KAYENTA_PAIRS = 540;

    private static final double MICROS = 1e6;

    @Override
    public List<Figure> measure(Scale scale, Path directory) throws RunnerException, IOException {
        var figures = new ArrayList<Figure>();
        for (RunResult result : run(scale, CanaryBenchmark.class, directory)) {
            String kind = result.getParams().getParam("kind");
            double micros = result.getPrimaryResult().getScore();
            Figure figure = Figure.of("a bucket of a " + kind, micros, "µs");
            figures.add(kind.equals("ratio") ? figure.within(Budget.atMost(10)) : figure);
            figures.add(Figure.of("buckets of a " + kind + " on one core", MICROS / micros, "/s"));
            figures.add(Figure.count("state of a " + kind, CanaryBenchmark.stateBytes(kind), "B"));
        }
        for (RunResult result : run(scale, KayentaBenchmark.class, directory)) {
            figures.add(Figure.of(
                            "pairs of 60 points through Kayenta's judge, against " + (int) KAYENTA_PAIRS + " a second",
                            result.getPrimaryResult().getScore() / KAYENTA_PAIRS,
                            "")
                    .within(Budget.atLeast(1)));
        }
        return figures;
    }

    private static Iterable<RunResult> run(Scale scale, Class<?> benchmark, Path directory) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(benchmark.getName())
                        .warmupIterations(scale.times(CanaryBenchmark.WARMUP))
                        .measurementIterations(scale.times(CanaryBenchmark.MEASURED))
                        .shouldFailOnError(true)
                        .output(directory
                                .resolve(benchmark.getSimpleName() + ".txt")
                                .toString())
                        .build())
                .run();
    }
}
