package dev.sluice.rollback;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes somebody, or Sluice, want a service to go back.
 *
 * @param kind what it is
 * @param id the canary run, the incident, the counts or the request
 * @param at when it was so
 * @param reason why, in words and numbers
 * @param principal who has asked by hand; null where nobody has
 * @param suspects of an incident the deployments that it makes failed ones, of a request the one that is thought to run, of a canary
 *     the version that it is compared with, where the run says it
 * @param version of a canary its version, null where the run does not say it; of a request the version that is wanted, null for the
 *     last good one
 * @param severity of an incident, as the source names it
 * @param over of a canary whether its rollout is over
 * @param burn of an error budget what was counted; null for all others
 * @param drill of a request whether it is a rehearsal, of a version that is good
 */
public record RollbackTrigger(
        Kind kind,
        String id,
        Instant at,
        String reason,
        @Nullable String principal,
        List<String> suspects,
        @Nullable String version,
        @Nullable String severity,
        boolean over,
        @Nullable Burn burn,
        boolean drill) {
    public RollbackTrigger {
        requireNonNull(kind, "kind");
        requireNonNull(id, "id");
        requireNonNull(at, "at");
        requireNonNull(reason, "reason");
        suspects = List.copyOf(suspects);
    }

    /** What it is. */
    public enum Kind {
        /** A canary run is Failed. */
        FAILED_CANARY,
        /** An incident that a deployment has caused. */
        INCIDENT,
        /** The error budget of an objective burns. */
        ERROR_BUDGET,
        /** Somebody asks for it. */
        REQUEST
    }

    /** A canary run is Failed. */
    public static RollbackTrigger failedCanary(
            String run, Instant at, String reason, @Nullable String baseline, @Nullable String canary, boolean over) {
        List<String> compared = baseline == null ? List.of() : List.of(baseline);
        return new RollbackTrigger(
                Kind.FAILED_CANARY, run, at, reason, null, compared, canary, null, over, null, false);
    }

    /** An incident is linked to deployments. */
    public static RollbackTrigger incident(
            String incident, Instant at, String reason, List<String> deployments, @Nullable String severity) {
        return new RollbackTrigger(
                Kind.INCIDENT, incident, at, reason, null, deployments, null, severity, false, null, false);
    }

    /** Events of an objective were counted. */
    public static RollbackTrigger errorBudget(Burn burn) {
        return new RollbackTrigger(
                Kind.ERROR_BUDGET,
                burn.slo() + "/" + burn.windowSeconds() + "/" + burn.source() + "/" + burn.at(),
                burn.at(),
                burn.words(),
                null,
                List.of(),
                null,
                null,
                false,
                burn,
                false);
    }

    /** Somebody asks for it, and says what they think runs. */
    public static RollbackTrigger request(
            String request, Instant at, String reason, String principal, String deployment, @Nullable String version) {
        return new RollbackTrigger(
                Kind.REQUEST, request, at, reason, principal, List.of(deployment), version, null, false, null, false);
    }

    /** Returns the same as a rehearsal. */
    public RollbackTrigger asDrill() {
        return new RollbackTrigger(kind, id, at, reason, principal, suspects, version, severity, over, burn, true);
    }

    RollbackTrigger whenOver() {
        return new RollbackTrigger(kind, id, at, reason, principal, suspects, version, severity, true, burn, drill);
    }

    boolean isAutomatic() {
        return kind != Kind.REQUEST;
    }
}
