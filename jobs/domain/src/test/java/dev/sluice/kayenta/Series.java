package dev.sluice.kayenta;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Values of an arm, in the words of the tables of cases. */
final class Series {
    private Series() {}

    /** Reads values such as {@code 0 NaN 1..10 5*20}, or {@code -} for none. */
    static List<Double> list(String text) {
        return text.equals("-")
                ? List.of()
                : Arrays.stream(text.split(" ", -1))
                        .flatMapToDouble(Series::values)
                        .boxed()
                        .toList();
    }

    private static DoubleStream values(String token) {
        if (token.contains("..")) {
            String[] fraction = token.split("/", -1);
            double divisor = fraction.length > 1 ? Double.parseDouble(fraction[1]) : 1;
            String[] ends = fraction[0].split("\\.\\.", -1);
            int from = Integer.parseInt(ends[0]);
            int to = Integer.parseInt(ends[1]);
            return IntStream.rangeClosed(0, Math.abs(to - from))
                    .mapToDouble(i -> (from + Integer.signum(to - from) * i) / divisor);
        }
        String[] repeated = token.split("\\*", -1);
        int times = repeated.length > 1 ? Integer.parseInt(repeated[1]) : 1;
        return DoubleStream.generate(() -> Double.parseDouble(repeated[0])).limit(times);
    }

    /** Reads the same into an array. */
    static double[] array(String text) {
        return list(text).stream().mapToDouble(Double::doubleValue).toArray();
    }
}
