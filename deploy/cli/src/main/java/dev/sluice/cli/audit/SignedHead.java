package dev.sluice.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.security.Key;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * How far the audit log of a tenant had come, as Sluice has signed it.
 *
 * @param tenant whose
 * @param seq number of the newest record
 * @param hash of all records up to it
 * @param at when it was signed, as it says
 */
public record SignedHead(String tenant, long seq, String hash, String at) {
    private static final String TYPE = "sluice-audit-head+jws";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * Verifies a head.
     *
     * @param jws the head as a compact JWS
     * @param keys the keys that may have signed it
     * @return nothing if none of them has, or it is no head
     */
    static Optional<SignedHead> verify(String jws, JsonWebKeySet keys) {
        try {
            var signature = new JsonWebSignature();
            signature.setAlgorithmConstraints(
                    new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA));
            signature.setCompactSerialization(jws);
            Optional<Key> key = keys.getJsonWebKeys().stream()
                    .filter(one -> one.getKeyId() != null && one.getKeyId().equals(signature.getKeyIdHeaderValue()))
                    .map(JsonWebKey::getKey)
                    .findFirst();
            if (key.isEmpty() || !TYPE.equals(signature.getHeader("typ"))) {
                return Optional.empty();
            }
            signature.setKey(key.get());
            if (!signature.verifySignature()) {
                return Optional.empty();
            }
            JsonNode head = MAPPER.readTree(signature.getPayload());
            return Optional.of(new SignedHead(
                    head.path("tenant").asText(),
                    head.path("seq").asLong(),
                    head.path("hash").asText(),
                    head.path("at").asText()));
        } catch (JoseException | IOException e) {
            return Optional.empty();
        }
    }
}
