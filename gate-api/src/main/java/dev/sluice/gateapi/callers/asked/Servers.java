package dev.sluice.gateapi.callers.asked;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.decide.GateQuestions;
import dev.sluice.gateapi.egress.EgressException;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.sources.Place;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What documents have in common that say which server asks a gate, and how it is answered. */
public final class Servers {
    private static final int LONGEST_URL = 2_000;

    private Servers() {}

    /**
     * Reads where the server's API is.
     *
     * @param body of the request
     * @param field its name
     * @param usual the public server's, where the document says nothing
     * @param rules where may be sent to
     */
    public static Optional<URI> read(Members body, String field, String usual, EgressRules rules) {
        Optional<String> text = body.has(field) ? body.required(field, LONGEST_URL) : Optional.of(usual);
        body.readElsewhere(List.of(field));
        return text.flatMap(given -> {
            try {
                URI url = rules.destination(given.replaceAll("/+$", ""));
                if (url.getRawQuery() == null) {
                    return Optional.of(url);
                }
                body.wrong(field, "the URL must have no query");
            } catch (EgressException e) {
                body.wrong(field, String.valueOf(e.getMessage()));
            }
            return Optional.empty();
        });
    }

    /** Reads the name of a gate. */
    public static Optional<String> gate(Members body, String field) {
        if (!body.has(field)) {
            body.wrong(field, field + " is missing");
        }
        return body.optional(
                field,
                name -> Optional.of(name).filter(GateQuestions::isGate),
                "the name of a gate, which is made of letters, digits, dots and dashes");
    }

    /** Reads where the secret of the webhook is, which must be there. */
    public static Optional<SecretReferences> secrets(Members body, JsonNode json, String needed, SecretPlaces places) {
        body.readElsewhere(SecretReferences.FIELDS);
        return SecretReferences.read(new Place(json, ""), needed, body::wrongAt)
                .filter(where -> where.resolve(places, body::wrongAt).isPresent());
    }

    /** Reads where another secret is, which stands in an object of its own and must be there. */
    public static Optional<SecretReferences> nestedSecrets(
            Members body, JsonNode json, String field, String needed, SecretPlaces places) {
        return body.object(field).flatMap(within -> {
            Optional<SecretReferences> secrets = secretsWithin(within, json, field, needed, places);
            within.rejectUnknown();
            return secrets;
        });
    }

    /** Reads where another secret is, which stands in an object beside other things and must be there. */
    public static Optional<SecretReferences> secretsWithin(
            Members within, JsonNode json, String field, String needed, SecretPlaces places) {
        within.readElsewhere(SecretReferences.FIELDS);
        return SecretReferences.read(new Place(json, "").at(field), needed, within::wrongAt)
                .filter(where -> where.resolve(
                                places, (pointer, problem) -> within.wrongAt("/" + field + pointer, problem))
                        .isPresent());
    }

    /** Reads where a secret is that was set up. */
    public static SecretReferences secrets(Place place, String needed) {
        return SecretReferences.read(place, needed, (pointer, problem) -> {}).orElseThrow();
    }

    /** Reads texts by name that were set up. */
    public static SortedMap<String, String> mapping(JsonNode object) {
        var mapping = new TreeMap<String, String>();
        object.properties()
                .forEach(one -> mapping.put(one.getKey(), one.getValue().asText()));
        return mapping;
    }
}
