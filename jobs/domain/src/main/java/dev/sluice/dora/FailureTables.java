package dev.sluice.dora;

import dev.sluice.delivery.Incident;
import dev.sluice.delivery.Table;
import java.util.List;

/** What a {@link DeliveryLedger} remembers of incidents and failures; the caller keeps it. */
public interface FailureTables {
    /** Returns the incidents of the series, by id. */
    Table<String, Incident> incidents();

    /** Returns the incidents that began on each day (UTC, days since the epoch), by id. */
    Table<Long, List<String>> startedOn();

    /** Returns the incidents that were resolved on each day (UTC, days since the epoch), by id. */
    Table<Long, List<String>> resolvedOn();

    /** Returns the incidents that are not resolved; the value is when each began. */
    Table<String, Long> openIncidents();

    /** Returns the judgement of each incident. */
    Table<String, IncidentJudgement> judgements();

    /** Returns the incidents whose judgement names a deployment of the series, by deployment id. */
    Table<String, List<String>> linked();

    /** Returns the incidents that name a commit as their root cause, by repository and sha. */
    Table<String, List<String>> rootCauses();

    /** Returns what each reference of an incident resolves to, by {@link DeliveryLedger#referenceKey}. */
    Table<String, Cause> causes();

    /**
     * What a reference of an incident resolves to.
     *
     * @param deploymentId the deployment
     * @param here whether it is one of this series
     */
    record Cause(String deploymentId, boolean here) {}

    /** Returns what others claim of a deployment or an incident, by its id. */
    Table<String, List<FailureClaim>> claims();

    /** Returns the incident that each reference of a repairing deployment resolves to, by {@link DeliveryLedger#referenceKey}. */
    Table<String, String> repaired();

    /** Returns the commits of a deployment's range that some commit reverts, by deployment id; each by repository and sha. */
    Table<String, List<String>> reverted();

    /** Returns the failed deployments that were recovered from on each day (UTC, days since the epoch), by id. */
    Table<Long, List<String>> restoredOn();

    /** Returns the failed deployments that have not been recovered from; the value is when the impact began. */
    Table<String, Long> openFailures();
}
