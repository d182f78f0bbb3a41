package dev.sluice.gateapi.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.wire.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request for a token.
 *
 * @param id its name
 * @param owner the person or machine behind it; null for whoever asks
 * @param verbs what it is for
 * @param reach of which services, where
 * @param life how long it is to hold
 */
record TokenRequest(String id, @Nullable String owner, Set<Verb> verbs, Reach reach, Duration life) {
    /** A name that a tenant's things have: the longest that is kept. */
    private static final int MAX_NAME = 200;

    private static final int MAX_NAMES = 1_000;
    private static final Duration DEFAULT_LIFE = Duration.ofDays(90);
    private static final Duration MAX_LIFE = Duration.ofDays(400);
    private static final Duration MIN_LIFE = Duration.ofSeconds(1);
    private static final Set<String> KNOWN = Set.of("id", "owner", "scopes", "services", "environments", "expires_in");

    /**
     * Reads a request strictly.
     *
     * @throws ApiException 400 with a pointer to each thing that is wrong
     */
    static TokenRequest read(JsonNode body) {
        if (!body.isObject()) {
            throw ApiException.invalidDocument("", "the body must be an object");
        }
        var errors = new ArrayList<FieldError>();
        body.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name)) {
                errors.add(new FieldError(
                        "/" + name.replace("~", "~0").replace("/", "~1"),
                        "there is no such field; known are id, owner, scopes, services, environments, expires_in"));
            }
        });
        Optional<String> id = text(body, "id", Tokens::name, "a name of letters, digits, dots and dashes", errors);
        if (id.isEmpty() && !body.has("id")) {
            errors.add(new FieldError("/id", "id is missing"));
        }
        Optional<String> owner = text(
                body,
                "owner",
                text -> Tokens.owner(text).filter(given -> !given.isBlank()),
                "a text of 1 to " + Tokens.MAX_OWNER + " characters",
                errors);
        Set<Verb> verbs = verbs(body, errors);
        var reach = new Reach(names(body, "services", errors), names(body, "environments", errors));
        Optional<Duration> life = text(
                body,
                "expires_in",
                text -> Durations.parse(text)
                        .filter(given -> given.compareTo(MIN_LIFE) >= 0 && given.compareTo(MAX_LIFE) <= 0),
                Durations.EXPECTED + ", from 1s to " + MAX_LIFE.toDays() + "d",
                errors);
        if (!errors.isEmpty()) {
            throw ApiException.invalidDocument(errors);
        }
        return new TokenRequest(id.orElseThrow(), owner.orElse(null), verbs, reach, life.orElse(DEFAULT_LIFE));
    }

    private static <T> Optional<T> text(
            JsonNode body,
            String field,
            Function<String, Optional<T>> parser,
            String expected,
            List<FieldError> errors) {
        JsonNode node = body.path(field);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        Optional<T> value = Optional.ofNullable(node.textValue()).flatMap(parser);
        if (value.isEmpty()) {
            errors.add(new FieldError("/" + field, field + " must be " + expected));
        }
        return value;
    }

    private static Set<Verb> verbs(JsonNode body, List<FieldError> errors) {
        Set<Verb> verbs = EnumSet.noneOf(Verb.class);
        JsonNode scopes = body.path("scopes");
        for (int i = 0; i < scopes.size() && scopes.isArray(); i++) {
            String pointer = "/scopes/" + i;
            Optional.ofNullable(scopes.get(i).textValue())
                    .flatMap(Verb::ofScope)
                    .ifPresentOrElse(
                            verbs::add,
                            () -> errors.add(new FieldError(pointer, "a scope is one of " + Verb.scopes())));
        }
        if (!scopes.isArray() || scopes.isEmpty()) {
            errors.add(new FieldError("/scopes", "scopes must be a list of at least one of " + Verb.scopes()));
        }
        return verbs;
    }

    private static @Nullable Set<String> names(JsonNode body, String field, List<FieldError> errors) {
        JsonNode list = body.path(field);
        if (list.isMissingNode()) {
            return null;
        }
        var names = new LinkedHashSet<String>();
        if (list.isArray() && list.size() <= MAX_NAMES) {
            list.forEach(node -> Optional.ofNullable(node.textValue())
                    .filter(name -> !name.isBlank() && name.length() <= MAX_NAME)
                    .ifPresent(names::add));
        }
        if (names.isEmpty() || names.size() != list.size()) {
            errors.add(new FieldError(
                    "/" + field,
                    field + " must be a list of 1 to " + MAX_NAMES + " different names, or be absent for all"));
        }
        return names;
    }
}
