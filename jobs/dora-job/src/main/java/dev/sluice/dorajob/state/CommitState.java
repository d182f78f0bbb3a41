package dev.sluice.dorajob.state;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.Parentage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link CommitRecorded}, flat. */
public record CommitState(
        String eventId,
        String tenant,
        String source,
        String delivery,
        Instant occurredAt,
        Instant receivedAt,
        String repository,
        String sha,
        List<String> parents,
        Parentage parentage,
        Instant authoredAt,
        @Nullable Instant committedAt,
        List<String> reverts,
        @Nullable String cherryPickOf,
        @Nullable List<String> services) {

    /** Returns the flat form. */
    public static CommitState of(CommitRecorded event) {
        EventHeader header = event.header();
        return new CommitState(
                header.id(),
                header.tenant(),
                header.source(),
                header.delivery(),
                header.occurredAt(),
                header.receivedAt(),
                event.repository(),
                event.sha(),
                event.parents(),
                event.parentage(),
                event.authoredAt(),
                event.committedAt(),
                event.reverts(),
                event.cherryPickOf(),
                event.services());
    }

    /** Returns the domain's form. */
    public CommitRecorded toDomain() {
        return new CommitRecorded(
                new EventHeader(eventId, tenant, source, delivery, occurredAt, receivedAt),
                repository,
                sha,
                parents,
                parentage,
                authoredAt,
                committedAt,
                reverts,
                cherryPickOf,
                services);
    }
}
