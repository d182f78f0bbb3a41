package dev.sluice.gateapi.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dora.CurrentRow;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.deliver.OrderDelivery;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.ids.TimedIds;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.RollbackDesk;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.wire.Control;
import dev.sluice.wire.DeliveryAttempt;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RollbackRequestDocument;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Topic;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of the API about orders to roll back: they are asked for and shown, and whoever rolls back says whether it will. What is said is answered when it
 * stands in the log. Each tenant sees its own only.
 */
public final class RollbackApi {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int MOST_OF_TEXT = 200;
    private static final int MOST_OF_REASON = 1_000;
    private static final Duration AFTER_ITS_TIME = Duration.ofMinutes(1);
    private static final Duration KEPT_REQUEST = Duration.ofHours(1);

    private final Views views;
    private final ControlLog log;
    private final LogAppender attempts;
    private final Executor answers;
    private final Clock clock;

    /**
     * Creates the part.
     *
     * @param views what is known
     * @param log writes what is asked for
     * @param attempts appends to the log of what came of orders
     * @param answers runs what follows
     * @param clock the time
     */
    public RollbackApi(Views views, ControlLog log, LogAppender attempts, Executor answers, Clock clock) {
        this.views = views;
        this.log = log;
        this.attempts = attempts;
        this.answers = answers;
        this.clock = clock;
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        routes.add(HandlerType.GET, "/v1/rollbacks", Verb.READ, this::list);
        routes.add(HandlerType.POST, "/v1/rollbacks", Verb.TRIGGER_ROLLBACK, this::request);
        routes.add(HandlerType.GET, "/v1/rollbacks/{id}", Verb.READ, this::read);
        routes.add(HandlerType.POST, "/v1/rollbacks/{id}/acknowledgement", Verb.TRIGGER_ROLLBACK, this::acknowledge);
        routes.add(HandlerType.POST, "/v1/rollbacks/{id}/repeat", Verb.TRIGGER_ROLLBACK, this::repeat);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void requireRead(Topic topic) {
        if (!views.hasRead(topic)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "what was set up has not been read from the log yet");
        }
    }

    private void list(Context ctx) {
        Requests.answer(
                ctx,
                OK,
                orders(Routes.principal(ctx), Requests.query(ctx, "service"), Requests.query(ctx, "environment")));
    }

    /** Returns the latest order of each service in each environment that somebody reaches, as the API shows them. */
    public JsonNode orders(Principal principal) {
        return Json.mapper()
                .valueToTree(orders(principal, Optional.empty(), Optional.empty()))
                .path("rollbacks");
    }

    private Orders orders(Principal principal, Optional<String> service, Optional<String> environment) {
        requireRead(Topic.ROLLBACKS);
        List<ShownOrder> shown = views.rollbacks().stream()
                .map(Held::row)
                .filter(row -> row.tenant().equals(principal.tenant())
                        && principal.reach().includes(row.service(), row.environment())
                        && service.map(row.service()::equals).orElse(true)
                        && environment.map(row.environment()::equals).orElse(true))
                .flatMap(row -> Optional.ofNullable(row.order()).map(order -> ShownOrder.of(row, order)).stream())
                .sorted(Comparator.comparing(ShownOrder::orderedAt).reversed())
                .toList();
        return new Orders(shown);
    }

    private void request(Context ctx) {
        requireRead(Topic.CONTROL);
        requireRead(Topic.CURRENT);
        Principal principal = Routes.principal(ctx);
        Members body = Members.of(ctx);
        Optional<String> service = body.required("service", MOST_OF_TEXT);
        Optional<String> environment = body.required("environment", MOST_OF_TEXT);
        Optional<String> deployment = body.required("deployment", MOST_OF_REASON);
        Optional<String> version = body.optional("version", MOST_OF_REASON);
        Optional<String> reason = body.required("reason", MOST_OF_REASON);
        Optional<Boolean> drill = body.flag("drill");
        body.rejectUnknown();
        body.requireRight();
        ask(
                ctx,
                principal,
                new RollbackRequestDocument(
                        service.orElseThrow(),
                        environment.orElseThrow(),
                        deployment.orElseThrow(),
                        version.orElse(null),
                        reason.orElseThrow(),
                        drill.orElse(false)));
    }

