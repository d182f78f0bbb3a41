package dev.sluice.gateapi.callers.prometheus;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A query for one number: {@code vector(1)}, by which Flagger asks whether anybody is there, or a number of a canary run such as
 * {@code sluice_canary_score{namespace="test",name="podinfo"}}. Nothing else of PromQL is understood.
 *
 * @param metric what is asked for; null for {@code vector(1)}
 * @param labels of which run, and of which of its metrics
 */
record InstantQuery(@Nullable String metric, Map<String, String> labels) {
    /** How good the canary is proven to be: 1 good, 0 bad, 0.5 neither yet. */
    static final String SCORE = "sluice_canary_score";
    /** The evidence that counts, as the logarithm of an e-value. */
    static final String LOG_E = "sluice_canary_log_e";
    /** How much more, or less, the canary has of one of the run's metrics. */
    static final String ESTIMATE = "sluice_canary_estimate";

    static final String RUN = "run";
    static final String NAMESPACE = "namespace";
    static final String NAME = "name";
    static final String METRIC = "metric";

    private static final Pattern ONE = Pattern.compile("vector\\(\\s*1\\s*\\)");
    private static final Pattern SELECTOR = Pattern.compile("([a-z_]{1,100})\\s*\\{(.*)}", Pattern.DOTALL);
    private static final Pattern LABEL =
            Pattern.compile("\\s*([a-z_]{1,100})\\s*=\\s*\"([^\"\\\\\\n]{1,253})\"\\s*(,|$)");

    InstantQuery {
        labels = Map.copyOf(labels);
    }

    /**
     * Reads a query.
     *
     * @throws IllegalArgumentException if it is none of these; the message is for whoever asks
     */
    static InstantQuery parse(String text) {
        String query = text.strip();
        if (ONE.matcher(query).matches()) {
            return new InstantQuery(null, Map.of());
        }
        Matcher selector = SELECTOR.matcher(query);
        if (!selector.matches()) {
            throw new IllegalArgumentException("the query must be vector(1) or a number of a canary run such as "
                    + SCORE + "{namespace=\"test\",name=\"podinfo\"}");
        }
        Map<String, String> labels = labels(selector.group(2));
        String metric = selector.group(1);
        requireLabels(metric, labels.keySet());
        return new InstantQuery(metric, labels);
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!label.find(end) || label.start() != end || labels.put(label.group(1), label.group(2)) != null) {
                throw new IllegalArgumentException("labels must be written label=\"value\", each once");
            }
            end = label.end();
        }
        return labels;
    }

    private static void requireLabels(String metric, Set<String> given) {
        boolean ofMetric = metric.equals(ESTIMATE);
        if (!ofMetric && !metric.equals(SCORE) && !metric.equals(LOG_E)) {
            throw new IllegalArgumentException(
                    "there is no number " + metric + ": there are " + SCORE + ", " + LOG_E + " and " + ESTIMATE);
        }
        Set<String> byRun = ofMetric ? Set.of(RUN, METRIC) : Set.of(RUN);
        Set<String> byName = ofMetric ? Set.of(NAMESPACE, NAME, METRIC) : Set.of(NAMESPACE, NAME);
        if (!given.equals(byRun) && !given.equals(byName)) {
            throw new IllegalArgumentException(metric + " needs the labels run, or namespace and name"
                    + (ofMetric ? ", and metric" : "") + ", and no others");
        }
    }

    /** Returns a label that the query may have. */
    Optional<String> label(String name) {
        return Optional.ofNullable(labels.get(name));
    }
}
