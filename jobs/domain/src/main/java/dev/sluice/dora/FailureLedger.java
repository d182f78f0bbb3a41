package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.Incident;
import dev.sluice.delivery.Table;
import dev.sluice.dora.Failure.Rule;
import dev.sluice.dora.IncidentJudgement.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
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
    private final CommitRanges ranges;
    private final KeptDays index;
    private final Unpublished unpublished;
    private final Reverts reverts;
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
        this.ranges = ranges;
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
        IncidentJudgement after = incident == null ? null : judge(incident);
        if (before == null ? after == null : before.equals(after)) {
            return;
        }
        for (String deployment : before == null ? List.<String>of() : before.lookedAt()) {
            Lists.change(tables.linked(), deployment, id, false);
            deploymentsToJudge.add(deployment);
        }
        if (after == null) {
            tables.judgements().remove(id);
        } else {
            tables.judgements().put(id, after);
            for (String deployment : after.lookedAt()) {
                Lists.change(tables.linked(), deployment, id, true);
                deploymentsToJudge.add(deployment);
            }
        }
        unpublished.incident(id);
        if (incident != null) {
            unpublished.moment(incident.startedAt());
        }
    }

    private IncidentJudgement judge(Incident incident) {
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

    private boolean isCounted(AttemptRow row) {
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

    /** Returns what is claimed of a deployment, or of one that repeats it while it runs. */
    private List<FailureClaim> claimsOf(AttemptRow row) {
        var claims = new ArrayList<>(claims(row.id()));
        AttemptRow next = row.isSuccess() ? timeline.nextSuccess(row) : null;
        while (next != null && !next.isCurrentAfterwards()) {
            claims.addAll(claims(next.id()));
            next = timeline.nextSuccess(next);
        }
        return claims;
    }

    private List<FailureClaim> claims(String deploymentId) {
        return Lists.of(tables.claims(), deploymentId).stream()
                .filter(claim -> !claim.targetIncident())
                .toList();
    }

    private void settleDeployment(String id) {
        AttemptRow row = timeline.get(id);
        if (row == null) {
            return;
        }
        boolean counted = isCounted(row);
        Failure failure = counted && !Boolean.FALSE.equals(row.impact()) ? failure(row) : null;
        if (counted == row.failRateCounted()
                && (failure == null ? row.failure() == null : failure.equals(row.failure()))) {
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
        tables.openFailures().remove(row.id());
        Failure failure = row.failure();
        if (failure != null && failure.restoredAt() != null && failure.within(series.linkWindow())) {
            changeDay(tables.restoredOn(), failure.restoredAt(), row.id(), false);
        }
    }

    private @Nullable Failure failure(AttemptRow row) {
        Set<Rule> rules = EnumSet.noneOf(Rule.class);
        var incidents = new ArrayList<FailureClaim>();
        var repairs = new ArrayList<Instant>();
        for (FailureClaim claim : claimsOf(row)) {
            rules.add(claim.claimantIncident() ? Rule.DEPLOYMENT : Rule.REMEDIATED);
            if (claim.claimantIncident()) {
                incidents.add(claim);
            } else if (claim.endedAt() != null) {
                repairs.add(claim.endedAt());
            }
        }
        Long distance = null;
        var linked = new ArrayList<Incident>();
        for (String id : Lists.of(tables.linked(), row.id())) {
            IncidentJudgement judged = requireNonNull(tables.judgements().get(id));
            Long apart = judged.distanceMs();
            if (judged.rule() == Rule.DEPLOYMENT || (judged.rule() == null && apart == null)) {
                continue; // its claim is among the others; or it is not linked, whatever its distance
            }
            if (apart == null) {
                rules.add(requireNonNull(judged.rule()));
            } else {
                distance = distance == null ? apart : Long.valueOf(Math.min(distance, apart));
            }
            if (judged.rule() != null) {
                linked.add(requireNonNull(tables.incidents().get(id)));
            }
        }
        AttemptRow next = row.isSuccess() ? timeline.currentAfter(row) : timeline.nextSuccess(row);
        if (next != null && row.isSuccess() && next.kind() == DeploymentKind.ROLLBACK) {
            rules.add(Rule.ROLLED_BACK);
            repairs.add(next.finishedAt());
        }
        if (next != null && !row.isSuccess()) {
            repairs.add(next.finishedAt());
        }
        AttemptRow revert = firstRevert(row);
        if (revert != null) {
            rules.add(Rule.REVERTED);
            repairs.add(revert.finishedAt());
        }
        if (Boolean.TRUE.equals(row.impact())) {
            rules.add(Rule.IMPACT);
        }
        if (rules.isEmpty() && distance == null) {
            return null;
        }
        var course = new Course(row);
        incidents.forEach(claim -> course.incident(requireNonNull(claim.startedAt()), claim.endedAt()));
        linked.forEach(incident -> course.incident(incident.startedAt(), incident.resolvedAt()));
        return new Failure(List.copyOf(rules), distance, course.startedAt(), course.restoredAt(repairs));
    }

    private @Nullable AttemptRow firstRevert(AttemptRow row) {
        if (!row.isSuccess()) {
            return null;
        }
        AttemptRow first = null;
        for (String id : new HashSet<>(reverts.takingBack(row.id()))) {
            AttemptRow revert = timeline.get(id);
            if (revert != null && revert.isSuccess() && row.compareTo(revert) < 0) {
                first = first == null || revert.compareTo(first) < 0 ? revert : first;
            }
        }
        return first;
    }

    /** From when to when a failure lasted: as its incidents tell it, or else until it was repaired. */
    private static final class Course {
        private final AttemptRow row;
        private @Nullable Instant first;
        private @Nullable Instant last;
        private boolean open;

        Course(AttemptRow row) {
            this.row = row;
        }

        void incident(Instant startedAt, @Nullable Instant resolvedAt) {
            first = first == null || startedAt.isBefore(first) ? startedAt : first;
            open |= resolvedAt == null;
            last = resolvedAt == null || (last != null && last.isAfter(resolvedAt)) ? last : resolvedAt;
        }

        Instant startedAt() {
            if (first == null) {
                return row.finishedAt();
            }
            return first.isBefore(row.beganAt()) ? row.beganAt() : first;
        }

        @Nullable
        Instant restoredAt(List<Instant> repairs) {
            if (open) {
                return null;
            }
            return last != null
                    ? last
                    : repairs.stream().min(Comparator.naturalOrder()).orElse(null);
        }
    }

    // ---- what it amounts to

    /** Returns the ids of the incidents that make a deployment a failed one, in order. */
    List<String> incidentsOf(AttemptRow row) {
        var ids = new TreeSet<String>();
        claimsOf(row).stream().filter(FailureClaim::claimantIncident).forEach(claim -> ids.add(claim.claimantId()));
        for (String id : Lists.of(tables.linked(), row.id())) {
            if (requireNonNull(tables.judgements().get(id)).deploymentIds().contains(row.id())) {
                ids.add(id);
            }
        }
        return List.copyOf(ids);
    }
}
