package dev.sluice.gateapi.canary;

import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes what is set of canary runs. In this replica a run has one change at a time: the next is made of what the one before
 * has left, as it was read back from the log.
 */
public final class RunLog {
    private static final Duration READ_BACK = Duration.ofSeconds(2);
    /** When it is no longer awaited: the log may have been emptied, and the record with it. */
    private static final Duration GIVEN_UP = Duration.ofMinutes(1);

    private final CanaryRuns runs;
    private final Views views;
    private final LogAppender control;
    private final Clock clock;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /**
     * Creates a log.
     *
     * @param runs what there is
     * @param views tells when a change has been read back
     * @param control appends to the control topic
     * @param clock tells when a change was made
     */
    public RunLog(CanaryRuns runs, Views views, LogAppender control, Clock clock) {
        this.runs = runs;
        this.views = views;
        this.control = control;
        this.clock = clock;
    }

    /**
     * Changes a run.
     *
     * @param who changes it, of its tenant
     * @param id its id
     * @param change makes what is to hold of what holds; nothing if nothing is to be changed
     * @return whether it was changed; when this replica has read the change. Fails with an {@link ApiException} 503 if that is
     *     not in time: then the change may stand in the log or not
     * @throws ApiException what {@code change} throws; 503 if another change of the run is under way
     */
    CompletableFuture<Boolean> change(
            Principal who, String id, Function<Optional<Run>, Optional<CanaryRunDocument>> change) {
        String key = Keys.of(who.tenant(), Control.CANARY, id);
        if (!underWay.add(key)) {
            throw new ApiException(ErrorType.BUSY, "the run is being changed");
        }
        boolean appending = false;
        try {
            Optional<CanaryRunDocument> changed = change.apply(runs.find(who.tenant(), id));
            if (changed.isEmpty()) {
                return CompletableFuture.completedFuture(false);
            }
            CompletableFuture<Boolean> written = append(
                    key,
                    new Control(
                            who.tenant(),
                            Control.CANARY,
                            id,
                            who.id(),
                            clock.instant().truncatedTo(ChronoUnit.MILLIS),
                            false,
                            changed.get().json()));
            appending = true;
            return written;
        } finally {
            if (!appending) {
                underWay.remove(key);
            }
        }
    }

    /** The next change may be made when this one has been read, also if that is too late for its answer. */
    private CompletableFuture<Boolean> append(String key, Control changed) {
        var appended = control.append(key, Map.of(), Json.bytes(changed));
        CompletableFuture<Void> read = appended.thenCompose(
                place -> views.readBack(new TopicPartition(place.topic(), place.partition()), place.offset()));
        var unused = read.copy()
                .orTimeout(GIVEN_UP.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, failure) -> underWay.remove(key));
        return appended.thenCompose(place -> read.copy()
                .orTimeout(READ_BACK.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, late) -> {
                    if (late != null) {
                        throw new ApiException(
                                ErrorType.UNAVAILABLE, "the change stands in the log and has not been read yet", late);
                    }
                    return true;
                }));
    }
}
