package dev.sluice.kayenta;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.util.Precision;
import org.jspecify.annotations.Nullable;

/**
 * A canary's score: the sum over its groups of score * weight / 100, groups without a weight sharing evenly what the given
 * weights leave of 100. It is 0 if a critical metric fails, else if half of the metrics or more have no data.
 *
 * @param groups the scores of the groups
 * @param score with two decimals, half of one rounded up
 * @param reason why it is 0 whatever the groups have; null if it is theirs
 */
record Score(
        List<GroupScore> groups, double score, @Nullable String reason) {
    private static final double WHOLE = 100;
    private static final int DECIMALS = 2;
    /** From how many percent of metrics without data on the canary fails. */
    private static final int MOST_WITHOUT_DATA = 50;

    /** Returns the score of metrics, none of them muted. */
    static Score of(List<MetricResult> metrics, Map<String, Double> groupWeights) {
        List<GroupScore> groups = groups(metrics);
        for (MetricResult metric : metrics) {
            if (metric.finding().failsTheCanary()) {
                return new Score(groups, 0, "Canary Failed: " + metric.finding().reason());
            }
        }
        if (hasTooLittleData(metrics)) {
            return new Score(groups, 0, "Canary Failed: " + MOST_WITHOUT_DATA + "% or more metrics returned NODATA");
        }
        return new Score(groups, sum(groups, groupWeights), null);
    }

    private static List<GroupScore> groups(List<MetricResult> metrics) {
        var labels = new LinkedHashMap<String, List<MetricLabel>>();
        for (MetricResult metric : metrics) {
            for (String group : metric.config().groups()) {
                labels.computeIfAbsent(group, name -> new ArrayList<>())
                        .add(metric.finding().label());
            }
        }
        return labels.entrySet().stream()
                .map(group -> GroupScore.of(group.getKey(), group.getValue()))
                .toList();
    }

    private static boolean hasTooLittleData(List<MetricResult> metrics) {
        long without = metrics.stream()
                .filter(metric -> metric.finding().label() == MetricLabel.NODATA)
                .count();
        return !metrics.isEmpty() && WHOLE * without / metrics.size() >= MOST_WITHOUT_DATA;
    }

    private static double sum(List<GroupScore> groups, Map<String, Double> weights) {
        double given =
                weights.values().stream().mapToDouble(Double::doubleValue).sum();
        long unweighted = groups.stream()
                .filter(group -> !weights.containsKey(group.name()))
                .count();
        double share = (WHOLE - given) / unweighted; // no number, and used for none, if there is no such group
        double sum = 0;
        for (GroupScore group : groups) {
            sum += group.counting() * (weights.getOrDefault(group.name(), share) / WHOLE);
        }
        return Precision.round(sum, DECIMALS);
    }
}
