package dev.sluice.dorajob.state;

import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link PullRequestObserved}, flat. */
public record PullRequestObservationState(
        String eventId,
        String tenant,
        String source,
        String delivery,
        Instant occurredAt,
        Instant receivedAt,
        String repository,
        String pullRequestId,
        PullRequestState state,
        long revision,
        @Nullable Boolean draft,
        @Nullable List<PullRequestObserved.Commit> commits,
        @Nullable Instant firstCommitAt,
        @Nullable String headSha,
        @Nullable String mergeSha,
        @Nullable String cherryPickOf,
        @Nullable String title) {

    /** Returns the flat form. */
    public static PullRequestObservationState of(PullRequestObserved event) {
        EventHeader header = event.header();
        return new PullRequestObservationState(
                header.id(),
                header.tenant(),
                header.source(),
                header.delivery(),
                header.occurredAt(),
                header.receivedAt(),
                event.repository(),
                event.pullRequestId(),
                event.state(),
                event.revision(),
                event.draft(),
                event.commits(),
                event.firstCommitAt(),
                event.headSha(),
                event.mergeSha(),
                event.cherryPickOf(),
                event.title());
    }

    /** Returns the domain's form. */
    public PullRequestObserved toDomain() {
        return new PullRequestObserved(
                new EventHeader(eventId, tenant, source, delivery, occurredAt, receivedAt),
                repository,
                pullRequestId,
                state,
                revision,
                draft,
                commits,
                firstCommitAt,
                headSha,
                mergeSha,
                cherryPickOf,
                title);
    }
}
