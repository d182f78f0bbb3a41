package dev.sluice.shift;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;

/** Named moments and makers of values. */
final class ShiftFixture {
    /** A Monday. */
    static final Instant BEGINNING = Instant.parse("2025-01-06T12:00:00Z");

    private ShiftFixture() {}

    static Instant day(int day) {
        return BEGINNING.plus(Duration.ofDays(day));
    }

    /** Makes one value a day, the first on day 0. */
    static List<MetricValue> daily(int days, IntToLongFunction valueOfDay) {
        var values = new ArrayList<MetricValue>();
        for (int day = 0; day < days; day++) {
            values.add(MetricValue.at(day(day), valueOfDay.applyAsLong(day)));
        }
        return values;
    }

    /** Makes weeks that begin at midnight, the first on day 0. */
    static List<MetricValue> weekly(int weeks, IntToLongFunction countOfWeek) {
        var values = new ArrayList<MetricValue>();
        Instant midnight = Instant.parse("2025-01-06T00:00:00Z");
        for (int week = 0; week < weeks; week++) {
            Instant begin = midnight.plus(Duration.ofDays(7L * week));
            values.add(new MetricValue(begin, begin.plus(Duration.ofDays(7)), countOfWeek.applyAsLong(week)));
        }
        return values;
    }

    static long bernoulli(Random random, double share) {
        return random.nextDouble() < share ? 1 : 0;
    }

    /** Knuth's method: multiplies uniforms until they fall below e^-mean. */
    static long poisson(Random random, double mean) {
        double limit = StrictMath.exp(-mean);
        long count = -1;
        for (double product = 1; product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    /** A lognormal duration in milliseconds. */
    static long duration(Random random, double medianHours, double sigma) {
        double hours = medianHours * StrictMath.exp(sigma * random.nextGaussian());
        return (long) (hours * Duration.ofHours(1).toMillis());
    }
}
