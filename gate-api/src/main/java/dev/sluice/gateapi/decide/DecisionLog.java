package dev.sluice.gateapi.decide;

import dev.sluice.gateapi.audit.Audit;
import dev.sluice.gateapi.audit.FirstFinals;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.ids.TimedIds;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.kafka.LogReader;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The log of decisions: the arbiter. What is not in it has not been decided; where it holds a decision twice the first
 * final one counts. Final decisions are remembered for a while, the others are looked up.
 */
public final class DecisionLog {
    private static final int REMEMBERED = 10_000;

    private final LogAppender appender;
    private final LogReader reader;
    private final FirstFinals finals;

    /** By id, as JSON: each lives for seconds, and the collector moves one array sooner than a hundred objects. */
    private final Map<String, byte[]> remembered = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > REMEMBERED;
        }
    });

    /**
     * Creates the log.
     *
     * @param appender appends to the topic of decisions
     * @param reader looks decisions up
     * @param finals tells what became of pending ones
     */
    public DecisionLog(LogAppender appender, LogReader reader, FirstFinals finals) {
        this.appender = appender;
        this.reader = reader;
        this.finals = finals;
    }

    /**
     * Appends a decision; completes with it, as it is to be answered, when it is acknowledged.
     *
     * @param decision the decision
     * @param snapshot what it was made of; null where nothing was judged
     */
    CompletableFuture<WrittenDecision> append(DecisionRecord decision, @Nullable Snapshot snapshot) {
        var written = WrittenDecision.of(decision);
        byte[] record = RecordedDecision.bytes(written.json(), snapshot);
        return appender.append(Keys.of(decision.tenant()), Map.of(), record).thenApply(place -> {
            remember(written);
            return written;
        });
    }

    /**
     * Appends what has become of a pending decision; completes with what the log has: the first final decision of the id, whichever replica has
     * made it.
     *
     * @param decision the decision as it is now
     * @param snapshot what it was made of; null where nothing was judged
     */
    CompletableFuture<WrittenDecision> resolve(DecisionRecord decision, @Nullable Snapshot snapshot) {
        var written = WrittenDecision.of(decision);
        byte[] record = RecordedDecision.bytes(written.json(), snapshot);
        return appender.append(Keys.of(decision.tenant()), Map.of(Audit.RESOLVES, decision.id()), record)
                .thenCompose(place -> finals.first(
                                decision.id(), new TopicPartition(place.topic(), place.partition()), place.offset())
                        .thenCompose(first -> first == place.offset()
                                ? CompletableFuture.completedFuture(written)
                                : another(place.topic(), place.partition(), first)))
                .thenApply(first -> {
                    remember(first);
                    return first;
                });
    }

    private CompletableFuture<WrittenDecision> another(String topic, int partition, long offset) {
        return reader.at(topic, partition, offset)
                .thenApply(found -> WrittenDecision.of(found.flatMap(one -> RecordedDecision.read(one.value()))
                        .orElseThrow(
                                () -> new ApiException(ErrorType.UNAVAILABLE, "the log lacks the decision; try again"))
                        .decision()));
    }

    /** Returns a decision of the tenant: the final one if there is one. */
    CompletableFuture<Optional<DecisionRecord>> find(String tenant, String id) {
        Optional<DecisionRecord> known = remembered(id);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(
                    known.filter(decision -> decision.tenant().equals(tenant)));
        }
        return findRecorded(tenant, id).thenApply(found -> found.map(RecordedDecision::decision));
    }

    /** Returns a decision of the tenant with what it was made of: the final one if there is one. */
    CompletableFuture<Optional<RecordedDecision>> findRecorded(String tenant, String id) {
        Optional<Instant> madeAt = TimedIds.timeOf(id);
        if (madeAt.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return scan(tenant, id, madeAt.get(), madeAt.get()).thenCompose(first -> {
            if (first.isEmpty() || !first.get().decision().isPending()) {
                return CompletableFuture.completedFuture(first);
            }
            return scan(tenant, id, madeAt.get(), first.get().decision().expiresAt());
        });
    }

    /** Returns the decision if it is final and not long ago. */
    Optional<DecisionRecord> remembered(String id) {
        return Optional.ofNullable(remembered.get(id)).map(json -> Json.read(json, DecisionRecord.class));
    }

    private CompletableFuture<Optional<RecordedDecision>> scan(String tenant, String id, Instant from, Instant until) {
        byte[] needle = id.getBytes(StandardCharsets.US_ASCII);
        return reader.scan(Topic.DECISIONS.topicName(), Keys.of(tenant), from, until, value -> contains(value, needle))
                .thenApply(records -> {
                    @Nullable RecordedDecision result = null;
                    for (var record : records) {
                        Optional<RecordedDecision> found = RecordedDecision.read(record.value())
                                .filter(read -> read.decision().id().equals(id));
                        if (found.isPresent()
                                && (result == null || result.decision().isPending())) {
                            result = found.get();
                        }
                    }
                    if (result != null) {
                        remember(WrittenDecision.of(result.decision()));
                    }
                    return Optional.ofNullable(result);
                });
    }

    private void remember(WrittenDecision written) {
        DecisionRecord decision = written.decision();
        if (!decision.isPending()) {
            remembered.put(decision.id(), written.json());
        }
    }

    private static boolean contains(byte @Nullable [] value, byte[] needle) {
        return value != null
                && new String(value, StandardCharsets.ISO_8859_1)
                        .contains(new String(needle, StandardCharsets.ISO_8859_1));
    }
}
