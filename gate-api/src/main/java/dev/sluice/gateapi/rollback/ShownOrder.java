package dev.sluice.gateapi.rollback;

import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.OrderState;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollback.Series;
import dev.sluice.wire.Control;
import dev.sluice.wire.RollbackRequestDocument;
import dev.sluice.wire.RollbackRow;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An order to roll back as answers show it.
 *
 * @param id its id
 * @param service the service
 * @param environment the environment
 * @param state how it stands; {@code asked} before the rollback job has heard of a request
 * @param over whether nothing more becomes of it
 * @param escalated whether people must look at it
 * @param action {@code roll_back}, or {@code abort_canary} where only a canary beside what runs is to go; null before it is known
 * @param reason why it was ordered
 * @param trigger {@code failed_canary}, {@code incident} or {@code request}
 * @param triggerId the run, the incident or the request
 * @param requestedBy who has asked by hand; null where nobody has
 * @param drill whether it is a rehearsal
 * @param fromVersion what is to go
 * @param expected what ran when it was ordered: where anything else runs it is void
 * @param target what is to run; null where nothing is known to be good
 * @param orderedAt when it was ordered
 * @param expiresAt until when it may be delivered; null before it is known
 * @param verifyBy until when the target must have been seen; null before it was delivered
 * @param attempts how often it was sent
 * @param peopleToldAt when those were told who must look; null where they were not
 * @param steps how it came to stand so, the first one first
 */
record ShownOrder(
        String id,
        String service,
        String environment,
        String state,
        boolean over,
        boolean escalated,
        @Nullable String action,
        String reason,
        String trigger,
        String triggerId,
        @Nullable String requestedBy,
        boolean drill,
        @Nullable String fromVersion,
        @Nullable KnownDeployment expected,
        @Nullable KnownDeployment target,
        Instant orderedAt,
        @Nullable Instant expiresAt,
        @Nullable Instant verifyBy,
        int attempts,
        @Nullable Instant peopleToldAt,
        List<Step> steps) {
    static ShownOrder of(RollbackRow row, RollbackOrder order) {
        return new ShownOrder(
                order.id(),
                row.service(),
                row.environment(),
                label(order.state()),
                order.state().isOver(),
                order.state().isEscalated(),
                order.concernsCanaryBeside() ? "abort_canary" : "roll_back",
                order.trigger().reason(),
                order.trigger().kind().name().toLowerCase(Locale.ROOT),
                order.trigger().id(),
                order.trigger().principal(),
                order.trigger().drill(),
                order.from(),
                order.fence(),
                order.to(),
                order.orderedAt(),
                order.expiresAt(),
                order.verifyBy(),
                order.attempts(),
                order.peopleToldAt(),
                order.steps().stream()
                        .map(step -> new Step(label(step.state()), step.at(), step.words()))
                        .toList());
    }

    /**
     * Returns a request of which the rollback job has said nothing yet.
     *
     * @param control the request
     * @param late whether it is too old by now to give an order
     */
    static ShownOrder requested(Control control, boolean late) {
        RollbackRequestDocument request = RollbackRequestDocument.of(control);
        return new ShownOrder(
                idOf(control, request),
                request.service(),
                request.environment(),
                late ? label(OrderState.EXPIRED) : "asked",
                late,
                false,
                null,
                request.reason(),
                "request",
                control.id(),
                control.principal(),
                request.drill(),
                null,
                null,
                null,
                control.at(),
                null,
                null,
                0,
                null,
                List.of());
    }

    /** Returns the id of the order that a request gives. */
    static String idOf(Control control, RollbackRequestDocument request) {
        return RollbackOrder.id(
                new Series(control.tenant(), request.service(), request.environment()),
                RollbackTrigger.Kind.REQUEST,
                control.id());
    }

    private static String label(OrderState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /**
     * How an order came to stand as it does.
     *
     * @param state how it stood from then on
     * @param at when
     * @param words why
     */
    record Step(String state, Instant at, String words) {}
}
