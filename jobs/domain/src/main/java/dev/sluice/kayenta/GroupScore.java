package dev.sluice.kayenta;

import java.util.List;

/**
 * The score of a group of metrics.
 *
 * @param name of the group
 * @param score how many percent of its metrics pass, of those that pass or fail; 0 if there are none
 * @param hasData whether there are any; a group without counts as if all had passed
 */
public record GroupScore(String name, double score, boolean hasData) {
    private static final double ALL = 100;

    static GroupScore of(String name, List<MetricLabel> labels) {
        int passed = 0;
        int counted = 0;
        for (MetricLabel label : labels) {
            switch (label) {
                case PASS -> {
                    passed++;
                    counted++;
                }
                case HIGH, LOW, NODATA_FAIL_METRIC -> counted++;
                case NODATA, ERROR -> {
                    // neither for nor against
                }
            }
        }
        return new GroupScore(name, counted == 0 ? 0 : (double) passed / counted * ALL, counted > 0);
    }

    /** The score as it counts in the canary's. */
    double counting() {
        return hasData ? score : ALL;
    }
}
