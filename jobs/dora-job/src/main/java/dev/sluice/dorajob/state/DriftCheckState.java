package dev.sluice.dorajob.state;

import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.EventHeader;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A {@link DriftChecked}, flat. */
public record DriftCheckState(
        String eventId,
        String tenant,
        String source,
        String delivery,
        Instant occurredAt,
        Instant receivedAt,
        String checkId,
        String service,
        String environment,
        String resource,
        boolean drifted,
        @Nullable String fingerprint,
        @Nullable Long intervalSeconds,
        long revision,
        boolean deleted) {

    /** Returns the flat form. */
    public static DriftCheckState of(DriftChecked event) {
        EventHeader header = event.header();
        Duration interval = event.interval();
        return new DriftCheckState(
                header.id(),
                header.tenant(),
                header.source(),
                header.delivery(),
                header.occurredAt(),
                header.receivedAt(),
                event.checkId(),
                event.service(),
                event.environment(),
                event.resource(),
                event.drifted(),
                event.fingerprint(),
                interval == null ? null : interval.toSeconds(),
                event.revision(),
                event.deleted());
    }

    /** Returns the domain's form. */
    public DriftChecked toDomain() {
        return new DriftChecked(
                new EventHeader(eventId, tenant, source, delivery, occurredAt, receivedAt),
                checkId,
                service,
                environment,
                resource,
                drifted,
                fingerprint,
                intervalSeconds == null ? null : Duration.ofSeconds(intervalSeconds),
                revision,
                deleted);
    }
}
