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
 * @param resolved id of the decision that was pending and that this makes final; null for any other record
 */
record AuditLine(
        String tenant,
        int partition,
        long offset,
        byte[] record,
        @Nullable AuditChain chain,
        @Nullable String resolved) {
    /** Returns a record that was followed before. */
    static AuditLine known(String tenant, int partition, long offset, byte[] value, @Nullable String resolved) {
        return new AuditLine(tenant, partition, offset, value, null, resolved);
    }

    /** Returns a record that stands for those that are missing; no log has it. */
    static AuditLine gap(String tenant, int partition, long from, long to, AuditChain before) {
        byte[] record = Json.bytes(JsonNodeFactory.instance
                .objectNode()
                .put("kind", "gap")
                .put("after_offset", from)
                .put("goes_on_at", to));
        return new AuditLine(tenant, partition, to - 1, record, before.with(record), null);
    }

    /** Returns a record that is the next of its tenant. */
    static AuditLine next(
            String tenant, int partition, long offset, byte[] value, AuditChain before, @Nullable String resolved) {
        try {
            return new AuditLine(tenant, partition, offset, value, before.with(value), resolved);
        } catch (MalformedRecordException e) {
            byte[] kept = Json.bytes(JsonNodeFactory.instance
                    .objectNode()
                    .put("unreadable", Base64.getEncoder().encodeToString(value)));
            return new AuditLine(tenant, partition, offset, kept, before.with(kept), null);
        }
    }
}
