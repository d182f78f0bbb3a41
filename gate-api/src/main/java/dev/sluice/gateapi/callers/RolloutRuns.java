package dev.sluice.gateapi.callers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.canary.Canaries;
import dev.sluice.gateapi.canary.StandingRun;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** The canary runs of rollouts: which one is of a rollout, and when a rollout needs another one. */
public final class RolloutRuns {
    private final Canaries canaries;

    /**
     * Creates them.
     *
     * @param canaries all canary runs
     */
    public RolloutRuns(Canaries canaries) {
        this.canaries = canaries;
    }

    /** Returns the run of the last attempt at a rollout; nothing if there was none. It may have ended. */
    public Optional<StandingRun> latest(String tenant, Rollout rollout) {
        return canaries.withIds(tenant, id -> rollout.attempt(id).isPresent())
                .max(Comparator.comparing(run -> rollout.attempt(run.id()).orElseThrow()));
    }

    /** Returns the newest run, of whatever revision, that goes on of what is rolled out; nothing if none does. */
    public Optional<StandingRun> newest(String tenant, Rollout rollout) {
        return canaries.withIds(tenant, id -> id.startsWith(rollout.prefix()))
                .filter(run -> !run.isEnded())
                .max(Comparator.comparing(StandingRun::startedAt).thenComparing(StandingRun::id));
    }

    /**
     * Starts a run of a rollout, or finds the one that there is.
     *
     * @param who starts it
     * @param rollout the rollout
     * @param start the body of a start, without an id
     * @param isOver tells of the run of the last attempt whether this is another one. One that has ended is always over
     * @return the run as it stands
     * @throws dev.sluice.gateapi.http.ApiException 400 if the body is wrong, 409 if the run was started with another one
     */
    public CompletableFuture<StandingRun> start(
            Principal who, Rollout rollout, ObjectNode start, Predicate<StandingRun> isOver) {
        Optional<StandingRun> latest = latest(who.tenant(), rollout);
        String id = latest.filter(run -> !run.isEnded() && !isOver.test(run))
                .map(StandingRun::id)
                .orElseGet(() -> rollout.id(
                        latest.flatMap(run -> rollout.attempt(run.id())).orElse(0) + 1));
        ObjectNode body = start.deepCopy();
        return canaries.start(who, body.put("id", id));
    }

    /** Ends the run of the last attempt at a rollout; nothing if there is none. */
    public CompletableFuture<Optional<StandingRun>> end(Principal who, Rollout rollout) {
        return latest(who.tenant(), rollout)
                .map(run -> canaries.end(who, run.id()).thenApply(Optional::of))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    /** Ends all runs of what is rolled out but one: a controller rolls out one revision of it at a time. */
    public CompletableFuture<Void> endOthers(Principal who, Rollout rollout, String id) {
        return CompletableFuture.allOf(canaries.withIds(who.tenant(), other -> other.startsWith(rollout.prefix()))
                .filter(run -> !run.isEnded() && !run.id().equals(id))
                .map(run -> canaries.end(who, run.id()))
                .toArray(CompletableFuture<?>[]::new));
    }
}
