package dev.sluice.benchmarks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the command is told.
 *
 * @param scale how thorough the run is
 * @param measurements what is measured, in this order
 * @param keys how many (run, metric) there are of live runs
 */
record BenchmarkOptions(Scale scale, List<Measurement> measurements, int keys) {
    static final String USAGE = "options: [--quick] [--keys NUMBER] [--only NAME[,NAME…]] with the names "
            + String.join(
                    ", ",
                    Stream.of(Measurement.values()).map(Measurement::wireName).toList());

    BenchmarkOptions {
        measurements = List.copyOf(measurements);
    }

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException if they are not understood
     */
    static BenchmarkOptions of(List<String> arguments) {
        Scale scale = Scale.FULL;
        List<Measurement> measurements = List.of(Measurement.values());
        int keys = VerdictMeasurement.KEYS;
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String argument = rest.remove();
            if (argument.equals("--quick")) {
                scale = Scale.QUICK;
            } else if (argument.equals("--only") && !rest.isEmpty()) {
                measurements = named(rest.remove());
            } else if (argument.equals("--keys") && !rest.isEmpty()) {
                keys = keys(rest.remove());
            } else {
                throw new IllegalArgumentException("not understood: " + argument);
            }
        }
        return new BenchmarkOptions(scale, measurements, keys);
    }

    private static List<Measurement> named(String names) {
        var measurements = new ArrayList<Measurement>();
        for (String name : names.split(",", -1)) {
            measurements.add(Measurement.ofName(name)
                    .orElseThrow(() -> new IllegalArgumentException("there is no measurement " + name)));
        }
        return measurements;
    }

    private static int keys(String number) {
        if (!number.matches("[1-9]\\d{0,6}")) {
            throw new IllegalArgumentException("no number of keys: " + number);
        }
        return Integer.parseInt(number);
    }

    /** Returns whether the results may be published: a full run of everything. */
    boolean isWhole() {
        return scale == Scale.FULL
                && measurements.equals(List.of(Measurement.values()))
                && keys == VerdictMeasurement.KEYS;
    }
}
