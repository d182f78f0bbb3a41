package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.Incident;
import dev.sluice.dora.Failure.Rule;
import dev.sluice.dora.IncidentJudgement.Reason;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which deployments the incidents of a series make failed ones: by name, by root cause, by repair, by time, in this order.
 * It looks at what was deployed and at what is claimed, never at other judgements.
 */
final class IncidentJudge {
    private final ServiceEnvironment series;
    private final FailureTables tables;
    private final AttemptTimeline timeline;
    private final CommitRanges ranges;

    IncidentJudge(ServiceEnvironment series, FailureTables tables, AttemptTimeline timeline, CommitRanges ranges) {
        this.series = series;
        this.tables = tables;
        this.timeline = timeline;
        this.ranges = ranges;
    }

    /** Returns which deployments an incident makes failed ones. */
    IncidentJudgement judge(Incident incident) {
        if (!incident.changeCaused()) {
            return IncidentJudgement.unattributed(Reason.NOT_CHANGE_CAUSED, List.of());
        }
        List<String> references = incident.deployments();
        if (references != null && references.isEmpty()) {
            return IncidentJudgement.unattributed(Reason.UNLINKED, List.of());
        }
        IncidentJudgement named = references == null ? null : judgeByName(incident.id(), references);
        if (named != null) {
            return named;
        }
        String rootCause = incident.rootCause();
        String repository = incident.repository();
        boolean explicit = references != null || (rootCause != null && repository != null);
        if (rootCause != null && repository != null) {
            CommitOwnership commit = ranges.get(CommitRanges.key(repository, rootCause));
            AttemptRow brought =
                    commit == null || commit.deploymentId() == null ? null : timeline.get(commit.deploymentId());
            if (brought != null && brought.isSuccess()) {
                return linked(Rule.ROOT_CAUSE, brought, null);
            }
        }
        AttemptRow repair = firstRepair(incident.id());
        AttemptRow repaired = repair == null ? null : runningBefore(repair, incident.startedAt());
        if (repaired != null) {
            return linked(Rule.REMEDIATES, repaired, null);
        }
        // a deployment that is inserted before the first one would be what ran
        AttemptRow first = repair == null ? null : timeline.firstSuccessAfter(incident.startedAt());
        List<String> lookedAt = first == null ? List.of() : List.of(first.id());
        return explicit
                ? IncidentJudgement.unattributed(Reason.REFERENCE_NOT_FOUND, lookedAt)
                : judgeByTime(incident, lookedAt);
    }

    /** Judges by the deployments that an incident names; null where none of the names is known. */
    private @Nullable IncidentJudgement judgeByName(String incidentId, List<String> references) {
        var deployments = new TreeSet<String>();
        var lookedAt = new TreeSet<String>();
        Reason reason = null;
        for (String reference : references) {
            FailureTables.Cause cause = tables.causes().get(DeliveryLedger.referenceKey(incidentId, reference));
            if (cause == null) {
                continue;
            }
            if (!cause.here()) {
                deployments.add(cause.deploymentId()); // its own series judges it
                continue;
            }
            lookedAt.add(cause.deploymentId());
            AttemptRow row = timeline.get(cause.deploymentId());
            AttemptRow repeated = row == null ? null : repeatedBy(row);
            Reason reasonOfThis = repeated == null ? Reason.NOT_COUNTED : whyNot(repeated);
            if (repeated != null) {
                lookedAt.add(repeated.id());
            }
            if (repeated != null && reasonOfThis == null) {
                deployments.add(repeated.id());
            } else {
                reason = reasonOfThis;
            }
        }
        if (!deployments.isEmpty()) {
            return IncidentJudgement.linked(Rule.DEPLOYMENT, List.copyOf(deployments), List.copyOf(lookedAt), null);
        }
        return reason == null ? null : IncidentJudgement.unattributed(reason, List.copyOf(lookedAt));
    }

    /** Returns the deployment that brought what another one repeats; itself where it repeats nothing. */
    private AttemptRow repeatedBy(AttemptRow row) {
        AttemptRow before =
                row.isSuccess() && row.kind() == DeploymentKind.REDEPLOY ? timeline.currentBefore(row) : null;
        return before == null ? row : before;
    }

    /** What ran when an incident began, or until its repair where that was deployed before it is said to have begun. */
    private @Nullable AttemptRow runningBefore(AttemptRow repair, Instant startedAt) {
        return startedAt.isBefore(repair.finishedAt()) ? timeline.currentAt(startedAt) : timeline.currentBefore(repair);
    }

    private IncidentJudgement judgeByTime(Incident incident, List<String> lookedAt) {
        Instant at = incident.startedAt();
        AttemptRow latest =
                timeline.latest(at.minus(series.horizon()), at, row -> row.isSuccess() || isCountedFailure(row));
        if (latest == null) {
            return IncidentJudgement.unattributed(Reason.NO_DEPLOYMENT, lookedAt);
        }
        long distance = at.toEpochMilli() - latest.finishedAt().toEpochMilli();
        if (distance > series.linkWindow().toMillis()) {
            return new IncidentJudgement(
                    null, List.of(), List.of(latest.id()), isCounted(latest) ? distance : null, Reason.OUTSIDE_WINDOW);
        }
        return linked(Rule.TIME, latest, distance);
    }

    private IncidentJudgement linked(Rule rule, AttemptRow row, @Nullable Long distanceMs) {
        List<String> only = List.of(row.id());
        Reason reason = whyNot(row);
        return reason == null
                ? IncidentJudgement.linked(rule, only, only, distanceMs)
                : IncidentJudgement.unattributed(reason, only);
    }

    /** Why an incident cannot be the failure of a deployment; null where it can. */
    private @Nullable Reason whyNot(AttemptRow row) {
        if (Boolean.FALSE.equals(row.impact())) {
            return Reason.NO_IMPACT;
        }
        if (isCounted(row)) {
            return null;
        }
        return row.isSuccess() ? Reason.AFTER_ROLLBACK : Reason.NOT_COUNTED;
    }

    /** The first success of this series that says that it repairs an incident. */
    private @Nullable AttemptRow firstRepair(String incidentId) {
        return Lists.of(tables.claims(), incidentId).stream()
                .filter(claim -> claim.targetIncident()
                        && claim.claimantService().equals(series.service())
                        && claim.claimantEnvironment().equals(series.environment()))
                .map(claim -> timeline.get(claim.claimantId()))
                .filter(row -> row != null && row.isSuccess())
                .map(row -> requireNonNull(row))
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Returns whether change fail rate counts an attempt among all. */
    boolean isCounted(AttemptRow row) {
        DeploymentKind kind = row.kind();
        return row.isSuccess() ? kind != null && kind.isChange() : isCountedFailure(row);
    }

    /** A failed attempt counts where it is stated to have had an impact, or an incident names it. */
    private boolean isCountedFailure(AttemptRow row) {
        if (row.result() != AttemptResult.FAILURE || Boolean.FALSE.equals(row.impact())) {
            return false;
        }
        return Boolean.TRUE.equals(row.impact()) || claims(row.id()).stream().anyMatch(FailureClaim::claimantIncident);
    }

    /** Returns what is claimed of a deployment. */
    List<FailureClaim> claims(String deploymentId) {
        return Lists.of(tables.claims(), deploymentId).stream()
                .filter(claim -> !claim.targetIncident())
                .toList();
    }
}
