package dev.sluice.gateapi.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gate.Outcome;
import dev.sluice.wire.Json;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Settings in one form: names of a set in order, durations in milliseconds, and nothing where a setting has its default. */
final class CanonicalForm {
    private final ObjectNode json = Json.mapper().createObjectNode();

    CanonicalForm put(String field, @Nullable String value) {
        if (value != null) {
            json.put(field, value);
        }
        return this;
    }

    CanonicalForm put(String field, long value, long otherwise) {
        if (value != otherwise) {
            json.put(field, value);
        }
        return this;
    }

    CanonicalForm put(String field, double value, @Nullable Double otherwise) {
        if (otherwise == null || value != otherwise) {
            json.put(field, value);
        }
        return this;
    }

    CanonicalForm put(String field, Set<String> names) {
        if (!names.isEmpty()) {
            ArrayNode array = json.putArray(field);
            new TreeSet<>(names).forEach(array::add);
        }
        return this;
    }

    CanonicalForm put(String field, @Nullable Duration value, @Nullable Duration otherwise) {
        if (value != null && !value.equals(otherwise)) {
            json.put(field + "_ms", value.toMillis());
        }
        return this;
    }

    CanonicalForm put(String field, Outcome value, Outcome otherwise) {
        if (value != otherwise) {
            json.put(field, value.wireName());
        }
        return this;
    }

    ObjectNode json() {
        return json;
    }
}
