package dev.sluice.dora;

import dev.sluice.delivery.DeploymentKind;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deployment attempt with its judgement; views only filter, count and sum it.
 *
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param id the attempt's identity
 * @param result SUCCESS, FAILURE, CANCELLED, SKIPPED, TIMED_OUT or IN_PROGRESS
 * @param kind what it did; null unless it succeeded
 * @param counted whether deployment frequency counts it
 * @param excludedReason why not
 * @param seed whether it is the first one: the baseline, whose commits have no lead time
 * @param queuedAt when it was accepted
 * @param startedAt when it began
 * @param finishedAt when it ended; for TIMED_OUT when it was given up
 * @param finishedDay the day of that, in the service's zone
 * @param version the version
 * @param repository the repository of {@code sha}
 * @param sha the commit
 * @param digest the artifact's digest
 * @param groupId joins the attempts of one pipeline
 * @param remediates the reference as the source gave it
 * @param remediatesDeploymentId the deployment that it resolves to; null while there is none
 * @param planned whether it was planned, where the source states it
 * @param reworkRateCounted whether deployment rework rate counts it among all: a success that is FORWARD, CONFIG or ROLLBACK
 * @param rework whether deployment rework rate counts it as rework
 * @param failRateCounted whether change fail rate counts it among all: FORWARD, CONFIG, or a failed attempt with impact
 * @param failed whether it degraded the service and needed immediate intervention
 * @param failureRules what makes it a failed one, each once: DEPLOYMENT, ROOT_CAUSE, REMEDIATES or TIME (of an incident),
 *     REMEDIATED, ROLLED_BACK, REVERTED (by another deployment), IMPACT (stated)
 * @param incidentIds the incidents that make it a failed one
 * @param failureDistanceMs time from its end to the first incident that rule TIME links, within 7 days
 * @param impact whether it is stated to have had an impact; false outweighs all rules
 * @param impactStartedAt when its failure began
 * @param restoredAt when it was recovered from; null while it is not
 * @param restoredDay the day of that, in the service's zone
 * @param recoveryMs restored minus the start of the impact
 * @param failureLifetimeMs restored minus its own end
 * @param deployTimeMs time from its start to its end, of a success; null where no start before the end is known
 * @param queueTimeMs time from its acceptance to its start, of a success
 * @param timeToSuccessMs time from the first try of its version to its success, of the version's first success
 * @param commits commits first deployed by it, merges included
 * @param flags what a reader should know, e.g. RANGE_INCOMPLETE, RANGE_INFERRED
 * @param deleted whether the attempt no longer exists
 * @param computedAt progress at which the judgement was made
 */
public record DeploymentFact(
        String tenant,
        String service,
        String environment,
        String id,
        String result,
        @Nullable DeploymentKind kind,
        boolean counted,
        @Nullable String excludedReason,
        boolean seed,
        @Nullable Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable LocalDate finishedDay,
        @Nullable String version,
        @Nullable String repository,
        @Nullable String sha,
        @Nullable String digest,
        @Nullable String groupId,
        @Nullable String remediates,
        @Nullable String remediatesDeploymentId,
        @Nullable Boolean planned,
        boolean reworkRateCounted,
        boolean rework,
        boolean failRateCounted,
        boolean failed,
        List<String> failureRules,
        List<String> incidentIds,
        @Nullable Long failureDistanceMs,
        @Nullable Boolean impact,
        @Nullable Instant impactStartedAt,
        @Nullable Instant restoredAt,
        @Nullable LocalDate restoredDay,
        @Nullable Long recoveryMs,
        @Nullable Long failureLifetimeMs,
        @Nullable Long deployTimeMs,
        @Nullable Long queueTimeMs,
        @Nullable Long timeToSuccessMs,
        int commits,
        List<String> flags,
        boolean deleted,
        Instant computedAt) {
    public DeploymentFact {
        failureRules = List.copyOf(failureRules);
        incidentIds = List.copyOf(incidentIds);
        flags = List.copyOf(flags);
    }
}
