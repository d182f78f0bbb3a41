package dev.sluice.kayenta;

/**
 * By how much the canary's values are greater than the baseline's. Each number is found to within {@link BrentSearch#TOLERANCE}
 * by itself, so that the ends may be in the wrong order by as much.
 *
 * @param lower the lower end of the confidence interval
 * @param upper the upper end
 * @param estimate the most plausible shift, by Hodges and Lehmann the median of all differences of a pair
 */
record Shift(double lower, double upper, double estimate) {}
