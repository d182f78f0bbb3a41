package dev.sluice.gateapi.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.kafka.LogReader;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes what is set up. A change is made of what the one before has left, by whichever replica, as it was read back from the
 * log; in this replica a thing has one change at a time. Of two that replicas make at the same moment of a policy, of what lifts one, or of a question to a
 * gate, the first in the log of decisions holds, and the other is a conflict; of two of anything else the later one holds.
 */
public final class ControlLog {
    /** What opens or closes gates, and what is asked once of them. */
    private static final Set<String> CONTESTED =
            Set.of(Control.EXEMPTION, Control.GATE_QUESTION, Control.OVERRIDE, Control.POLICY);

    /** From a claim to the record that it is for: an append is given up long before. */
    private static final Duration STEP = Duration.ofSeconds(30);

    private static final Duration READ_BACK = Duration.ofSeconds(2);
    /** When it is no longer awaited: the log may have been emptied, and the record with it. */
    private static final Duration GIVEN_UP = Duration.ofMinutes(1);

    private final Views views;
    private final LogReader reader;
    private final LogAppender control;
    private final LogAppender audit;
    private final FirstCome firstCome;
    private final Executor answers;
    private final Clock clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /**
     * Creates a log.
     *
     * @param views tells when a change has been read back
     * @param reader tells where the control topic ends
     * @param control appends to it
     * @param audit appends to the audit log, which has what people set up before it holds
     * @param firstCome tells whose change holds
     * @param answers runs what follows
     * @param clock tells when a change was made
     */
    public ControlLog(
            Views views,
            LogReader reader,
            LogAppender control,
            LogAppender audit,
            FirstCome firstCome,
            Executor answers,
            Clock clock) {
        this.views = views;
        this.reader = reader;
        this.control = control;
        this.audit = audit;
        this.firstCome = firstCome;
        this.answers = answers;
        this.clock = clock;
    }

    /**
     * Which thing is meant.
     *
     * @param tenant whose it is
     * @param kind what it is, as {@link Control} names it
     * @param id its name among those of its kind
     */
    public record Thing(String tenant, String kind, String id) {
        private String key() {
            return Keys.of(tenant, kind, id);
        }
    }

