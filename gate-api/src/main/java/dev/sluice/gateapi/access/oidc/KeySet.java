package dev.sluice.gateapi.access.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.wire.Json;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UncheckedJoseException;

/** The keys of an issuer, by {@code kid}: a JSON Web Key Set (RFC 7517). Keys that no signature here goes with are left out. */
final class KeySet {
    private static final int MAX_KEYS = 100;

    private final Map<String, List<PublicKey>> keys;

    private KeySet(Map<String, List<PublicKey>> keys) {
        this.keys = keys;
    }

    /**
     * Reads a key set.
     *
     * @throws IllegalArgumentException if it is none, or has no key that can be used
     */
    static KeySet read(byte[] json) {
        JsonNode document;
        try {
            document = Requests.json(json);
        } catch (ApiException e) {
            throw new IllegalArgumentException("the keys are no JSON", e);
        }
        JsonNode list = document.path("keys");
        if (!list.isArray() || list.size() > MAX_KEYS) {
            throw new IllegalArgumentException("the keys must be a list of at most " + MAX_KEYS);
        }
        Map<String, List<PublicKey>> keys = new HashMap<>();
        list.forEach(jwk -> key(jwk).ifPresent(
                        key -> keys.computeIfAbsent(jwk.path("kid").textValue(), kid -> new ArrayList<>())
                                .add(key)));
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no key that can be used");
        }
        return new KeySet(keys);
    }

    private static Optional<PublicKey> key(JsonNode jwk) {
        boolean isForSignatures =
                !jwk.has("use") || "sig".equals(jwk.path("use").textValue());
        if (!jwk.path("kid").isTextual() || !isForSignatures) {
            return Optional.empty();
        }
        try {
            Map<String, Object> members = new HashMap<>();
            jwk.properties()
                    .forEach(member ->
                            members.put(member.getKey(), Json.mapper().convertValue(member.getValue(), Object.class)));
            JsonWebKey key = JsonWebKey.Factory.newJwk(members);
            return key instanceof PublicJsonWebKey found && fits(found)
                    ? Optional.of(found.getPublicKey())
                    : Optional.empty();
        } catch (JoseException | UncheckedJoseException | ClassCastException e) {
            return Optional.empty();
        }
    }

    /** What a key says of the algorithm that it is for must be one that is taken with it. */
    private static boolean fits(PublicJsonWebKey key) {
        String algorithm = key.getAlgorithm();
        return algorithm == null
                || Algorithm.of(algorithm)
                        .filter(found -> found.takes(key.getPublicKey()))
                        .isPresent();
    }

    boolean has(String kid) {
        return keys.containsKey(kid);
    }

    /** Returns the key of a {@code kid} that goes with an algorithm; nothing if there is none, or several. */
    Optional<PublicKey> key(String kid, Algorithm algorithm) {
        List<PublicKey> found = keys.getOrDefault(kid, List.of()).stream()
                .filter(algorithm::takes)
                .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }
}
