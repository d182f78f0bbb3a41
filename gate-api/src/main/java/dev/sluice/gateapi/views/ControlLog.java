package dev.sluice.gateapi.views;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Writes what is set up to the log, and reads it back. */
public final class ControlLog {
    private static final Duration READ_BACK = Duration.ofSeconds(2);

    private final Views views;
    private final LogAppender control;

    /**
     * Creates a log.
     *
     * @param views tells when a change has been read back
     * @param control appends to the control topic
     */
    public ControlLog(Views views, LogAppender control) {
        this.views = views;
        this.control = control;
    }

    /**
     * Writes a change.
     *
     * @return done when this replica has read it back; fails with an {@link ApiException} 503 if that is not in time: then the
     *     change may stand in the log or not
     */
    public CompletableFuture<Void> append(Control changed) {
        return control.append(changed.key(), Map.of(), Json.bytes(changed)).thenCompose(this::readBack);
    }

    private CompletableFuture<Void> readBack(RecordMetadata place) {
        return views.readBack(new TopicPartition(place.topic(), place.partition()), place.offset())
                .orTimeout(READ_BACK.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    throw new ApiException(
                            ErrorType.UNAVAILABLE, "the change stands in the log and has not been read yet", late);
                });
    }
}
