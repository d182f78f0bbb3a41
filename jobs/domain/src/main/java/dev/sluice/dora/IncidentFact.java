package dev.sluice.dora;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An incident with its judgement: which deployments it makes failed ones, and by which rule.
 *
 * @param tenant whose data
 * @param service the service that suffers
 * @param environment where
 * @param id the incident's identity
 * @param startedAt when the impact began; null when deleted
 * @param startedDay the day of that, in the service's zone
 * @param resolvedAt when it was over; null while it is not
 * @param closedGapMs for how long it had been taken for resolved before it was opened again
 * @param severity as the source names it
 * @param title what people call it
 * @param changeCaused false where something else than a change of the service caused it
 * @param rule which rule links it: DEPLOYMENT, ROOT_CAUSE, REMEDIATES or TIME; null where none does
 * @param deploymentIds the deployments that it makes failed ones
 * @param distanceMs time from the end of the deployment to the incident, where rule TIME applies or would have
 * @param unattributedReason why no rule links it
 * @param timeToRestoreMs resolved minus started; null while it is open
 * @param deleted whether there is no such incident, or it is no longer one of this series
 * @param computedAt progress at which the judgement was made
 */
public record IncidentFact(
        String tenant,
        String service,
        String environment,
        String id,
        @Nullable Instant startedAt,
        @Nullable LocalDate startedDay,
        @Nullable Instant resolvedAt,
        long closedGapMs,
        @Nullable String severity,
        @Nullable String title,
        boolean changeCaused,
        @Nullable String rule,
        List<String> deploymentIds,
        @Nullable Long distanceMs,
        @Nullable String unattributedReason,
        @Nullable Long timeToRestoreMs,
        boolean deleted,
        Instant computedAt) {
    public IncidentFact {
        deploymentIds = List.copyOf(deploymentIds);
    }
}
