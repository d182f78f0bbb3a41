package dev.sluice.gateapi.access.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.Requests;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A token of a CI system, taken apart and not yet believed.
 *
 * @param text the whole token
 * @param signed the part of it that is signed
 * @param algorithm by which it says that it is
 * @param kid which key it says was used
 * @param signature the signature
 * @param claims what it says
 */
record IdToken(String text, String signed, Algorithm algorithm, String kid, byte[] signature, JsonNode claims) {
    private static final int MAX_LENGTH = 16 << 10;
    private static final int MAX_KID = 200;
    private static final int PARTS = 3;
    /** Where a token says where its key is, or brings it along, or what else must be understood. */
    private static final Set<String> REFUSED = Set.of("jku", "x5u", "jwk", "x5c", "crit", "b64", "zip", "enc");

    /**
     * Takes a token apart.
     *
     * @throws UntrustedException if it is none, or of a form that nobody sends
     */
    static IdToken parse(String text) throws UntrustedException {
        String[] parts = text.split("\\.", -1);
        if (text.length() > MAX_LENGTH || parts.length != PARTS) {
            throw new UntrustedException("malformed");
        }
        JsonNode header = json(parts[0]);
        for (String name : REFUSED) {
            if (header.has(name)) {
                throw new UntrustedException("header_" + name);
            }
        }
        if (header.has("typ")
                && !header.path("typ").asText().toUpperCase(Locale.ROOT).equals("JWT")) {
            throw new UntrustedException("type");
        }
        Algorithm algorithm = Optional.ofNullable(header.path("alg").textValue())
                .flatMap(Algorithm::of)
                .orElseThrow(() -> new UntrustedException("algorithm"));
        String kid = Optional.ofNullable(header.path("kid").textValue())
                .filter(given -> !given.isEmpty() && given.length() <= MAX_KID)
                .orElseThrow(() -> new UntrustedException("kid"));
        byte[] signature = bytes(parts[2]);
        if (!algorithm.isPossible(signature)) {
            throw new UntrustedException("signature");
        }
        return new IdToken(text, parts[0] + "." + parts[1], algorithm, kid, signature, json(parts[1]));
    }

    private static JsonNode json(String part) throws UntrustedException {
        JsonNode json;
        try {
            json = Requests.json(bytes(part));
        } catch (ApiException e) {
            throw new UntrustedException("malformed");
        }
        if (!json.isObject()) {
            throw new UntrustedException("malformed");
        }
        return json;
    }

    private static byte[] bytes(String part) throws UntrustedException {
        try {
            if (!part.isEmpty() && part.indexOf('=') < 0) {
                return Base64.getUrlDecoder().decode(part);
            }
        } catch (IllegalArgumentException e) {
            // below, as if it were empty
        }
        throw new UntrustedException("malformed");
    }

    /** Leaves all out: it is a credential. */
    @Override
    public String toString() {
        return "IdToken[kid=" + kid + "]";
    }
}
