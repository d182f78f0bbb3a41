package dev.sluice.gateapi.canary;

import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.kafka.LogReader;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.CanaryRunDocument;
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
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes what is set of canary runs. A change is made of what the one before has left, by whichever replica, as it was read
 * back from the log; in this replica a run has one change at a time. Of two that replicas take at the same moment the later one
 * in the log holds.
 */
public final class RunLog {
    private static final Duration READ_BACK = Duration.ofSeconds(2);
    /** When it is no longer awaited: the log may have been emptied, and the record with it. */
    private static final Duration GIVEN_UP = Duration.ofMinutes(1);

    private final CanaryRuns runs;
    private final Views views;
    private final LogReader reader;
    private final LogAppender control;
    private final Executor answers;
    private final Clock clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /**
     * Creates a log.
     *
     * @param runs what there is
     * @param views tells when a change has been read back
     * @param reader tells where the control topic ends
     * @param control appends to it
     * @param answers runs what follows
     * @param clock tells when a change was made
     */
    public RunLog(CanaryRuns runs, Views views, LogReader reader, LogAppender control, Executor answers, Clock clock) {
        this.runs = runs;
        this.views = views;
        this.reader = reader;
        this.control = control;
        this.answers = answers;
        this.clock = clock;
    }

    /**
     * Changes a run.
     *
     * @param who changes it, of its tenant
     * @param id its id
     * @param change makes what is to hold of what holds; nothing if nothing is to be changed
     * @return whether it was changed; when this replica has read the change. Fails with what {@code change} throws; with an
     *     {@link ApiException} 503 if that is not in time: then the change may stand in the log or not
     * @throws ApiException 503 if another change of the run is under way, or too much else is
     */
    CompletableFuture<Boolean> change(
            Principal who, String id, Function<Optional<Run>, Optional<CanaryRunDocument>> change) {
        String key = Keys.of(who.tenant(), Control.CANARY, id);
        if (!underWay.add(key)) {
            throw new ApiException(ErrorType.BUSY, "the run is being changed");
        }
        boolean asked = false;
        try {
            CompletableFuture<Optional<RecordMetadata>> appended = readToEnd(key)
                    .thenApplyAsync(read -> change.apply(runs.find(who.tenant(), id)), answers)
                    .thenCompose(changed -> append(who, id, changed));
            asked = true;
            CompletableFuture<Void> read = appended.thenCompose(
                    place -> place.map(this::readBack).orElseGet(() -> CompletableFuture.completedFuture(null)));
            var unused = read.copy()
                    .orTimeout(GIVEN_UP.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((done, failure) -> underWay.remove(key));
            return appended.thenCompose(
                    place -> inTime(read.copy(), "the change stands in the log and has not been read yet")
                            .thenApply(done -> place.isPresent()));
        } finally {
            if (!asked) {
                underWay.remove(key);
            }
        }
    }

    /** Returns when this replica has read all that was written of a run before, by whichever replica. */
    private CompletableFuture<Void> readToEnd(String key) {
        return reader.end(Topic.CONTROL.topicName(), key)
                .thenCompose(end -> inTime(
                        views.readBack(end.partition(), end.offset() - 1),
                        "the canary runs have not been read from the log yet"));
    }

    private CompletableFuture<Optional<RecordMetadata>> append(
            Principal who, String id, Optional<CanaryRunDocument> changed) {
        if (changed.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var record = new Control(
                who.tenant(),
                Control.CANARY,
                id,
                who.id(),
                now,
                false,
                changed.get().json());
        return control.append(record.key(), Map.of(), Json.bytes(record)).thenApply(Optional::of);
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
