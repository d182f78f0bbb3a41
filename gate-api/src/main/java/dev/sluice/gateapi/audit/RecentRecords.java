package dev.sluice.gateapi.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The newest records of each tenant in the log of decisions, as this replica follows it, and the decisions that are pending there. */
public final class RecentRecords {
    private static final int MOST = 200;
    private static final int MOST_PENDING = 500;
    private static final byte[] PENDING = "\"decision\":\"pending\"".getBytes(StandardCharsets.US_ASCII);

    private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();

    /**
     * A record in its place.
     *
     * @param partition its partition
     * @param offset its offset
     * @param seq which of its tenant it is; null where that was counted before this replica began
     * @param record its JSON
     */
    public record Kept(int partition, long offset, @Nullable Long seq, byte[] record) {
        /** Returns the record. */
        public JsonNode json() {
            return Json.read(record, JsonNode.class);
        }
    }

    void take(AuditLine line) {
        Tenant tenant = tenants.computeIfAbsent(line.tenant(), name -> new Tenant());
        var kept = new Kept(
                line.partition(),
                line.offset(),
                line.chain() == null ? null : line.chain().seq(),
                line.record());
        tenant.newest.putIfAbsent(line.offset(), kept);
        if (tenant.newest.size() > MOST) {
            tenant.newest.pollFirstEntry();
        }
        if (line.resolved() != null) {
            tenant.pending.remove(line.resolved());
        } else if (holds(line.record(), PENDING)) {
            tenant.pending.put(kept.json().path("id").asText(), kept);
        }
    }

    private static boolean holds(byte[] record, byte[] needle) {
        int last = record.length - needle.length;
        for (int i = 0; i <= last; i++) {
            int j = 0;
            while (j < needle.length && record[i + j] == needle[j]) {
                j++;
            }
            if (j == needle.length) {
                return true;
            }
        }
        return false;
    }

    /** Returns the newest records of a tenant, the newest first. */
    public List<Kept> newest(String tenant) {
        Tenant known = tenants.get(tenant);
        return known == null
                ? List.of()
                : List.copyOf(known.newest.descendingMap().values());
    }

    /** Returns the decisions of a tenant of which the log does not say yet what has become of them; some may have expired. */
    public Collection<Kept> pending(String tenant) {
        Tenant known = tenants.get(tenant);
        if (known == null) {
            return List.of();
        }
        synchronized (known.pending) {
            return List.copyOf(known.pending.values());
        }
    }

    private static final class Tenant {
        private final NavigableMap<Long, Kept> newest = new ConcurrentSkipListMap<>();
        private final Map<String, Kept> pending = Collections.synchronizedMap(new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
                return size() > MOST_PENDING;
            }
        });
    }
}
