package dev.sluice.gateapi.callers.kayenta;

import dev.sluice.gateapi.callers.kayenta.ExecutionRequest.Scope;
import dev.sluice.gateapi.http.ApiException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The query in PromQL that a metric means in a scope. A template that begins with {@code PromQL:} is the whole query. Any other is
 * a list of label matchers, which the metric is selected by beside its label bindings; then, and where a resource type takes the
 * template's place, the query is the mean of all series, by the fields to group by.
 *
 * <p><code>${name}</code> in a template or a binding is a parameter of the scope; as config editors write it, the dollar sign may
 * have a backslash after it.
 */
final class PrometheusQuery {
    private static final String TYPE = "prometheus";
    private static final String WHOLE = "PromQL:";
    private static final String RESOURCE_TYPE = "resourceType";
    /** Nothing that could end the text in which it stands, however that is quoted. */
    private static final Pattern SAFE = Pattern.compile("[^\"'`\\\\{}\\p{Cntrl}]*");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\\\?\\{([^{}]*)}");

    private final KayentaConfig.Metric metric;
    private final Members query;
    private final Map<String, String> parameters;

    private PrometheusQuery(KayentaConfig.Metric metric, Scope scope) {
        this.metric = metric;
        this.query = metric.members().object("query");
        this.parameters = new HashMap<>(scope.parameters());
        query.text(RESOURCE_TYPE).ifPresent(type -> parameters.put(RESOURCE_TYPE, type));
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
        String type = query.text("type").or(() -> query.text("serviceType")).orElse(TYPE);
        if (!type.equals(TYPE)) {
            throw problem("its query is of type " + type + ", and only " + TYPE + " can be asked");
        }
        String template = template(config);
        if (template.startsWith(WHOLE)) {
            return nonBlank(template.substring(WHOLE.length()).strip());
        }
        List<String> matchers = new ArrayList<>();
        if (!template.isBlank()) {
            matchers.add(template);
        }
        query.texts("labelBindings").forEach(binding -> matchers.add(expanded(binding)));
        if (template.isBlank()) {
            addResource(matchers);
        }
        String name = query.text("metricName").orElseThrow(() -> problem("its query has no metricName"));
        List<String> fields = query.texts("groupByFields");
        return "avg(" + name + "{" + String.join(",", matchers) + "})"
                + (fields.isEmpty() ? "" : " by (" + String.join(",", fields) + ")");
    }

    private String template(Members config) {
        String inline = query.text("customInlineTemplate").orElse("");
        if (!inline.isEmpty()) {
            return expanded(inline);
        }
        String named = query.text("customFilterTemplate").orElse("");
        if (!named.isEmpty()) {
            return expanded(config.object("templates")
                    .text(named)
                    .orElseThrow(() -> problem("the canary config has no template " + named)));
        }
        return expanded(query.text("customFilter").orElse(""));
    }

    private String nonBlank(String text) {
        if (text.isEmpty()) {
            throw problem("its query is empty");
        }
        return text;
    }

    private String expanded(String text) {
        return VARIABLE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(safe(found.group(1))));
    }

    private String safe(String name) {
        String value = parameter(name);
        if (!SAFE.matcher(value).matches()) {
            throw problem("what the scope has as " + name + " could end the text in which it stands: " + value);
        }
        return value;
    }

    private String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw problem("its query needs " + name + ", which the scope does not have");
        }
        return value;
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
                throw problem(
                        "its query needs a template that selects the arm, such as version=\"${scope}\", or a resource type");
            default -> throw problem("its resource type " + type + " is not known; select the arm by a template");
        }
    }

    private void addMatcher(
            List<String> matchers, String label, String operator, String parameter, String before, String after) {
        String value = before + parameter(parameter) + after;
        matchers.add(label + operator + "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }

    private ApiException problem(String what) {
        return Members.problem("metric " + metric.name() + ": " + what);
    }
}
