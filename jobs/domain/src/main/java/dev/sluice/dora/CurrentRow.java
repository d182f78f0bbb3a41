package dev.sluice.dora;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What runs in one (tenant, service, environment), and what is wrong with it now.
 *
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param deploymentId the latest successful deployment; null when there is none any more
 * @param version its version
 * @param sha its commit
 * @param digest its artifact's digest
 * @param since when it finished
 * @param previousVersion what ran before it, of another version
 * @param previousDeploymentId the deployment that had brought it
 * @param openFailures failed deployments that have not been recovered from
 * @param oldestOpenFailureAt since when the oldest of them has been one; null where there is none
 * @param openIncidents incidents that are not resolved, whatever caused them
 * @param openIncidentsBySeverity how many of them are of each severity, by its {@linkplain IncidentSeverities#spelled spelling};
 *     {@link IncidentSeverities#NONE} for those without one. What the counts lack to {@code openIncidents} is of other
 *     severities. Null in a row of before severities were told
 * @param drifted whether an episode of drift is open at some resource; null where nothing was ever checked
 * @param lastDriftCheckAt the last check of any resource; null where nothing was ever checked
 * @param deleted whether nothing is known to run, and nothing was ever checked
 * @param computedAt progress at which this was so
 */
public record CurrentRow(
        String tenant,
        String service,
        String environment,
        @Nullable String deploymentId,
        @Nullable String version,
        @Nullable String sha,
        @Nullable String digest,
        @Nullable Instant since,
        @Nullable String previousVersion,
        @Nullable String previousDeploymentId,
        int openFailures,
        @Nullable Instant oldestOpenFailureAt,
        int openIncidents,
        @Nullable SortedMap<String, Integer> openIncidentsBySeverity,
        @Nullable Boolean drifted,
        @Nullable Instant lastDriftCheckAt,
        boolean deleted,
        Instant computedAt) {
    public CurrentRow {
        if (openIncidentsBySeverity != null) {
            if (openIncidentsBySeverity.containsValue(null)) {
                throw new IllegalArgumentException("openIncidentsBySeverity must have a number for each severity");
            }
            openIncidentsBySeverity = Collections.unmodifiableSortedMap(new TreeMap<>(openIncidentsBySeverity));
        }
    }
}
