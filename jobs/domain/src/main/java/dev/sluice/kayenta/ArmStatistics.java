package dev.sluice.kayenta;

import org.apache.commons.math3.stat.StatUtils;

/**
 * The values of an arm in numbers, after those that are not there and outliers were left out. All are 0 if there is no value.
 *
 * @param count how many values there are
 * @param mean their mean
 * @param min the least
 * @param max the greatest
 * @param std the standard deviation, of the sample (n - 1); 0 for one value
 */
public record ArmStatistics(int count, double mean, double min, double max, double std) {
    private static final ArmStatistics NONE = new ArmStatistics(0, 0, 0, 0, 0);

    /** Returns the numbers of some values, each of which is one. */
    public static ArmStatistics of(double[] values) {
        return values.length == 0
                ? NONE
                : new ArmStatistics(
                        values.length,
                        StatUtils.mean(values),
                        StatUtils.min(values),
                        StatUtils.max(values),
                        Math.sqrt(StatUtils.variance(values)));
    }
}
