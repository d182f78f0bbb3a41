package dev.sluice.dorajob.state;

import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CatalogueKind;
import dev.sluice.delivery.EventHeader;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A {@link CatalogueAssigned}, flat. */
public record AssignmentState(
        String eventId,
        String tenant,
        String source,
        String delivery,
        Instant occurredAt,
        Instant receivedAt,
        String kind,
        String subject,
        @Nullable String value,
        long fromDay,
        long revision,
        boolean deleted) {

    /** Returns the flat form. */
    public static AssignmentState of(CatalogueAssigned event) {
        EventHeader header = event.header();
        return new AssignmentState(
                header.id(),
                header.tenant(),
                header.source(),
                header.delivery(),
                header.occurredAt(),
                header.receivedAt(),
                event.kind().name(),
                event.subject(),
                event.value(),
                event.from().toEpochDay(),
                event.revision(),
                event.deleted());
    }

    /** Returns the domain's form. */
    public CatalogueAssigned toDomain() {
        return new CatalogueAssigned(
                new EventHeader(eventId, tenant, source, delivery, occurredAt, receivedAt),
                CatalogueKind.valueOf(kind),
                subject,
                value,
                LocalDate.ofEpochDay(fromDay),
                revision,
                deleted);
    }
}
