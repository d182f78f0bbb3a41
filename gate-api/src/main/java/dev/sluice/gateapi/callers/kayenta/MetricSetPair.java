package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.kayenta.MetricPair;
import java.util.List;
import java.util.UUID;

/**
 * The values of a metric in both arms, of series with the same tags, as Kayenta hands them to a judge.
 *
 * @param id its id
 * @param name of the metric
 * @param tags of the series, an object
 * @param values one of each step
 * @param attributes what else is known of each arm, such as its query: an object
 * @param scopes when each arm's values are of: an object
 */
record MetricSetPair(String id, String name, JsonNode tags, Values values, JsonNode attributes, JsonNode scopes) {
    static final String CONTROL = "control";
    static final String EXPERIMENT = "experiment";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MOST_STEPS = 100_000;

    /**
     * Values of both arms.
     *
     * @param baseline one of each step, NaN where there is none; Kayenta's control
     * @param canary the same; Kayenta's experiment
     */
    record Values(List<Double> baseline, List<Double> canary) {
        Values {
            baseline = List.copyOf(baseline);
            canary = List.copyOf(canary);
        }
    }

    static MetricSetPair read(Members pair) {
        Members values = pair.object("values");
        List<Double> baseline = values.numbers(CONTROL);
        List<Double> canary = values.numbers(EXPERIMENT);
        String name = pair.requiredText("name");
        if (Math.max(baseline.size(), canary.size()) > MOST_STEPS) {
            throw Members.problem(name + " has more than " + MOST_STEPS + " values");
        }
        return new MetricSetPair(
                pair.text("id").orElseGet(() -> UUID.randomUUID().toString()),
                name,
                object(pair.object("tags")),
                new Values(baseline, canary),
                object(pair.object("attributes")),
                object(pair.object("scopes")));
    }

    private static JsonNode object(Members members) {
        return members.node().isObject() ? members.node() : JSON.objectNode();
    }

    /** Returns how many values both arms have. */
    int size() {
        return values.baseline().size() + values.canary().size();
    }

    MetricPair toDomain() {
        return new MetricPair(name, values.baseline(), values.canary());
    }

    ObjectNode json() {
        ObjectNode json = JSON.objectNode().put("name", name).put("id", id);
        json.set("tags", tags);
        ObjectNode arms = json.putObject("values");
        arms.set(CONTROL, numbers(values.baseline()));
        arms.set(EXPERIMENT, numbers(values.canary()));
        json.set("attributes", attributes);
        json.set("scopes", scopes);
        return json;
    }

    private static ArrayNode numbers(List<Double> values) {
        ArrayNode list = JSON.arrayNode();
        values.forEach(list::add);
        return list;
    }
}
