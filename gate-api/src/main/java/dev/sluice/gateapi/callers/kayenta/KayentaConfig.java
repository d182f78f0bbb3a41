package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.kayenta.Direction;
import dev.sluice.kayenta.EffectSize;
import dev.sluice.kayenta.EffectSize.Measure;
import dev.sluice.kayenta.JudgeConfig;
import dev.sluice.kayenta.MetricConfig;
import dev.sluice.kayenta.MetricConfig.Flag;
import dev.sluice.kayenta.NanStrategy;
import dev.sluice.kayenta.NetflixAcaJudge;
import dev.sluice.kayenta.Outliers;
import dev.sluice.kayenta.Outliers.Strategy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A canary config of Kayenta.
 *
 * @param document all of it
 * @param judge the name of the judge; Kayenta's default judge where none is named
 * @param judgeConfigurations what is said to the judge
 * @param metrics what is judged, in its order
 * @param groupWeights what groups are worth
 */
record KayentaConfig(
        JsonNode document,
        String judge,
        JsonNode judgeConfigurations,
        List<Metric> metrics,
        Map<String, Double> groupWeights) {
    private static final int MOST_METRICS = 200;
    private static final String DEFAULT_SCOPE = "default";

    /**
     * A metric.
     *
     * @param scopeName by which pair of scopes its values are fetched
     * @param members all of it
     * @param rules how Kayenta's judge judges it
     */
    record Metric(String scopeName, Members members, MetricConfig rules) {
        String name() {
            return rules.name();
        }

        boolean isCritical() {
            return rules.flags().contains(Flag.CRITICAL);
        }

        boolean mustHaveData() {
            return rules.flags().contains(Flag.MUST_HAVE_DATA);
        }
    }

    /**
     * Reads a config.
     *
     * @throws dev.sluice.gateapi.http.ApiException 400 if nothing can be judged by it
     */
    static KayentaConfig read(Members config) {
        var metrics = new ArrayList<Metric>();
        for (Members metric : config.objects("metrics")) {
            if (!metric.flag("disabled")) {
                metrics.add(metric(metric));
            }
        }
        if (metrics.size() > MOST_METRICS) {
            throw Members.problem("the canary config has more than " + MOST_METRICS + " metrics");
        }
        Members judge = config.object("judge");
        return new KayentaConfig(
                config.node(),
                judge.text("name").orElse(NetflixAcaJudge.NAME),
                judge.object("judgeConfigurations").node(),
                metrics,
                weights(config.object("classifier").object("groupWeights")));
    }

    JudgeConfig rules() {
        return new JudgeConfig(metrics.stream().map(Metric::rules).toList(), groupWeights);
    }

    /** Returns normally if each metric has a name of its own, so that it can be fetched by it. */
    void requireUniqueNames() {
        Set<String> names = new HashSet<>();
        for (Metric metric : metrics) {
            if (!names.add(metric.name())) {
                throw Members.problem("two metrics of the canary config are named " + metric.name());
            }
        }
        if (metrics.isEmpty()) {
            throw Members.problem("the canary config has no metrics");
        }
    }

    private static Map<String, Double> weights(Members weights) {
        Map<String, Double> byGroup = new LinkedHashMap<>();
        weights.names().forEach(group -> weights.number(group).ifPresent(weight -> byGroup.put(group, weight)));
        return byGroup;
    }

    private static Metric metric(Members metric) {
        Members canary = metric.object("analysisConfigurations").object("canary");
        String name = metric.requiredText("name");
        try {
            var rules = new MetricConfig(
                    name,
                    metric.texts("groups"),
                    Direction.ofWord(canary.text("direction").orElse(null)),
                    NanStrategy.ofWord(canary.text("nanStrategy").orElse(null)),
                    outliers(canary.object("outliers")),
                    effectSize(canary.object("effectSize")),
                    flags(canary));
            return new Metric(metric.text("scopeName").orElse(DEFAULT_SCOPE), metric, rules);
        } catch (IllegalArgumentException e) { // Kayenta answers so, too
            throw Members.problem("metric " + name + ": " + e.getMessage());
        }
    }

    private static Outliers outliers(Members outliers) {
        return new Outliers(
                Strategy.ofWord(outliers.text("strategy").orElse(null)),
                outliers.number("outlierFactor").orElse(Outliers.DEFAULT_FACTOR));
    }

    private static EffectSize effectSize(Members effect) {
        Measure measure = Measure.ofWord(effect.text("measure").orElse(null));
        double none = measure.ofNoDifference();
        return new EffectSize(
                measure,
                effect.number("allowedIncrease").orElse(none),
                effect.number("allowedDecrease").orElse(none),
                effect.number("criticalIncrease").orElse(none),
                effect.number("criticalDecrease").orElse(none));
    }

    private static Set<Flag> flags(Members canary) {
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        if (canary.flag("critical")) {
            flags.add(Flag.CRITICAL);
        }
        if (canary.flag("muted")) {
            flags.add(Flag.MUTED);
        }
        if (canary.flag("mustHaveData")) {
            flags.add(Flag.MUST_HAVE_DATA);
        }
        return flags;
    }
}
