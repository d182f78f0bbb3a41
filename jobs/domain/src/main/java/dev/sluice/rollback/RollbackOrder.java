package dev.sluice.rollback;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.EventIds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order to go back, and what became of it.
 *
 * @param id the same whenever it is derived from the same trigger
 * @param trigger why
 * @param fence what ran when it was ordered; null where nothing was known to run. Where anything else runs, the order is void
 * @param from what is to go: the fence, or a canary version that has not taken its place; null where that is not known
 * @param to what is to run; null where nothing is known to be good
 * @param state how it stands
 * @param steps how it came to stand so, the first one first
 * @param orderedAt when it was ordered
 * @param expiresAt until when it may be delivered
 * @param verification for how long after its delivery {@code to} may take to be seen
 * @param verifyBy until when that is; null before it was delivered
 * @param endpoint the name of the one who is told
 * @param escalation the name of the one who is told when people must look at it; null where nobody is
 * @param attempts how often it was sent
 * @param canaryOver whether the canary's rollout is known to be over, where that was the trigger
 * @param peopleToldAt when those were told who must look at it; null where they were not
 */
public record RollbackOrder(
        String id,
        RollbackTrigger trigger,
        @Nullable KnownDeployment fence,
        @Nullable String from,
        @Nullable KnownDeployment to,
        OrderState state,
        List<Step> steps,
        Instant orderedAt,
        Instant expiresAt,
        Duration verification,
        @Nullable Instant verifyBy,
        String endpoint,
        @Nullable String escalation,
        int attempts,
        boolean canaryOver,
        @Nullable Instant peopleToldAt) {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(12);

    public RollbackOrder {
        requireNonNull(id, "id");
        requireNonNull(trigger, "trigger");
        requireNonNull(state, "state");
        requireNonNull(orderedAt, "orderedAt");
        requireNonNull(expiresAt, "expiresAt");
        requireNonNull(verification, "verification");
        requireNonNull(endpoint, "endpoint");
        steps = List.copyOf(steps);
    }

    /**
     * How an order came to stand as it does.
     *
     * @param state how it stood from then on
     * @param at when
     * @param words why
     */
    public record Step(OrderState state, Instant at, String words) {}

    /**
     * Returns the id of the order that a trigger gives.
     *
     * @param series what is rolled back
     * @param kind the kind of the trigger
     * @param trigger the trigger's id
     */
    public static String id(Series series, RollbackTrigger.Kind kind, String trigger) {
        return EventIds.of("rollback", series.tenant(), series.service(), series.environment(), kind.name(), trigger);
    }

    /** Returns when it came to stand as it does. */
    public Instant since() {
        return steps.isEmpty() ? orderedAt : steps.get(steps.size() - 1).at();
    }

    /** Returns until when it may be sent, so that an answer is heard before it expires. */
    public Instant sendableUntil() {
        Duration half = Duration.between(orderedAt, expiresAt).dividedBy(2);
        return expiresAt.minus(half.compareTo(LONGEST_ANSWER) < 0 ? half : LONGEST_ANSWER);
    }

    /** Returns whether another word on the same order has come further: a job that goes on from a checkpoint says again what it has said. */
    public boolean isBehind(RollbackOrder other) {
        return id.equals(other.id) && steps.size() < other.steps.size();
    }

    /** Returns whether {@code to} runs already and only a canary beside it is to go. */
    public boolean concernsCanaryBeside() {
        return fence != null && to != null && fence.id().equals(to.id());
    }

    RollbackOrder with(OrderState next, Instant at, String words) {
        List<Step> more = new ArrayList<>(steps);
        more.add(new Step(next, at, words));
        return changed(next, more, verifyBy, attempts, canaryOver, peopleToldAt);
    }

    RollbackOrder withVerification(Instant by) {
        return changed(state, steps, by, attempts, canaryOver, peopleToldAt);
    }

    RollbackOrder withAttempts(int tried) {
        return changed(state, steps, verifyBy, Math.max(attempts, tried), canaryOver, peopleToldAt);
    }

    RollbackOrder withCanaryOver() {
        return changed(state, steps, verifyBy, attempts, true, peopleToldAt);
    }

    RollbackOrder escalatedAt(Instant at) {
        return changed(state, steps, verifyBy, attempts, canaryOver, at);
    }

    /** The same order with what can change of one. */
    private RollbackOrder changed(
            OrderState itsState,
            List<Step> itsSteps,
            @Nullable Instant by,
            int tried,
            boolean isCanaryOver,
            @Nullable Instant toldAt) {
        return new RollbackOrder(
                id,
                trigger,
                fence,
                from,
                to,
                itsState,
                itsSteps,
                orderedAt,
                expiresAt,
                verification,
                by,
                endpoint,
                escalation,
                tried,
                isCanaryOver,
                toldAt);
    }
}
