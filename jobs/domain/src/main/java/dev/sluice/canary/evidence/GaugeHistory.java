package dev.sluice.canary.evidence;

import java.util.Optional;

/**
 * What the differences of two arms of one version looked like: without it nobody can tell a slow swing from a shift within an
 * hour. It knows swings of up to about a sixteenth of its length; see the measured false alarms in
 * docs/reference/canary-accuracy.md. Source: the method of batch means, e.g. P. Glynn, D. Iglehart, "Simulation output analysis
 * using standardized time series", Mathematics of Operations Research 15 (1990).
 *
 * @param independence kappa: variance by long-run variance, above 0; so many independent values is each worth
 * @param variance of the differences, at least 0
 */
public record GaugeHistory(double independence, double variance) {
    /** How many differences a history has at least. */
    public static final int LEAST_DIFFERENCES = 256;

    private static final int LEAST_BLOCKS = 16;

    public GaugeHistory {
        if (!(independence > 0) || !(variance >= 0)) {
            throw new IllegalArgumentException("independence " + independence + ", variance " + variance);
        }
    }

    /**
     * Learns from differences of baseline against baseline, one of each bucket. The long-run variance is the greatest, over
     * block lengths of a power of two with at least {@value #LEAST_BLOCKS} blocks, of length times variance of the blocks'
     * means.
     *
     * @return nothing for fewer than {@value #LEAST_DIFFERENCES} differences, or where all are equal
     */
    public static Optional<GaugeHistory> of(double[] differences) {
        double variance = varianceOfMeans(differences, 1);
        if (differences.length < LEAST_DIFFERENCES || !(variance > 0)) {
            return Optional.empty();
        }
        double longRun = variance;
        for (int length = 2; differences.length / length >= LEAST_BLOCKS; length *= 2) {
            longRun = Math.max(longRun, length * varianceOfMeans(differences, length));
        }
        return Double.isFinite(longRun)
                ? Optional.of(new GaugeHistory(variance / longRun, variance))
                : Optional.empty();
    }

    private static double varianceOfMeans(double[] values, int length) {
        int blocks = values.length / length;
        var means = new double[blocks];
        double mean = 0;
        for (int block = 0; block < blocks; block++) {
            for (int i = 0; i < length; i++) {
                means[block] += values[block * length + i] / length;
            }
            mean += means[block] / blocks;
        }
        double sum = 0;
        for (double blockMean : means) {
            sum += (blockMean - mean) * (blockMean - mean);
        }
        return sum / (blocks - 1);
    }
}
