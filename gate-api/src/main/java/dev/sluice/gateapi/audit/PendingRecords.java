package dev.sluice.gateapi.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.audit.RecentRecords.Kept;
import dev.sluice.wire.Json;
import dev.sluice.wire.MalformedRecordException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of a tenant of which the log does not say yet what has become of them, of each subject the newest: a pipeline that asks
 * anew instead of asking what became of its decision crowds out no other. One thread adds, any reads.
 */
final class PendingRecords {
    private static final int MOST = 500;
    private static final String PENDING = "pending";

    private final Map<Subject, Waiting> waiting = new LinkedHashMap<>();

    /** Adds a record; one that holds no pending decision is passed over. */
    synchronized void add(Kept kept) {
        Decision decision;
        try {
            decision = Json.read(kept.record(), Decision.class);
        } catch (MalformedRecordException e) {
            return;
        }
        if (!PENDING.equals(decision.decision())) {
            return;
        }
        var subject = new Subject(decision.gate(), decision.service(), decision.environment(), decision.artifact());
        waiting.remove(subject);
        waiting.put(subject, new Waiting(decision.id(), decision.expiresAt(), kept));
        if (waiting.size() > MOST) {
            waiting.remove(waiting.keySet().iterator().next());
        }
    }

    /** The log says what has become of a decision. */
    synchronized void resolved(String id) {
        waiting.values().removeIf(one -> id.equals(one.id()));
    }

    /** Returns those that have not expired at a moment, the oldest first; the others are forgotten. */
    synchronized List<Kept> at(Instant now) {
        waiting.values().removeIf(one -> one.expiresAt() != null && !now.isBefore(one.expiresAt()));
        return waiting.values().stream().map(Waiting::kept).toList();
    }

    private record Decision(
            @Nullable String id,
            @Nullable String decision,
            @Nullable String gate,
            @Nullable String service,
            @Nullable String environment,
            @Nullable JsonNode artifact,
            @Nullable Instant expiresAt) {}

    private record Subject(
            @Nullable String gate,
            @Nullable String service,
            @Nullable String environment,
            @Nullable JsonNode artifact) {}

    private record Waiting(@Nullable String id, @Nullable Instant expiresAt, Kept kept) {}
}
