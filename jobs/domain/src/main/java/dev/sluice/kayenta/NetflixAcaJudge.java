package dev.sluice.kayenta;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Kayenta's default judge. Of each metric it compares the values of both arms, regardless of their order in time:
 *
 * <ol>
 *   <li>points without a number are left out, or are 0; outliers are left out if that is asked for
 *   <li>arms without data, and arms that are the same, are not compared
 *   <li>a metric is High or Low if the 98 % confidence interval of the shift between the arms ({@link MannWhitney}) is beyond
 *       a quarter of the estimated shift, and the effect is as large as is asked for
 *   <li>the score is the weighted sum of the groups' shares of metrics that pass ({@link Score})
 * </ol>
 *
 * What is known of it: it promises nothing for several looks at growing series, nor for points that depend on each other
 * (of metrics with an autocorrelation of 0.7 some 17 % are false alarms); a difference of no importance fails if there is
 * little noise; rare errors and tails are not seen; values of some 1e-4 and less are too small for its {@link BrentSearch}.
 *
 * <p>Source: the behaviour of spinnaker/kayenta, {@code NetflixACAJudge}, of 2025-04. Of its answers, only those about two
 * arms that have one value each, repeated, depend on chance.
 */
public final class NetflixAcaJudge {
    /** The name by which configs choose it. */
    public static final String NAME = "NetflixACAJudge-v1.0";

    private NetflixAcaJudge() {}

    /**
     * Returns what came of a canary.
     *
     * @param config what it is judged by
     * @param thresholds for its score
     * @param pairs the values; of a metric there may be several, with different tags
     * @param noise what is put on arms that have one value each, repeated. A {@link java.util.Random} is asked for the same
     *     numbers as Kayenta's own generator, if that has the same seed
     * @throws UnknownMetricException if the config does not have the metric of a pair
     */
    public static JudgeResult judge(
            JudgeConfig config, Thresholds thresholds, List<MetricPair> pairs, RandomGenerator noise) {
        return judge(config, thresholds, pairs, noise, () -> {});
    }

    /**
     * Returns the same, and may be stopped.
     *
     * @param config what it is judged by
     * @param thresholds for its score
     * @param pairs the values
     * @param noise what is put on arms that have one value each, repeated
     * @param check run before each pair; what it throws ends the judgement
     * @throws UnknownMetricException if the config does not have the metric of a pair
     */
    public static JudgeResult judge(
            JudgeConfig config, Thresholds thresholds, List<MetricPair> pairs, RandomGenerator noise, Runnable check) {
        var metrics = new ArrayList<MetricResult>(pairs.size());
        for (MetricPair pair : pairs) {
            check.run();
            MetricConfig metric = config.metric(pair.name()).orElseThrow(() -> new UnknownMetricException(pair.name()));
            metrics.add(new MetricJudge(metric, noise).judge(pair));
        }
        List<MetricResult> counting =
                metrics.stream().filter(metric -> !metric.config().isMuted()).toList();
        Score score = Score.of(counting, config.groupWeights());
        return new JudgeResult(metrics, score.groups(), score.score(), thresholds.label(score.score()), score.reason());
    }
}
