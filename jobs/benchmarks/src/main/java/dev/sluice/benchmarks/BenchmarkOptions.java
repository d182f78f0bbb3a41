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
 */
record BenchmarkOptions(Scale scale, List<Measurement> measurements) {
    static final String USAGE = "options: [--quick] [--only NAME[,NAME…]] with the names "
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
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String argument = rest.remove();
            if (argument.equals("--quick")) {
                scale = Scale.QUICK;
            } else if (argument.equals("--only") && !rest.isEmpty()) {
                measurements = named(rest.remove());
            } else {
                throw new IllegalArgumentException("not understood: " + argument);
            }
        }
        return new BenchmarkOptions(scale, measurements);
    }

    private static List<Measurement> named(String names) {
        var measurements = new ArrayList<Measurement>();
        for (String name : names.split(",", -1)) {
            measurements.add(Measurement.ofName(name)
                    .orElseThrow(() -> new IllegalArgumentException("there is no measurement " + name)));
        }
        return measurements;
    }

    /** Returns whether the results may be published: a full run of everything. */
    boolean isWhole() {
        return scale == Scale.FULL && measurements.equals(List.of(Measurement.values()));
    }
}
