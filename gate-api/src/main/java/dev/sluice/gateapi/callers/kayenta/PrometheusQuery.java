package dev.sluice.gateapi.callers.kayenta;

import dev.sluice.gateapi.callers.kayenta.ExecutionRequest.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The query in PromQL that a metric means in a scope. A template that begins with {@code PromQL:} is the whole query. Any other is
 * a list of label matchers, which the metric is selected by beside its label bindings; then, and where a resource type takes the
 * template's place, the query is the mean of all series, by the fields to group by.
 */
final class PrometheusQuery {
    private static final String TYPE = "prometheus";
    private static final String WHOLE = "PromQL:";
    private static final String RESOURCE_TYPE = "resourceType";

    private final Members query;
    private final Map<String, String> parameters;
    private final QueryTemplate template;

    private PrometheusQuery(KayentaConfig.Metric metric, Scope scope) {
        this.query = metric.members().object("query");
        this.parameters = new HashMap<>(scope.parameters());
        query.text(RESOURCE_TYPE).ifPresent(type -> parameters.put(RESOURCE_TYPE, type));
        this.template = new QueryTemplate(metric, parameters);
    }

    /**
     * Returns the query.
     *
     * @throws dev.sluice.gateapi.http.ApiException 400 if the metric is of another source, or the scope lacks what it needs
     */
    static String of(KayentaConfig config, KayentaConfig.Metric metric, Scope scope) {
        return new PrometheusQuery(metric, scope).text(Members.of(config.document()));
    }

    private String text(Members config) {
        template.requireType(TYPE);
        String text = template.text(config);
        if (text.startsWith(WHOLE)) {
            return nonBlank(text.substring(WHOLE.length()).strip());
        }
        List<String> matchers = new ArrayList<>();
        if (!text.isBlank()) {
            matchers.add(text);
        }
        query.texts("labelBindings").forEach(binding -> matchers.add(template.expanded(binding)));
        if (text.isBlank()) {
            addResource(matchers);
        }
        List<String> fields = query.texts("groupByFields");
        return "avg(" + template.metricName() + "{" + String.join(",", matchers) + "})"
                + (fields.isEmpty() ? "" : " by (" + String.join(",", fields) + ")");
    }

    private String nonBlank(String text) {
        if (text.isEmpty()) {
            throw template.problem("its query is empty");
        }
        return text;
    }

    private void addResource(List<String> matchers) {
        String type = parameters.getOrDefault(RESOURCE_TYPE, "");
        switch (type) {
            case "gce_instance" -> {
                addMatcher(matchers, "instance", "=~", "scope", "", "-.{4}");
                String project = parameters.getOrDefault("project", "");
                addMatcher(
                        matchers,
                        "zone",
                        "=~",
                        "location",
                        ".+/" + (project.isEmpty() ? "" : "projects/" + project + "/") + "zones/",
                        "-.{1}");
            }
            case "aws_ec2_instance" -> {
                addMatcher(matchers, "asg_groupName", "=", "scope", "", "");
                addMatcher(matchers, "zone", "=~", "location", "", ".{1}");
            }
            case "" ->
                throw template.problem(
                        "its query needs a template that selects the arm, such as version=\"${scope}\", or a resource type");
            default ->
                throw template.problem("its resource type " + type + " is not known; select the arm by a template");
        }
    }

    private void addMatcher(
            List<String> matchers, String label, String operator, String parameter, String before, String after) {
        String value = before + template.parameter(parameter) + after;
        matchers.add(label + operator + "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }
}
