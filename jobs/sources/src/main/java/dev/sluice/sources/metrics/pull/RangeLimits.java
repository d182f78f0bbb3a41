package dev.sluice.sources.metrics.pull;

/**
 * How much of an answer to a range query is taken: memory is set aside for each step of each series, whether or not it has a point.
 *
 * @param series most series
 * @param values most steps of all series together
 */
public record RangeLimits(int series, int values) {
    /**
     * Returns normally if an answer is within the limits.
     *
     * @param ofSeries how many series it has
     * @param steps how many steps each of them has
     * @throws TooManyValuesException if not
     */
    public void check(int ofSeries, int steps) {
        if (ofSeries > series) {
            throw new TooManyValuesException("has more than " + series + " series; let it add them up");
        }
        if ((long) ofSeries * steps > values) {
            throw new TooManyValuesException(
                    "has more than " + values + " values; let it have fewer series, or longer steps");
        }
    }
}
