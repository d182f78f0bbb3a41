package dev.sluice.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * What several e-values say together. An e-value is a number at least 0 whose expectation is at most 1 if nothing is wrong;
 * nothing is assumed of how they depend on each other. All are given by natural logarithms, -infinity for 0.
 *
 * <p>Sources: V. Vovk, R. Wang, "E-values: calibration, combination and applications", Annals of Statistics 49 (2021), for
 * the mean and the closure; R. Wang, A. Ramdas, "False discovery rate control with e-values", Journal of the Royal
 * Statistical Society B 84 (2022), for e-BH.
 */
public final class EValues {
    private EValues() {}

    /**
     * Returns the weighted mean: an e-value against "nothing is wrong anywhere".
     *
     * @param logs at least one
     * @param weights as many, at least 0, one of them above 0
     */
    public static double mean(double[] logs, double[] weights) {
        var terms = new double[logs.length];
        double total = 0;
        for (int i = 0; i < logs.length; i++) {
            total += weights[i];
            terms[i] = StrictMath.log(weights[i]) + logs[i];
        }
        return LogSums.of(terms) - StrictMath.log(total);
    }

    /**
     * Returns, for each, an e-value against "this one is fine" that holds for all of them at once: the least weighted mean
     * over all sets that contain it. Those at or above 1/alpha contain a false one with a probability of at most alpha.
     *
     * @param logs at least one
     * @param weights as many, above 0
     */
    public static double[] adjusted(double[] logs, double[] weights) {
        Integer[] ascending = ascending(logs);
        var adjusted = new double[logs.length];
        for (int i = 0; i < logs.length; i++) {
            double sum = StrictMath.log(weights[i]) + logs[i];
            double weight = weights[i];
            for (int other : ascending) {
                // a set is made smaller by any other whose value is below the mean so far; the rest are greater still
                if (!(logs[other] < sum - StrictMath.log(weight))) {
                    break;
                }
                if (other != i) {
                    sum = LogSums.add(sum, StrictMath.log(weights[other]) + logs[other]);
                    weight += weights[other];
                }
            }
            adjusted[i] = sum - StrictMath.log(weight);
        }
        return adjusted;
    }

    /**
     * Returns which ones are wrong so that at most alpha of them are expected to be named in error (e-BH): the k greatest,
     * for the greatest k for which the k-th is at least K/(k alpha), K = how many there are.
     *
     * @return their places, ascending
     */
    public static List<Integer> discoveries(double[] logs, double alpha) {
        Integer[] ascending = ascending(logs);
        for (int k = logs.length; k > 0; k--) {
            double bound = StrictMath.log(logs.length / (k * alpha));
            if (logs[ascending[logs.length - k]] >= bound) {
                var found = new ArrayList<>(Arrays.asList(ascending).subList(logs.length - k, logs.length));
                found.sort(Comparator.naturalOrder());
                return List.copyOf(found);
            }
        }
        return List.of();
    }

    private static Integer[] ascending(double[] logs) {
        var places = new Integer[logs.length];
        Arrays.setAll(places, i -> i);
        Arrays.sort(places, Comparator.comparingDouble(i -> logs[i]));
        return places;
    }
}
