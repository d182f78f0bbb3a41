package dev.sluice.gateapi.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Durations;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The members of an object in a request, read strictly: all that is wrong is found at once, each with its pointer. */
public final class Members {
    private static final int MAX_BYTES = 64 << 10;

    private final JsonNode object;
    private final String pointer;
    private final List<ApiException.FieldError> errors;
    private final Set<String> asked = new HashSet<>();

    private Members(JsonNode object, String pointer, List<ApiException.FieldError> errors) {
        this.object = object;
        this.pointer = pointer;
        this.errors = errors;
    }

    /**
     * Reads the body of a request.
     *
     * @throws ApiException 415 if it is no JSON by its type, 400 if it is no object, or a text cannot be kept
     */
    public static Members of(Context ctx) {
        return ofStorable(Requests.document(ctx, MAX_BYTES));
    }

    /**
     * Reads a body that is JSON already.
     *
     * @throws ApiException 400 if it is no object, or a text cannot be kept
     */
    public static Members of(JsonNode body) {
        return ofStorable(Requests.storable(body));
    }

    private static Members ofStorable(JsonNode body) {
        if (!body.isObject()) {
            throw ApiException.invalidDocument("", "the body must be an object");
        }
        return new Members(body, "", new ArrayList<>());
    }

    public boolean has(String name) {
        return object.has(name);
    }

    /** Returns a text of 1 to so many characters; that it is absent is wrong. */
    public Optional<String> required(String name, int most) {
        if (!has(name)) {
            asked.add(name);
            wrong(name, name + " is missing");
            return Optional.empty();
        }
        return optional(name, most);
    }

    /** Returns a text of 1 to so many characters; nothing if it is absent. */
    public Optional<String> optional(String name, int most) {
        return optional(
                name,
                text -> Optional.of(text).filter(given -> !given.isBlank() && given.length() <= most),
                "a text of 1 to " + most + " characters");
    }

    /** Returns what a text says; nothing if it is absent. */
    public <T> Optional<T> optional(String name, Function<String, Optional<T>> parser, String expected) {
        asked.add(name);
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        Optional<T> parsed = value.isTextual() ? parser.apply(value.textValue()) : Optional.empty();
        if (parsed.isEmpty()) {
            wrong(name, name + " must be " + expected);
        }
        return parsed;
    }

    /** Returns the members of an object that must be there. */
    public Optional<Members> object(String name) {
        asked.add(name);
        JsonNode value = object.path(name);
        if (value.isObject()) {
            return Optional.of(new Members(value, pointer + "/" + name, errors));
        }
        wrong(name, name + " must be an object");
        return Optional.empty();
    }

    /**
     * Returns when something is to expire: {@code expires_in} from now on or, where that is absent, {@code expires_at}.
     *
     * @param now the moment of the request
     * @param most how long it may hold
     */
    public Optional<Instant> expiry(Instant now, Duration most) {
        Optional<Instant> after =
                optional("expires_in", Durations::parse, Durations.EXPECTED).map(now::plus);
        Optional<Instant> at = optional("expires_at", Members::parsed, "a time (RFC 3339)");
        if (has("expires_in") == has("expires_at")) {
            wrong("expires_in", "either expires_in or expires_at must be there");
            return Optional.empty();
        }
        String given = has("expires_in") ? "expires_in" : "expires_at";
        Optional<Instant> expiry = after.or(() -> at);
        if (expiry.isPresent() && (!now.isBefore(expiry.get()) || expiry.get().isAfter(now.plus(most)))) {
            wrong(given, given + " must be in the future, and at most " + most.toHours() + " h from now");
            return Optional.empty();
        }
        return expiry;
    }

