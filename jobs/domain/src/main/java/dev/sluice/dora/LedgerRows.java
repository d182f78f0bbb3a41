package dev.sluice.dora;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed since the last emission: upserts by identity.
 *
 * @param dora the rolling windows; null when nothing changed
 * @param current what runs; null when nothing changed
 * @param periods the periods that changed
 * @param deployments the attempts that changed
 * @param changes the commits that changed
 * @param pullRequests the pull requests that changed
 * @param incidents the incidents that changed
 * @param driftEpisodes the episodes of drift that changed
 * @param shifts the shifts that were found, revised or withdrawn
 */
public record LedgerRows(
        @Nullable DoraRow dora,
        @Nullable CurrentRow current,
        List<PeriodRow> periods,
        List<DeploymentFact> deployments,
        List<ChangeFact> changes,
        List<PullRequestFact> pullRequests,
        List<IncidentFact> incidents,
        List<DriftEpisodeFact> driftEpisodes,
        List<ShiftFact> shifts) {
    public LedgerRows {
        periods = List.copyOf(periods);
        deployments = List.copyOf(deployments);
        changes = List.copyOf(changes);
        pullRequests = List.copyOf(pullRequests);
        incidents = List.copyOf(incidents);
        driftEpisodes = List.copyOf(driftEpisodes);
        shifts = List.copyOf(shifts);
    }
}
