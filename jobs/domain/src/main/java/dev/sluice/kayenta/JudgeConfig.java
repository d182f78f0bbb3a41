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
    public JudgeConfig {
        metrics = List.copyOf(metrics);
        groupWeights = Map.copyOf(groupWeights);
    }

    Optional<MetricConfig> metric(String name) {
        return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
    }
}
