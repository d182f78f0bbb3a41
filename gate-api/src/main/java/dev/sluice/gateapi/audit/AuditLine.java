package dev.sluice.gateapi.audit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.wire.AuditChain;
import dev.sluice.wire.Json;
import dev.sluice.wire.MalformedRecordException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A record of the log in its place.
 *
 * @param tenant whose
 * @param partition its partition
 * @param offset its offset
 * @param record its JSON; one that is no JSON, which Sluice never writes, is an object that holds its bytes
 * @param chain the tenant's chain with it; null where it was followed before
 */
record AuditLine(
        String tenant,
        int partition,
        long offset,
        byte[] record,
        @Nullable AuditChain chain) {
    /** Returns a record that was followed before. */
    static AuditLine known(String tenant, int partition, long offset, byte[] value) {
        return new AuditLine(tenant, partition, offset, value, null);
    }

    /** Returns a record that is the next of its tenant. */
    static AuditLine next(String tenant, int partition, long offset, byte[] value, AuditChain before) {
        try {
            return new AuditLine(tenant, partition, offset, value, before.with(value));
        } catch (MalformedRecordException e) {
            byte[] kept = Json.bytes(JsonNodeFactory.instance
                    .objectNode()
                    .put("unreadable", Base64.getEncoder().encodeToString(value)));
            return new AuditLine(tenant, partition, offset, kept, before.with(kept));
        }
    }
}
