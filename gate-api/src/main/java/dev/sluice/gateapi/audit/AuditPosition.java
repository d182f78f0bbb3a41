package dev.sluice.gateapi.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.AuditChain;
import dev.sluice.wire.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a partition of the log was followed.
 *
 * @param offset of the newest record that counts; -1 before the first
 * @param chains the chain of each tenant whose records are in the partition, up to there
 */
record AuditPosition(long offset, Map<String, AuditChain> chains) {
    /** Nothing was followed yet. */
    static final AuditPosition NONE = new AuditPosition(-1, Map.of());

    AuditPosition {
        chains = Map.copyOf(chains);
    }

    AuditChain chain(String tenant) {
        return chains.getOrDefault(tenant, AuditChain.START);
    }

    AuditPosition with(long newOffset, Map<String, AuditChain> changed) {
        var all = new HashMap<>(chains);
        all.putAll(changed);
        return new AuditPosition(newOffset, all);
    }

    ObjectNode json() {
        ObjectNode json = Json.mapper().createObjectNode().put("offset", offset);
        ObjectNode tenants = json.putObject("tenants");
        new TreeMap<>(chains)
                .forEach((tenant, chain) ->
                        tenants.putObject(tenant).put("seq", chain.seq()).put("hash", chain.hash()));
        return json;
    }

    static AuditPosition read(JsonNode json) {
        var chains = new HashMap<String, AuditChain>();
        json.path("tenants")
                .properties()
                .forEach(tenant -> chains.put(
                        tenant.getKey(),
                        AuditChain.at(
                                tenant.getValue().path("seq").longValue(),
                                tenant.getValue().path("hash").asText())));
        return new AuditPosition(json.path("offset").asLong(-1), chains);
    }
}
