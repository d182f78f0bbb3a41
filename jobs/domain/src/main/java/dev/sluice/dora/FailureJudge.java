package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.Incident;
import dev.sluice.dora.Failure.Rule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which deployments of a series failed, from when to when: by the judged incidents, by what is claimed of them, and by the
 * deployments after them.
 */
final class FailureJudge {
    private final FailureTables tables;
    private final AttemptTimeline timeline;
    private final Reverts reverts;
    private final IncidentJudge incidentJudge;

    FailureJudge(FailureTables tables, AttemptTimeline timeline, Reverts reverts, IncidentJudge incidentJudge) {
        this.tables = tables;
        this.timeline = timeline;
        this.reverts = reverts;
        this.incidentJudge = incidentJudge;
    }

    /** Returns that a deployment failed, or would have with a longer link window; null where it did not. */
    @Nullable
    Failure failure(AttemptRow row) {
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
        for (String id : reverts.takingBack(row.id())) {
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

    /** Returns what is claimed of a deployment, or of one that repeats it while it runs. */
    private List<FailureClaim> claimsOf(AttemptRow row) {
        var claims = new ArrayList<>(incidentJudge.claims(row.id()));
        AttemptRow next = row.isSuccess() ? timeline.nextSuccess(row) : null;
        while (next != null && !next.isCurrentAfterwards()) {
            claims.addAll(incidentJudge.claims(next.id()));
            next = timeline.nextSuccess(next);
        }
        return claims;
    }

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