    private static Optional<Instant> parsed(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns the texts of a list without repetitions, each of 1 to so many characters; empty if it is absent. */
    public Set<String> texts(String name, int most) {
        asked.add(name);
        JsonNode list = object.path(name);
        var texts = new LinkedHashSet<String>();
        if (!list.isMissingNode() && !list.isArray()) {
            wrong(name, name + " must be a list of texts");
        }
        for (JsonNode text : list) {
            if (text.isTextual()
                    && !text.textValue().isBlank()
                    && text.textValue().length() <= most) {
                texts.add(text.textValue());
            } else {
                wrong(name, name + " must be a list of texts of 1 to " + most + " characters");
            }
        }
        return texts;
    }

    /** Returns whether something is so, which must be said. */
    public boolean requiredFlag(String name) {
        asked.add(name);
        JsonNode value = object.path(name);
        if (!value.isBoolean()) {
            wrong(name, name + " must be true or false");
        }
        return value.asBoolean();
    }

    /** Returns whether something is so; nothing if that is not said. */
    public Optional<Boolean> flag(String name) {
        return has(name) ? Optional.of(requiredFlag(name)) : Optional.empty();
    }

    /** Returns a whole number within limits; nothing if it is absent. */
    public Optional<Integer> count(String name, int least, int most) {
        return whole(name, least, most).map(Long::intValue);
    }

    /** Returns a whole number within limits that may be large; nothing if it is absent. */
    public Optional<Long> whole(String name, long least, long most) {
        asked.add(name);
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() >= least
                && value.longValue() <= most) {
            return Optional.of(value.longValue());
        }
        wrong(name, name + " must be a whole number from " + least + " to " + most);
        return Optional.empty();
    }

    /**
     * Returns a finite number; nothing if it is absent.
     *
     * @param name the member
     * @param range whether it is right
     * @param expected in which range, for the message
     */
    public Optional<Double> number(String name, DoublePredicate range, String expected) {
        asked.add(name);
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (value.isNumber() && Double.isFinite(value.doubleValue()) && range.test(value.doubleValue())) {
            return Optional.of(value.doubleValue());
        }
        wrong(name, name + " must be a number " + expected);
        return Optional.empty();
    }

    /** Returns an id that somebody else has given, a whole number above 0; that it is absent is wrong. */
    public Optional<Long> id(String name) {
        asked.add(name);
        JsonNode value = object.path(name);
        if (isId(value)) {
            return Optional.of(value.longValue());
        }
        wrong(name, name + " must be an id: a whole number above 0");
        return Optional.empty();
    }

    /** Returns the ids of a list of one or more. */
    public Set<Long> ids(String name) {
        asked.add(name);
        JsonNode list = object.path(name);
        var ids = new TreeSet<Long>();
        list.forEach(value -> ids.add(isId(value) ? value.longValue() : 0));
        if (!list.isArray() || ids.isEmpty() || ids.contains(0L)) {
            wrong(name, name + " must be a list of ids: whole numbers above 0");
            return Set.of();
        }
        return ids;
    }

    private static boolean isId(JsonNode value) {
        return value.canConvertToLong() && value.isIntegralNumber() && value.longValue() > 0;
    }

    /**
     * Returns the texts of an object of one or more, each of 1 to so many characters, by their names.
     *
     * @param name the object's
     * @param form what the names in it must be
     * @param most characters of a text
     */
    public SortedMap<String, String> mapping(String name, Pattern form, int most) {
        asked.add(name);
        JsonNode given = object.path(name);
        var mapping = new TreeMap<String, String>();
        if (!given.isObject() || given.isEmpty()) {
            wrong(name, name + " must be an object of one or more texts");
        }
        given.properties().forEach(one -> {
            String text = one.getValue().asText();
            if (form.matcher(one.getKey()).matches()
                    && one.getValue().isTextual()
                    && !text.isBlank()
                    && text.length() <= most) {
                mapping.put(one.getKey(), text);
            } else {
                wrong(name, name + " must have texts of 1 to " + most + " characters under names such as " + form);
            }
        });
        return mapping;
    }

    /** Somebody else reads these members. */
    public void readElsewhere(Collection<String> names) {
        asked.addAll(names);
    }

    /** Something is wrong at a pointer into the body. */
    public void wrongAt(String place, String detail) {
        errors.add(new ApiException.FieldError(place, detail));
    }

    /** Returns a time (RFC 3339); nothing if it is absent. */
    public Optional<Instant> time(String name) {
        return optional(name, Members::parsed, "a time (RFC 3339)");
    }

    /** Something is wrong with a member. */
    public void wrong(String name, String detail) {
        errors.add(new ApiException.FieldError(
                pointer + "/" + name.replace("~", "~0").replace("/", "~1"), detail));
    }

    /** Finds the members that nobody has asked for; to be called last. */
    public void rejectUnknown() {
        object.fieldNames().forEachRemaining(name -> {
            if (!asked.contains(name)) {
                wrong(name, "there is no such field");
            }
        });
    }

    /**
     * Ends the request if something is wrong with the whole body.
     *
     * @throws ApiException 400 with all that is wrong
     */
    public void requireRight() {
        if (!errors.isEmpty()) {
            throw ApiException.invalidDocument(errors);
        }
    }
}
