package dev.sluice.kayenta;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a canary is judged by.
 *
 * @param metrics of several with the same name the first counts
 * @param groupWeights what the score of a group is worth, 100 for all of the canary's. They are taken as they are: they need
 *     not add up to 100, nor be of a group that there is; one of a misspelt group takes its part from the groups without any
 */
public record JudgeConfig(List<MetricConfig> metrics, Map<String, Double> groupWeights) {
    /** Thirds and their like may add up to a little more than 100. */
    private static final double MOST_WEIGHT = 100.01;

    public JudgeConfig {
        metrics = List.copyOf(metrics);
        groupWeights = Map.copyOf(groupWeights);
    }

    /**
     * Returns whether a score of 100 means that no group has lost anything: each weight is from 0, and together they are at most
     * 100. Else a canary whose group has failed can have as much as one that is good.
     */
    public boolean hasBoundedWeights() {
        double sum = 0;
        for (double weight : groupWeights.values()) {
            if (!(weight >= 0)) {
                return false;
            }
            sum += weight;
        }
        return sum <= MOST_WEIGHT;
    }

    Optional<MetricConfig> metric(String name) {
        return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
    }
}
