package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The members of an object as Kayenta reads them: those that it does not know are no problem, and null is as good as absent. What
 * is there and of another kind ends the request with 400.
 */
final class Members {
    private final JsonNode node;
    private final String place;

    private Members(JsonNode node, String place) {
        this.node = node;
        this.place = place;
    }

    /** Returns the members of a document. */
    static Members of(JsonNode document) {
        if (!document.isObject()) {
            throw problem("the body must be an object");
        }
        return new Members(document, "");
    }

    static ApiException problem(String message) {
        return new ApiException(ErrorType.BAD_REQUEST, message);
    }

    JsonNode node() {
        return node;
    }

    /** Returns where a member is, for people. */
    private String at(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    /** Returns a text; nothing if it is absent or empty. */
    Optional<String> text(String name) {
        JsonNode value = node.path(name);
        if (!has(name)) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw problem(at(name) + " must be a text");
        }
        return Optional.of(value.textValue()).filter(text -> !text.isBlank());
    }

    String requiredText(String name) {
        return text(name).orElseThrow(() -> problem(at(name) + " is required"));
    }

    boolean flag(String name) {
        if (has(name) && !node.path(name).isBoolean()) {
            throw problem(at(name) + " must be true or false");
        }
        return node.path(name).booleanValue();
    }

    Optional<Double> number(String name) {
        return has(name) ? Optional.of(number(node.path(name), at(name))) : Optional.empty();
    }

    double requiredNumber(String name) {
        return number(name).orElseThrow(() -> problem(at(name) + " is required"));
    }

    /** Numbers that JSON has no word for are texts. */
    private static double number(JsonNode value, String place) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        @Nullable String text = value.textValue();
        return switch (text == null ? "" : text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw problem(place + " must be a number");
        };
    }

    /** Returns a list of numbers, null among them as NaN; an absent one is empty. */
    List<Double> numbers(String name) {
        var numbers = new ArrayList<Double>();
        for (JsonNode value : elements(name)) {
            numbers.add(value.isNull() ? Double.NaN : number(value, at(name)));
        }
        return numbers;
    }

    List<String> texts(String name) {
        var texts = new ArrayList<String>();
        for (JsonNode value : elements(name)) {
            if (!value.isTextual()) {
                throw problem(at(name) + " must be a list of texts");
            }
            texts.add(value.textValue());
        }
        return texts;
    }

    private JsonNode elements(String name) {
        if (has(name) && !node.path(name).isArray()) {
            throw problem(at(name) + " must be a list");
        }
        return node.path(name);
    }

    Instant requiredTime(String name) {
        try {
            return OffsetDateTime.parse(requiredText(name)).toInstant();
        } catch (DateTimeException e) {
            throw problem(at(name) + " must be a time such as 2026-01-01T00:00:00Z");
        }
    }

    /** Returns an object; one that is absent has no members. */
    Members object(String name) {
        JsonNode value = node.path(name);
        if (has(name) && !value.isObject()) {
            throw problem(at(name) + " must be an object");
        }
        return new Members(value, at(name));
    }

    Members requiredObject(String name) {
        if (!has(name)) {
            throw problem(at(name) + " is required");
        }
        return object(name);
    }

    /** Returns the objects of a list; an absent one is empty. */
    List<Members> objects(String name) {
        var objects = new ArrayList<Members>();
        for (JsonNode value : elements(name)) {
            String where = at(name) + "[" + objects.size() + "]";
            if (!value.isObject()) {
                throw problem(where + " must be an object");
            }
            objects.add(new Members(value, where));
        }
        return objects;
    }

    List<String> names() {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
