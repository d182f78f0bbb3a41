package dev.sluice.gateapi.access.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Reach;
import dev.sluice.gateapi.access.Verb;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which tokens of an issuer are trusted, and with what.
 *
 * @param name its name: tokens that it gives have it in theirs
 * @param tenant whose data they are for
 * @param verbs what they are for
 * @param reach of which services, where
 * @param claims what the token must say, exactly
 */
record TrustRule(String name, String tenant, Set<Verb> verbs, Reach reach, Map<String, String> claims) {
    TrustRule {
        verbs = Set.copyOf(verbs);
        claims = Map.copyOf(claims);
    }

    /** Returns whether a token says all that it must say. */
    boolean takes(JsonNode said) {
        return claims.entrySet().stream()
                .allMatch(claim -> text(said, claim.getKey())
                        .filter(claim.getValue()::equals)
                        .isPresent());
    }

    /** Returns what a claim says as a text: a text, a whole number, true or false; nothing of all else. */
    static Optional<String> text(JsonNode said, String claim) {
        JsonNode value = said.path(claim);
        return value.isTextual() || value.isBoolean() || value.isIntegralNumber()
                ? Optional.of(value.asText())
                : Optional.empty();
    }
}
