package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Writes selectors of Kubernetes as its API takes them in a query. */
final class LabelSelector {
    private LabelSelector() {}

    /**
     * Returns a selector as a text.
     *
     * @param selector with {@code matchLabels} and {@code matchExpressions}
     * @return nothing where it selects by nothing, or by what is not known
     */
    static Optional<String> of(JsonNode selector) {
        List<String> terms = new ArrayList<>();
        for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
            terms.add(label.getKey() + "=" + label.getValue().asText());
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            Optional<String> term = term(expression);
            if (term.isEmpty()) {
                return Optional.empty();
            }
            terms.add(term.get());
        }
        return terms.isEmpty() ? Optional.empty() : Optional.of(String.join(",", terms));
    }

    private static Optional<String> term(JsonNode expression) {
        String key = expression.path("key").asText();
        String values = StreamSupport.stream(expression.path("values").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(",", " (", ")"));
        return switch (expression.path("operator").asText()) {
            case "In" -> Optional.of(key + " in" + values);
            case "NotIn" -> Optional.of(key + " notin" + values);
            case "Exists" -> Optional.of(key);
            case "DoesNotExist" -> Optional.of("!" + key);
            default -> Optional.empty();
        };
    }
}
