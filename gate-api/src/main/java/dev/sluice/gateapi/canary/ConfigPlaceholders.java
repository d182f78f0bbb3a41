package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.wire.CanaryConfigs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What differs from one run of a config to the next: <code>${service}</code>, <code>${environment}</code>,
 * <code>${baseline}</code> and <code>${canary}</code> in its selectors of series stand for what a start says.
 */
final class ConfigPlaceholders {
    private static final Set<String> NAMES = Set.of("service", "environment", "baseline", "canary");
    /** Nothing that could end the text in which it stands, however that is quoted. */
    private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._:/@+-]{1,253}");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

    private final Map<String, String> values = new HashMap<>();
    private final List<FieldError> errors = new ArrayList<>();
    private final boolean isStart;
    private final boolean mayBe;

    private ConfigPlaceholders(boolean isStart, boolean mayBe) {
        this.isStart = isStart;
        this.mayBe = mayBe;
    }

    /** Returns what is wrong with the placeholders of a config, by pointer: one that learns between runs can have none. */
    static List<FieldError> check(JsonNode config) {
        var placeholders = new ConfigPlaceholders(false, !CanaryConfigs.learns(config));
        placeholders.replaceAll(config.deepCopy());
        return placeholders.errors;
    }

    /**
     * Puts what a start says into a config.
     *
     * @param config stays as it is
     * @param start the body of the start
     * @param errors takes what is wrong, by pointer within the config
     */
    static JsonNode fill(JsonNode config, JsonNode start, List<FieldError> errors) {
        var placeholders = new ConfigPlaceholders(true, true);
        for (String name : NAMES) {
            @Nullable String value = start.path(name).textValue();
            if (value != null) {
                placeholders.values.put(name, value);
            }
        }
        JsonNode filled = config.deepCopy();
        placeholders.replaceAll(filled);
        errors.addAll(placeholders.errors);
        return filled;
    }

    private void replaceAll(JsonNode config) {
        replaceIn(config.path("selectors"), "/selectors");
        for (int i = 0; i < config.path("metrics").size(); i++) {
            replaceIn(config.path("metrics").get(i).path("series"), "/metrics/" + i + "/series");
        }
    }

    private void replaceIn(JsonNode texts, String pointer) {
        if (texts instanceof ObjectNode object) {
            object.properties().forEach(text -> {
                if (text.getValue().isTextual()) {
                    String at = pointer + "/" + text.getKey();
                    Matcher matcher = PLACEHOLDER.matcher(text.getValue().textValue());
                    object.put(text.getKey(), matcher.replaceAll(found -> Matcher.quoteReplacement(value(found, at))));
                }
            });
        }
    }

    private String value(MatchResult found, String pointer) {
        String name = found.group(1);
        if (!NAMES.contains(name)) {
            errors.add(new FieldError(
                    pointer, "${" + name + "} is none of ${service}, ${environment}, ${baseline} and ${canary}"));
            return "";
        }
        if (!mayBe) {
            errors.add(new FieldError(
                    pointer, "${" + name + "} stands for what nobody says between runs, when this config learns"));
        }
        if (!isStart) {
            return name;
        }
        @Nullable String value = values.get(name);
        if (value == null) {
            errors.add(new FieldError(pointer, "${" + name + "} stands for what the start does not say"));
            return "";
        }
        if (!SAFE.matcher(value).matches()) {
            errors.add(new FieldError(
                    pointer,
                    "${" + name + "} stands for a text that no selector may have: letters, digits and "
                            + "the characters . _ : / @ + - may be in it"));
            return "";
        }
        return value;
    }
}
