package dev.sluice.gateapi.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The newest records of each tenant in the log of decisions, as this replica follows it, and the decisions that are pending there. */
public final class RecentRecords {
    private static final int MOST = 200;
    private static final byte[] PENDING = "\"decision\":\"pending\"".getBytes(StandardCharsets.US_ASCII);

    private final Clock clock;
    private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();

    /**
     * Creates one that holds nothing yet.
     *
     * @param clock tells which pending decisions have expired
     */
    RecentRecords(Clock clock) {
        this.clock = clock;
    }

    /**
     * A record in its place.
     *
     * @param partition its partition
     * @param offset its offset
     * @param seq which of its tenant it is; null where that was counted before this replica began
     * @param counts whether it says what became of what it is about; not so of a final decision after the first of its id
     * @param record its JSON
     */
    public record Kept(int partition, long offset, @Nullable Long seq, boolean counts, byte[] record) {
        /** Returns the record. */
        public JsonNode json() {
            return Json.read(record, JsonNode.class);
        }
    }

    /**
     * Takes the next record of the log.
     *
     * @param counts whether it says what became of what it is about
     */
    void take(AuditLine line, boolean counts) {
        Tenant tenant = tenants.computeIfAbsent(line.tenant(), name -> new Tenant());
        var kept = new Kept(
                line.partition(),
                line.offset(),
                line.chain() == null ? null : line.chain().seq(),
                counts,
                line.record());
        tenant.newest.putIfAbsent(line.offset(), kept);
        if (tenant.newest.size() > MOST) {
            tenant.newest.pollFirstEntry();
        }
        if (line.resolved() != null) {
            tenant.pending.resolved(line.resolved());
        } else if (holds(line.record(), PENDING)) {
            tenant.pending.add(kept);
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

    /** Returns the decisions of a tenant that are pending and have not expired, of each subject the newest. */
    public Collection<Kept> pending(String tenant) {
        Tenant known = tenants.get(tenant);
        return known == null ? List.of() : known.pending.at(clock.instant());
    }

    private static final class Tenant {
        private final NavigableMap<Long, Kept> newest = new ConcurrentSkipListMap<>();
        private final PendingRecords pending = new PendingRecords();
    }
}
