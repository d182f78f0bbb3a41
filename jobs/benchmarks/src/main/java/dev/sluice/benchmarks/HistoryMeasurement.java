package dev.sluice.benchmarks;

import dev.sluice.benchmarks.Measurement.Procedure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link LedgerBenchmark} and compares what a deployment costs after histories of different lengths. */
final class HistoryMeasurement implements Procedure {
    private static final int MONTH = 30;
    private static final int YEAR = 365;
    private static final int FIVE_YEARS = 1825;

    @Override
    public List<Figure> measure(Scale scale, Path directory) throws RunnerException {
        var options = new OptionsBuilder()
                .include(LedgerBenchmark.class.getName())
                .warmupIterations(scale.times(LedgerBenchmark.WARMUP))
                .measurementIterations(scale.times(LedgerBenchmark.MEASURED))
                .shouldFailOnError(true)
                .output(directory.resolve("jmh.txt").toString())
                .build();
        Map<Integer, Double> micros = new TreeMap<>();
        for (RunResult result : new Runner(options).run()) {
            micros.put(
                    Integer.parseInt(result.getParams().getParam("historyDays")),
                    result.getPrimaryResult().getScore());
        }
        double month = micros.getOrDefault(MONTH, Double.NaN);
        double year = micros.getOrDefault(YEAR, Double.NaN);
        double fiveYears = micros.getOrDefault(FIVE_YEARS, Double.NaN);
        var figures = new ArrayList<Figure>();
        figures.add(Figure.of("a deployment after a year, against after a month", year / month, "")
                .within(Budget.atMost(1.2)));
        figures.add(Figure.of("a deployment after five years, against after a month", fiveYears / month, ""));
        figures.add(Figure.of("a deployment (commit, observation, rows) after a month", month, "µs"));
        figures.add(Figure.of("a deployment after a year", year, "µs"));
        figures.add(Figure.of("a deployment after five years", fiveYears, "µs"));
        return figures;
    }
}
