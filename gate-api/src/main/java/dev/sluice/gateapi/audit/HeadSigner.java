package dev.sluice.gateapi.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.keys.SigningKeys;
import dev.sluice.wire.AuditChain;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Signs how far the chain of a tenant has come: a head. Whoever keeps one can tell later whether the log up to it is what it was. */
final class HeadSigner {
    private static final String TYPE = "sluice-audit-head+jws";

    private final SigningKeys keys;

    HeadSigner(SigningKeys keys) {
        this.keys = keys;
    }

    /** Returns the head as a compact JWS; nothing where no key signs. */
    Optional<String> sign(String tenant, AuditChain chain, Instant at) {
        ObjectNode head = Json.mapper()
                .createObjectNode()
                .put("tenant", tenant)
                .put("seq", chain.seq())
                .put("hash", chain.hash())
                .put("at", at.toString());
        return keys.sign(new String(Json.bytes(head), StandardCharsets.UTF_8), TYPE);
    }
}