    /**
     * Changes a thing. Whoever is told what has become of it may change it again at once.
     *
     * @param thing which one
     * @param principal who changes it
     * @param change makes what is to hold of what holds; nothing if nothing is to be changed
     * @return whether it was changed; when this replica has read the change. Fails with what {@code change} throws; with an
     *     {@link ApiException} 503 if that is not in time: then the change may stand in the log or not
     * @throws ApiException 503 if another change of it is under way, or too much else is
     */
    public CompletableFuture<Boolean> change(
            Thing thing, String principal, Function<Optional<Control>, Optional<Content>> change) {
        String key = thing.key();
        if (!underWay.add(key)) {
            throw new ApiException(ErrorType.BUSY, "the " + thing.kind() + " is being changed");
        }
        boolean asked = false;
        try {
            CompletableFuture<Optional<RecordMetadata>> appended = readToEnd(key)
                    .thenComposeAsync(read -> changed(thing, principal, change), answers)
                    .whenComplete((place, failure) -> {
                        if (failure != null) {
                            underWay.remove(key);
                        }
                    });
            asked = true;
            return appended.thenCompose(place -> {
                CompletableFuture<Void> over = place.map(this::readBack)
                        .orElseGet(() -> CompletableFuture.completedFuture(null))
                        .copy()
                        .orTimeout(GIVEN_UP.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((read, failure) -> underWay.remove(key));
                return inTime(over.copy(), "the change stands in the log and has not been read yet")
                        .thenApply(read -> place.isPresent());
            });
        } finally {
            if (!asked) {
                underWay.remove(key);
            }
        }
    }

    private CompletableFuture<Optional<RecordMetadata>> changed(
            Thing thing, String principal, Function<Optional<Control>, Optional<Content>> change) {
        long before = views.controlOffset(thing.tenant(), thing.kind(), thing.id());
        Optional<Content> changed = change.apply(find(thing));
        if (changed.isEmpty() || !CONTESTED.contains(thing.kind())) {
            return append(thing, principal, changed);
        }
        String step = thing.key() + "@" + before;
        return firstCome
                .first(thing.tenant(), "change", step, clock.instant().plus(STEP))
                .thenCompose(first -> {
                    if (!first) {
                        throw new ApiException(
                                ErrorType.CONFLICT,
                                "the " + thing.kind() + " was changed at the same time; look again");
                    }
                    return append(thing, principal, changed);
                });
    }

    /**
     * What is to hold of a thing.
     *
     * @param document what is set up; of one that is deleted it may be empty
     * @param deleted whether it holds no longer
     */
    public record Content(JsonNode document, boolean deleted) {
        /** Returns a document that holds. */
        public static Content of(JsonNode document) {
            return new Content(document, false);
        }

        /** Returns what is left of a thing that is deleted: that it was there. */
        public static Content deletion() {
            return new Content(JsonNodeFactory.instance.objectNode(), true);
        }
    }

    /**
     * Writes what is to hold, whatever held before.
     *
     * @return done when this replica has read it; fails with an {@link ApiException} 503 if that is not in time: then it may stand
     *     in the log or not
     */
    public CompletableFuture<Void> append(Control changed) {
        return write(changed)
                .thenCompose(
                        place -> inTime(readBack(place), "the change stands in the log and has not been read yet"));
    }

    /**
     * Forgets what was written of a thing that has not held for long: it does not say that it was there.
     *
     * @return when the log has it
     */
    public CompletableFuture<Void> forget(Thing thing) {
        return control.forget(thing.key()).thenAccept(place -> {});
    }

    /** Returns a thing as this replica knows it; nothing if it does not, or it is deleted. */
    public Optional<Control> find(Thing thing) {
        return views.control(thing.tenant(), thing.kind(), thing.id()).map(Held::row);
    }

    /**
     * Returns a thing when this replica has read all that was written of it before the question, by whichever replica.
     *
     * @return nothing if there is none; fails with an {@link ApiException} 503 if it is not read in time
     */
    public CompletableFuture<Optional<Control>> newest(Thing thing) {
        return readToEnd(thing.key()).thenApplyAsync(read -> find(thing), answers);
    }

    private CompletableFuture<Void> readToEnd(String key) {
        return reader.end(Topic.CONTROL.topicName(), key)
                .thenCompose(end -> inTime(
                        views.readBack(end.partition(), end.offset() - 1),
                        "what was set up has not been read from the log yet"));
    }

    private CompletableFuture<Optional<RecordMetadata>> append(
            Thing thing, String principal, Optional<Content> changed) {
        if (changed.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Content content = changed.get();
        var record = new Control(
                thing.tenant(), thing.kind(), thing.id(), principal, now, content.deleted(), content.document());
        return write(record).thenApply(Optional::of);
    }

    /** What people set up is in the audit log before it holds; without the audit log it does not. */
    private CompletableFuture<RecordMetadata> write(Control record) {
        Supplier<CompletableFuture<RecordMetadata>> set =
                () -> control.append(record.key(), Map.of(), Json.bytes(record));
        Optional<byte[]> audited = ChangeRecord.of(record);
        return audited.isEmpty()
                ? set.get()
                : audit.append(Keys.of(record.tenant()), Map.of(), audited.get())
                        .thenCompose(logged -> set.get());
    }

    private CompletableFuture<Void> readBack(RecordMetadata place) {
        return views.readBack(new TopicPartition(place.topic(), place.partition()), place.offset());
    }

    private static CompletableFuture<Void> inTime(CompletableFuture<Void> read, String otherwise) {
        return read.orTimeout(READ_BACK.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
            throw new ApiException(ErrorType.UNAVAILABLE, otherwise, late);
        });
    }
}
