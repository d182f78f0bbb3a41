package dev.sluice.dorajob.state;

import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.ServiceDescribed;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** A {@link ServiceDescribed}, flat. */
public record ServiceState(
        String eventId,
        String tenant,
        String source,
        String delivery,
        Instant occurredAt,
        Instant receivedAt,
        String service,
        @Nullable String zone,
        @Nullable Long linkWindowSeconds,
        long revision,
        boolean deleted) {

    /** Returns the flat form. */
    public static ServiceState of(ServiceDescribed event) {
        EventHeader header = event.header();
        ZoneId zone = event.zone();
        Duration linkWindow = event.linkWindow();
        return new ServiceState(
                header.id(),
                header.tenant(),
                header.source(),
                header.delivery(),
                header.occurredAt(),
                header.receivedAt(),
                event.service(),
                zone == null ? null : zone.getId(),
                linkWindow == null ? null : linkWindow.toSeconds(),
                event.revision(),
                event.deleted());
    }

    /** Returns the domain's form. */
    public ServiceDescribed toDomain() {
        return new ServiceDescribed(
                new EventHeader(eventId, tenant, source, delivery, occurredAt, receivedAt),
                service,
                zone == null ? null : ZoneId.of(zone),
                linkWindowSeconds == null ? null : Duration.ofSeconds(linkWindowSeconds),
                revision,
                deleted);
    }
}
