package dev.sluice.dorajob.state;

import dev.sluice.dora.FailureClaim;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A {@link FailureClaim}, flat. */
public record ClaimState(
        String targetId,
        boolean targetIncident,
        String claimantId,
        boolean claimantIncident,
        String claimantService,
        String claimantEnvironment,
        String reference,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {

    /** Returns the flat form. */
    public static ClaimState of(FailureClaim claim) {
        return new ClaimState(
                claim.targetId(),
                claim.targetIncident(),
                claim.claimantId(),
                claim.claimantIncident(),
                claim.claimantService(),
                claim.claimantEnvironment(),
                claim.reference(),
                claim.startedAt(),
                claim.endedAt());
    }

    /** Returns the domain's form. */
    public FailureClaim toDomain() {
        return new FailureClaim(
                targetId,
                targetIncident,
                claimantId,
                claimantIncident,
                claimantService,
                claimantEnvironment,
                reference,
                startedAt,
                endedAt);
    }
}