    private void ask(Context ctx, Principal principal, RollbackRequestDocument request) {
        principal.requireReach(request.service(), request.environment());
        String tenant = principal.tenant();
        if (views.control(tenant, Control.ROLLBACK_PLAN, Keys.of(request.service(), request.environment()))
                .isEmpty()) {
            throw new ApiException(
                    ErrorType.CONFLICT, "there is no plan for this service there: it says who is told to roll back");
        }
        if (views.control(tenant, Control.ROLLBACK_STOP, OrderDelivery.ALL).isPresent()) {
            throw new ApiException(ErrorType.CONFLICT, "rollbacks are stopped");
        }
        String runs = views.current(tenant, request.service(), request.environment())
                .map(Held::row)
                .map(CurrentRow::deploymentId)
                .orElse("nothing that is known");
        if (!runs.equals(request.deployment())) {
            throw new ApiException(ErrorType.CONFLICT, "another deployment runs there: " + runs);
        }
        open(tenant, request).ifPresent(open -> {
            throw new ApiException(ErrorType.CONFLICT, "an order is under way there: " + open.id());
        });
        forgetOld(principal, request);
        Instant now = now();
        var asked = new Control(
                principal.tenant(),
                Control.ROLLBACK_REQUEST,
                TimedIds.next(now),
                principal.id(),
                now,
                false,
                Json.mapper().valueToTree(request));
        ShownOrder shown = ShownOrder.requested(asked, false);
        ctx.header("Location", "/v1/rollbacks/" + shown.id());
        CompletableFuture<Void> done =
                log.append(asked).thenRunAsync(() -> Requests.answer(ctx, ACCEPTED, shown), answers);
        ctx.future(() -> done);
    }

    private Optional<RollbackOrder> open(String tenant, RollbackRequestDocument request) {
        return views.rollback(tenant, request.service(), request.environment())
                .map(RollbackRow::order)
                .filter(order -> !order.state().isOver())
                .filter(order -> now().isBefore(last(order).plus(AFTER_ITS_TIME)));
    }

    /** When the job says at the latest what has become of an order; one that it has forgotten holds nothing up after that. */
    private static Instant last(RollbackOrder order) {
        return order.verifyBy() == null ? order.expiresAt() : order.verifyBy();
    }

    /** A request says nothing any more once its order is over, or was never given. */
    private void forgetOld(Principal principal, RollbackRequestDocument next) {
        Instant oldest = now().minus(KEPT_REQUEST);
        requests(principal.tenant())
                .filter(control -> control.at().isBefore(oldest))
                .filter(control -> RollbackRequestDocument.of(control).service().equals(next.service()))
                .forEach(control -> {
                    var unused = log.forget(
                            new ControlLog.Thing(principal.tenant(), Control.ROLLBACK_REQUEST, control.id()));
                });
    }

    private Stream<Control> requests(String tenant) {
        return views.controls(Control.ROLLBACK_REQUEST)
                .map(Held::row)
                .filter(control -> control.tenant().equals(tenant));
    }

    private void read(Context ctx) {
        requireRead(Topic.ROLLBACKS);
        Requests.answer(ctx, OK, find(Routes.principal(ctx), ctx.pathParam("id")));
    }

    private ShownOrder find(Principal principal, String id) {
        Optional<ShownOrder> ordered = row(principal, id)
                .map(row -> ShownOrder.of(row, Optional.ofNullable(row.order()).orElseThrow()));
        return ordered.or(() -> requested(principal, id)).orElseThrow(RollbackApi::unknown);
    }

    private static ApiException unknown() {
        return new ApiException(
                ErrorType.NOT_FOUND, "there is no such order, or a later one has taken its place for the service");
    }

