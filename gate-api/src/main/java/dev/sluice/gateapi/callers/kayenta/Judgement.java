package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.kayenta.ArmStatistics;
import dev.sluice.kayenta.MetricLabel;
import dev.sluice.kayenta.ScoreLabel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a judge has found, as Kayenta shows it.
 *
 * @param judge the name of the judge
 * @param metrics one of each pair of values
 * @param groups of metrics that are not muted
 * @param score usually from 0 to 100
 * @param label what the score is by the thresholds
 * @param reason why; empty where there is nothing to say
 */
record Judgement(
        String judge, List<Metric> metrics, List<Group> groups, double score, ScoreLabel label, String reason) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /**
     * What was found of a metric.
     *
     * @param pair its values
     * @param config how it is judged
     * @param label what it was found to be
     * @param reason why; null where there is nothing to say
     * @param ratio the canary's mean by the baseline's; null where it was not compared
     * @param critical whether the canary fails for it
     * @param baseline the baseline's values in numbers
     * @param canary the canary's
     */
    record Metric(
            MetricSetPair pair,
            KayentaConfig.Metric config,
            MetricLabel label,
            @Nullable String reason,
            @Nullable Double ratio,
            boolean critical,
            ArmStatistics baseline,
            ArmStatistics canary) {}

    /**
     * The score of a group.
     *
     * @param name the group
     * @param score from 0 to 100
     */
    record Group(String name, double score) {}

    ObjectNode json() {
        ObjectNode json = JSON.objectNode().put("judgeName", judge);
        ArrayNode results = json.putArray("results");
        metrics.forEach(metric -> results.add(json(metric)));
        ArrayNode groupScores = json.putArray("groupScores");
        groups.forEach(group -> groupScores
                .addObject()
                .put("name", group.name())
                .put("score", group.score())
                .put("classification", "")
                .put("classificationReason", ""));
        json.putObject("score")
                .put("score", score)
                .put("classification", label.word())
                .put("classificationReason", reason);
        return json;
    }

    private static ObjectNode json(Metric metric) {
        ObjectNode json = JSON.objectNode()
                .put("name", metric.pair().name())
                .put("id", metric.pair().id());
        json.set("tags", metric.pair().tags());
        json.put("classification", metric.label().word());
        if (metric.reason() != null) {
            json.put("classificationReason", metric.reason());
        }
        ArrayNode groups = json.putArray("groups");
        metric.config().rules().groups().forEach(groups::add);
        json.putObject("experimentMetadata").set("stats", json(metric.canary()));
        json.putObject("controlMetadata").set("stats", json(metric.baseline()));
        ObjectNode result = json.putObject("resultMetadata");
        if (metric.ratio() != null) {
            result.put("ratio", metric.ratio());
        }
        return json.put("critical", metric.critical())
                .put("muted", metric.config().rules().isMuted());
    }

    private static ObjectNode json(ArmStatistics arm) {
        return JSON.objectNode()
                .put("count", arm.count())
                .put("mean", arm.mean())
                .put("min", arm.min())
                .put("max", arm.max())
                .put("std", arm.std());
    }
}
