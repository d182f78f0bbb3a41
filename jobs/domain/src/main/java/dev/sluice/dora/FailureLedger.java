package dev.sluice.dora;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.Incident;
import dev.sluice.delivery.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The incidents of a series and which of its deployments failed. What changes is gathered first; {@link #settle} then
 * judges again whatever that touches, incidents before deployments: an incident's judgement looks at what was deployed, a
 * deployment's at incidents, claims, and the deployments after it.
 */
final class FailureLedger {
    private final ServiceEnvironment series;
    private final FailureTables tables;
    private final AttemptTimeline timeline;
    private final KeptDays index;
    private final Unpublished unpublished;
    private final Reverts reverts;
    private final IncidentJudge incidentJudge;
    private final FailureJudge failureJudge;
    private final Function<String, @Nullable String> remediates;
    private final Set<String> incidentsToJudge = new TreeSet<>();
    private final Set<String> deploymentsToJudge = new TreeSet<>();

    /**
     * Creates the ledger.
     *
     * @param remediates what a deployment says that it repairs, by its id
     */
    FailureLedger(
            ServiceEnvironment series,
            LedgerTables tables,
            AttemptTimeline timeline,
            CommitRanges ranges,
            KeptDays index,
            Unpublished unpublished,
            Reverts reverts,
            Function<String, @Nullable String> remediates) {
        this.series = series;
        this.tables = tables.failures();
        this.timeline = timeline;
        this.incidentJudge = new IncidentJudge(series, this.tables, timeline, ranges);
        this.failureJudge = new FailureJudge(this.tables, timeline, reverts, incidentJudge);
        this.index = index;
        this.unpublished = unpublished;
        this.reverts = reverts;
        this.remediates = remediates;
    }

    // ---- what came in

    /** Sets an incident of this series; one that did not happen is forgotten. */
    void put(Incident incident) {
        Incident before = tables.incidents().get(incident.id());
        Incident after = incident.happened() ? incident : null;
        if (before == null ? after == null : before.equals(after)) {
            return;
        }
        if (before != null) {
            index(before, false);
        }
        if (after == null) {
            tables.incidents().remove(incident.id());
        } else {
            tables.incidents().put(incident.id(), after);
            index(after, true);
        }
        unpublished.incident(incident.id());
        judgeIncident(incident.id());
    }

    /** Forgets an incident that has become one of another series. */
    void remove(String incidentId) {
        Incident before = tables.incidents().get(incidentId);
        if (before != null) {
            index(before, false);
            tables.incidents().remove(incidentId);
            unpublished.incident(incidentId);
            judgeIncident(incidentId);
        }
    }

    private void index(Incident incident, boolean add) {
        String id = incident.id();
        Instant resolvedAt = incident.resolvedAt();
        changeDay(tables.startedOn(), incident.startedAt(), id, add);
        if (resolvedAt != null) {
            changeDay(tables.resolvedOn(), resolvedAt, id, add);
        } else if (add) {
            tables.openIncidents().put(id, incident.startedAt().toEpochMilli());
        } else {
            tables.openIncidents().remove(id);
        }
        String rootCause = incident.rootCause();
        String repository = incident.repository();
        if (rootCause != null && repository != null) {
            Lists.change(tables.rootCauses(), CommitRanges.key(repository, rootCause), id, add);
        }
    }

    private void changeDay(Table<Long, List<String>> table, Instant at, String id, boolean add) {
        long day = DayIndex.dayOf(at);
        Lists.change(table, day, id, add);
        index.update(day);
        unpublished.moment(at);
    }

    /** Sets what the reference of an incident resolves to. */
    void cause(String incidentId, String reference, FailureTables.@Nullable Cause cause) {
        String key = DeliveryLedger.referenceKey(incidentId, reference);
        if (cause == null) {
            tables.causes().remove(key);
        } else {
            tables.causes().put(key, cause);
        }
        judgeIncident(incidentId);
    }

    /** Sets which incident the reference of a repairing deployment resolves to. */
    void repair(String deploymentId, String reference, @Nullable String incidentId) {
        String key = DeliveryLedger.referenceKey(deploymentId, reference);
        if (incidentId == null) {
            tables.repaired().remove(key);
        } else {
            tables.repaired().put(key, incidentId);
            judgeIncident(incidentId);
        }
    }

    /** Sets or takes back what somebody claims of a deployment or an incident of this series. */
    void claim(FailureClaim claim, boolean withdrawn) {
        List<FailureClaim> before = Lists.of(tables.claims(), claim.targetId());
        var after = new ArrayList<FailureClaim>();
        for (FailureClaim other : before) {
            if (FailureClaim.ORDER.compare(other, claim) != 0) {
                after.add(other);
            }
        }
        if (!withdrawn) {
            after.add(claim);
        }
        Lists.put(tables.claims(), claim.targetId(), after, FailureClaim.ORDER);
        if (claim.targetIncident()) {
            judgeIncident(claim.targetId());
            return;
        }
        unpublished.deployment(claim.targetId());
        AttemptRow row = timeline.get(claim.targetId());
        if (row != null) {
            deploymentChanged(row);
        }
    }

    /** Notes that a deployment came or went, or is judged otherwise; its place is what it was or is. */
    void deploymentChanged(AttemptRow row) {
        if (!row.isSuccess() && row.result() != AttemptResult.FAILURE) {
            return;
        }
        deploymentsToJudge.add(row.id());
        Lists.of(tables.linked(), row.id()).forEach(this::judgeIncident);
        incidentsAfter(row).forEach(this::judgeIncident);
        if (!row.isSuccess()) {
            return;
        }
        AttemptRow before = timeline.previousSuccess(row);
        while (before != null) {
            deploymentsToJudge.add(before.id());
            Lists.of(tables.linked(), before.id()).forEach(this::judgeIncident);
            before = before.isCurrentAfterwards() ? null : timeline.previousSuccess(before);
        }
        timeline.failuresBefore(row).forEach(failure -> deploymentsToJudge.add(failure.id()));
        judgeRepaired(row);
        for (AttemptRow next = timeline.nextSuccess(row); next != null; ) {
            judgeRepaired(next);
            Lists.of(tables.linked(), next.id()).forEach(this::judgeIncident);
            next = next.isCurrentAfterwards() ? null : timeline.nextSuccess(next);
        }
        reverts.ownersOfReverted(row.id()).forEach(deploymentsToJudge::add);
    }

    /** Notes that a deployment of the series has come to bring a commit first, or no longer does. */
    void ownerChanged(String commit, @Nullable String before, @Nullable String after) {
        commitMoved(commit);
        if (before != null) {
            deploymentsToJudge.add(before);
        }
        if (after != null) {
            deploymentsToJudge.add(after);
        }
    }

    /** Notes that a commit is in a deployment that came, went or moved. */
    void commitMoved(String commit) {
        Lists.of(tables.rootCauses(), commit).forEach(this::judgeIncident);
    }

    /** Notes that a revert of a commit of a deployment came or went. */
    void revertChanged(@Nullable String deploymentId) {
        if (deploymentId != null) {
            deploymentsToJudge.add(deploymentId);
        }
    }

    private void judgeIncident(String id) {
        incidentsToJudge.add(id);
        IncidentJudgement judged = tables.judgements().get(id);
        if (judged != null) {
            deploymentsToJudge.addAll(judged.lookedAt());
        }
    }

    /** The incident that a deployment repairs depends on what ran before it. */
    private void judgeRepaired(AttemptRow row) {
        String reference = remediates.apply(row.id());
        String incident =
                reference == null ? null : tables.repaired().get(DeliveryLedger.referenceKey(row.id(), reference));
        if (incident != null) {
            judgeIncident(incident);
        }
    }

    private List<String> incidentsAfter(AttemptRow row) {
        Instant from = row.finishedAt();
        Instant to = from.plus(series.horizon());
        var found = new ArrayList<String>();
        for (long day = DayIndex.dayOf(from); day <= DayIndex.dayOf(to); day++) {
            found.addAll(Lists.of(tables.startedOn(), day));
        }
        return found;
    }

    /**
     * Judges everything again, for the link window has another length than it had.
     *
     * @param before the length that it had
     */
    void linkWindowChanged(Duration before) {
        for (long day : index.days()) {
            for (AttemptRow row : timeline.on(day)) {
                if (row.failure() != null) {
                    unindex(row, before);
                    index(row);
                    unpublished.deployment(row.id());
                }
            }
        }
        tables.incidents().keys().forEach(incidentsToJudge::add);
    }

    // ---- judgement

    /** Judges whatever has been touched. */
    void settle() {
        for (String id : incidentsToJudge) {
            settleIncident(id);
        }
        incidentsToJudge.clear();
        for (String id : deploymentsToJudge) {
            settleDeployment(id);
        }
        deploymentsToJudge.clear();
    }

    private void settleIncident(String id) {
        Incident incident = tables.incidents().get(id);
        IncidentJudgement before = tables.judgements().get(id);
        IncidentJudgement after = incident == null ? null : incidentJudge.judge(incident);
        if (before == null ? after == null : before.equals(after)) {
            return;
        }
        for (String deployment : before == null ? List.<String>of() : before.lookedAt()) {
            Lists.change(tables.linked(), deployment, id, false);
            relinked(deployment);
        }
        if (after == null) {
            tables.judgements().remove(id);
        } else {
            tables.judgements().put(id, after);
            for (String deployment : after.lookedAt()) {
                Lists.change(tables.linked(), deployment, id, true);
                relinked(deployment);
            }
        }
        unpublished.incident(id);
        if (incident != null) {
            unpublished.moment(incident.startedAt());
        }
    }

    /** Notes that an incident is linked to a deployment, or no longer; its fact says so even where its failure is as before. */
    private void relinked(String deployment) {
        deploymentsToJudge.add(deployment);
        unpublished.deployment(deployment);
    }

    private void settleDeployment(String id) {
        AttemptRow row = timeline.get(id);
        if (row == null) {
            return;
        }
        boolean counted = incidentJudge.isCounted(row);
        Failure failure = counted && !Boolean.FALSE.equals(row.impact()) ? failureJudge.failure(row) : null;
        if (counted == row.failRateCounted()
                && (failure == null ? row.failure() == null : failure.equals(row.failure()))) {
            if (failure != null && failure.rules().contains(Failure.Rule.DEPLOYMENT)) {
                unpublished.deployment(id); // other incidents may name it, or a repetition of it
            }
            return;
        }
        AttemptRow after = row.failed(counted, failure);
        unindex(row);
        timeline.replace(after);
        index(after);
        unpublished.deployment(id);
        unpublished.moment(row.finishedAt());
    }

    /** Adds a deployment to what has been recovered from, or has not. */
    void index(AttemptRow row) {
        Failure failure = row.failure();
        if (failure == null || !failure.within(series.linkWindow())) {
            return;
        }
        if (failure.restoredAt() == null) {
            tables.openFailures().put(row.id(), failure.startedAt().toEpochMilli());
        } else {
            changeDay(tables.restoredOn(), failure.restoredAt(), row.id(), true);
        }
    }

    /** Takes a deployment out of what has been recovered from, or has not. */
    void unindex(AttemptRow row) {
        unindex(row, series.linkWindow());
    }

    private void unindex(AttemptRow row, Duration linkWindow) {
        tables.openFailures().remove(row.id());
        Failure failure = row.failure();
        if (failure != null && failure.restoredAt() != null && failure.within(linkWindow)) {
            changeDay(tables.restoredOn(), failure.restoredAt(), row.id(), false);
        }
    }

    /** Returns the ids of the incidents that make a deployment a failed one, in order. */
    List<String> incidentsOf(AttemptRow row) {
        return failureJudge.incidentsOf(row);
    }
}