    private Optional<RollbackRow> row(Principal principal, String id) {
        return views.rollbacks().stream()
                .map(Held::row)
                .filter(row -> row.tenant().equals(principal.tenant())
                        && row.order() != null
                        && row.order().id().equals(id)
                        && principal.reach().includes(row.service(), row.environment()))
                .findFirst();
    }

    private Optional<ShownOrder> requested(Principal principal, String id) {
        Instant oldest = now().minus(RollbackDesk.YOUNG);
        return requests(principal.tenant())
                .map(control -> ShownOrder.requested(control, control.at().isBefore(oldest)))
                .filter(order ->
                        order.id().equals(id) && principal.reach().includes(order.service(), order.environment()))
                .findFirst();
    }

    private void acknowledge(Context ctx) {
        CompletableFuture<Void> done = acknowledge(Routes.principal(ctx), ctx.pathParam("id"), Members.of(ctx))
                .thenAcceptAsync(shown -> Requests.answer(ctx, ACCEPTED, shown), answers);
        ctx.future(() -> done);
    }

    /**
     * Says whether an order will be carried out.
     *
     * @param principal who says so
     * @param id of the order
     * @param body as the API takes it
     * @return the order as it was, when what was said stands in the log
     */
    public CompletableFuture<?> acknowledge(Principal principal, String id, Members body) {
        requireRead(Topic.ROLLBACKS);
        boolean accepted = body.requiredFlag("accepted");
        Optional<String> comment = body.optional("comment", MOST_OF_REASON);
        body.rejectUnknown();
        body.requireRight();
        RollbackRow row = row(principal, id).orElseThrow(RollbackApi::unknown);
        RollbackOrder order = Optional.ofNullable(row.order()).orElseThrow();
        boolean isSeen = accepted && order.state().isEscalated() && order.peopleToldAt() == null;
        if (order.state().isOver() && !isSeen) {
            throw new ApiException(ErrorType.CONFLICT, "nothing more becomes of this order");
        }
        Outcome outcome = isSeen ? Outcome.ESCALATED : accepted ? Outcome.ACKNOWLEDGED : Outcome.REFUSED;
        String words = (isSeen ? "seen by " : accepted ? "accepted by " : "refused by ")
                + principal.id()
                + comment.map(text -> ": " + text).orElse("");
        var said = new DeliveryAttempt(
                row.tenant(), row.service(), row.environment(), order.id(), outcome, now(), 0, words);
        return attempts.append(said.key(), Map.of(), Json.bytes(said)).thenApply(done -> ShownOrder.of(row, order));
    }

    /** Asks anew for what an order was to bring about, on the condition that it was given on. */
    private void repeat(Context ctx) {
        requireRead(Topic.CONTROL);
        requireRead(Topic.CURRENT);
        requireRead(Topic.ROLLBACKS);
        Principal principal = Routes.principal(ctx);
        Members body = Members.of(ctx);
        Optional<String> reason = body.required("reason", MOST_OF_REASON);
        body.rejectUnknown();
        body.requireRight();
        RollbackRow row = row(principal, ctx.pathParam("id")).orElseThrow(RollbackApi::unknown);
        RollbackOrder order = Optional.ofNullable(row.order()).orElseThrow();
        KnownDeployment to = order.to();
        @Nullable
        String target = to == null
                ? null
                : Stream.of(to.version(), to.digest(), to.sha())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        if (order.fence() == null || target == null || order.concernsCanaryBeside()) {
            throw new ApiException(
                    ErrorType.CONFLICT, "this order cannot be repeated: it is not from one deployment to another");
        }
        ask(
                ctx,
                principal,
                new RollbackRequestDocument(
                        row.service(),
                        row.environment(),
                        order.fence().id(),
                        target,
                        reason.orElseThrow(),
                        order.trigger().drill()));
    }

    /** The latest order of each service in each environment, the newest first. */
    record Orders(List<ShownOrder> rollbacks) {}
}
