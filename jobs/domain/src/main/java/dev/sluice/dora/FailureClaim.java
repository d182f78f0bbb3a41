package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.References;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one that refers to a deployment, or to an incident, says of it: an incident that the deployment caused it, a
 * deployment that it repairs it. An upsert by (claimant, its service and environment, reference).
 *
 * @param targetId the deployment or incident that is meant
 * @param targetIncident whether it is an incident
 * @param claimantId who says so
 * @param claimantIncident whether that is an incident; a deployment that has succeeded otherwise
 * @param claimantService its service
 * @param claimantEnvironment its environment
 * @param reference the reference that it gives
 * @param startedAt when the impact began; null where a deployment speaks
 * @param endedAt when it was over; null while it is not
 */
public record FailureClaim(
        String targetId,
        boolean targetIncident,
        String claimantId,
        boolean claimantIncident,
        String claimantService,
        String claimantEnvironment,
        String reference,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {
    static final Comparator<FailureClaim> ORDER = Comparator.comparing(FailureClaim::claimantIncident)
            .thenComparing(FailureClaim::claimantId)
            .thenComparing(FailureClaim::claimantService)
            .thenComparing(FailureClaim::claimantEnvironment)
            .thenComparing(FailureClaim::reference);

    public FailureClaim {
        requireNonNull(targetId, "targetId");
        requireNonNull(claimantId, "claimantId");
        requireNonNull(claimantService, "claimantService");
        requireNonNull(claimantEnvironment, "claimantEnvironment");
        requireNonNull(reference, "reference");
    }

    /**
     * A claim on its way to the series of its target.
     *
     * @param service service of the target
     * @param environment environment of the target
     * @param claim the claim
     * @param withdrawn whether it is no longer made
     */
    public record Change(String service, String environment, FailureClaim claim, boolean withdrawn) {}

    /** Returns what an answer tells those who are meant, and those who are not any more. */
    public static List<Change> changes(String reference, References.Answer answer) {
        var changes = new ArrayList<Change>();
        References.Named left = answer.left();
        if (left != null) {
            changes.add(change(reference, answer.asking(), left, null));
        }
        References.Named target = answer.after();
        if (target != null) {
            changes.add(
                    change(reference, answer.asking(), target, answer.asking().claim()));
        }
        return changes;
    }

    private static Change change(
            String reference, References.Asking asker, References.Named target, References.@Nullable Claim claim) {
        return new Change(
                target.service(),
                target.environment(),
                new FailureClaim(
                        target.id(),
                        target.incident(),
                        asker.id(),
                        asker.incident(),
                        asker.service(),
                        asker.environment(),
                        reference,
                        claim == null ? null : claim.startedAt(),
                        claim == null ? null : claim.endedAt()),
                claim == null);
    }
}
