package dev.sluice.dora;

/**
 * Exact sample quantiles of type 7 (Hyndman and Fan, 1996): linear between closest ranks, h = (n - 1) p. The same as SQL
 * PERCENTILE_CONT and ClickHouse quantileExactInclusive.
 */
final class Quantiles {
    private Quantiles() {}

    /**
     * Returns a quantile.
     *
     * @param sorted ascending, not empty
     * @param p from 0 to 1
     */
    static double type7(long[] sorted, double p) {
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no quantile of nothing");
        }
        double h = (sorted.length - 1) * p;
        int below = (int) Math.floor(h);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (h - below) * (sorted[above] - sorted[below]);
    }
}
