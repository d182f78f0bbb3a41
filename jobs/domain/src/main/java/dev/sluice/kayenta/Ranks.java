package dev.sluice.kayenta;

/**
 * The ranks of one sample among both, equal values sharing the mean of their ranks. Negative zero is below zero, as it is for
 * Commons Math's {@code NaturalRanking}, by which Kayenta ranks.
 *
 * @param sum of the ranks of the first sample, counted from 1
 * @param ties the sum of t³ - t over all groups of t equal values
 */
record Ranks(double sum, double ties) {
    /** Ranks two samples, each in ascending order; it takes one walk through both. */
    static Ranks of(double[] first, double[] second) {
        double sum = 0;
        double ties = 0;
        int i = 0;
        int j = 0;
        while (i < first.length || j < second.length) {
            boolean ofFirst = j == second.length || (i < first.length && Double.compare(first[i], second[j]) <= 0);
            double value = ofFirst ? first[i] : second[j];
            int below = i + j;
            int from = i;
            while (i < first.length && Double.compare(first[i], value) == 0) {
                i++;
            }
            while (j < second.length && Double.compare(second[j], value) == 0) {
                j++;
            }
            double equal = i + j - below;
            sum += (i - from) * (below + (equal + 1) / 2);
            ties += equal * equal * equal - equal;
        }
        return new Ranks(sum, ties);
    }
}
