package dev.sluice.kayenta;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a canary.
 *
 * @param metrics one of each pair of values, in their order, those of muted metrics too
 * @param groups the groups of metrics that are not muted, in the order in which the pairs name them
 * @param score usually from 0 to 100, with two decimals
 * @param label what the score is by the thresholds
 * @param reason why the score is 0 whatever the groups have; null if it is theirs
 */
public record JudgeResult(
        List<MetricResult> metrics,
        List<GroupScore> groups,
        double score,
        ScoreLabel label,
        @Nullable String reason) {
    public JudgeResult {
        metrics = List.copyOf(metrics);
        groups = List.copyOf(groups);
    }
}
