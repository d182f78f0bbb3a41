package dev.sluice.gateapi.callers.kayenta;

import dev.sluice.gateapi.http.ApiException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The template of a metric's query, and what is put into it. <code>${name}</code> in it is a parameter of the scope; as config editors
 * write it, the dollar sign may have a backslash after it.
 */
final class QueryTemplate {
    /** Nothing that could end the text in which it stands, however that is quoted. */
    private static final Pattern SAFE = Pattern.compile("[^\"'`\\\\{}\\p{Cntrl}]*");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\\\?\\{([^{}]*)}");

    private final KayentaConfig.Metric metric;
    private final Members query;
    private final Map<String, String> parameters;

    /**
     * Creates the template.
     *
     * @param metric whose query it is of
     * @param parameters what may be put in, by name
     */
    QueryTemplate(KayentaConfig.Metric metric, Map<String, String> parameters) {
        this.metric = metric;
        this.query = metric.members().object("query");
        this.parameters = Map.copyOf(parameters);
    }

    /**
     * Returns normally if the query is of a type, or of none.
     *
     * @throws ApiException 400 if not
     */
    void requireType(String type) {
        String own = query.text("type").or(() -> query.text("serviceType")).orElse(type);
        if (!own.equals(type)) {
            throw problem("its query is of type " + own + ", and only " + type + " can be asked");
        }
    }

    /**
     * Returns the text of the template; empty if the query has none.
     *
     * @param config all of the canary config
     * @throws ApiException 400 if the config does not have it, or the scope lacks what it needs
     */
    String text(Members config) {
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

    /**
     * Returns a text with parameters put in.
     *
     * @throws ApiException 400 if there is no such parameter, or it could end the text
     */
    String expanded(String text) {
        return VARIABLE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(safe(found.group(1))));
    }

    /**
     * Returns a parameter that can stand in any text.
     *
     * @throws ApiException 400 if there is none, or it could end the text
     */
    String safe(String name) {
        String value = parameter(name);
        if (!SAFE.matcher(value).matches()) {
            throw problem("what the scope has as " + name + " could end the text in which it stands: " + value);
        }
        return value;
    }

    /**
     * Returns a parameter.
     *
     * @throws ApiException 400 if there is none
     */
    String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw problem("its query needs " + name + ", which the scope does not have");
        }
        return value;
    }

    /** Returns the name of the source's own metric. */
    String metricName() {
        return query.text("metricName").orElseThrow(() -> problem("its query has no metricName"));
    }

    /** Returns that something is wrong with the metric, a 400. */
    ApiException problem(String what) {
        return Members.problem("metric " + metric.name() + ": " + what);
    }
}
