package dev.sluice.gateapi.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.SetupApi;
import dev.sluice.gateapi.deliver.Endpoint;
import dev.sluice.gateapi.deliver.OrderDelivery;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.rollback.RollbackPlan;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RollbackPlanDocument;
import dev.sluice.wire.Topic;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The part of the API by which rollbacks are set up: who is told, what gives an order, and whether any is sent. What is set up is answered when this replica has
 * read it back from the log. Each tenant sees its own only.
 */
public final class RollbackSetupApi {
    private static final int OK = 200;
    private static final int MOST_OF_REASON = 1_000;
    private static final SetupApi.Kind ENDPOINTS =
            new SetupApi.Kind("endpoints", Control.ENDPOINT, Verb.MANAGE_ENDPOINTS, Verb.MANAGE_ENDPOINTS);

    private final Views views;
    private final ControlLog log;
    private final SetupApi endpoints;
    private final Executor answers;
    private final Clock clock;

    /**
     * Creates the part.
     *
     * @param views what is known
     * @param log writes what is set up
     * @param egress where orders may be sent to
     * @param secrets from where secrets may be taken
     * @param answers runs what follows
     * @param clock the time
     */
    public RollbackSetupApi(
            Views views, ControlLog log, EgressRules egress, TenantSecrets secrets, Executor answers, Clock clock) {
        this.views = views;
        this.log = log;
        this.endpoints = new SetupApi(ENDPOINTS, new EndpointForm(views, egress, secrets), views, log, answers, clock);
        this.answers = answers;
        this.clock = clock;
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        endpoints.addTo(routes);
        routes.add(HandlerType.GET, "/v1/rollback-plans", Verb.READ, this::plans);
        routes.add(HandlerType.PUT, "/v1/rollback-plans/{service}/{environment}", Verb.MANAGE_ENDPOINTS, this::plan);
        routes.add(
                HandlerType.DELETE, "/v1/rollback-plans/{service}/{environment}", Verb.MANAGE_ENDPOINTS, this::noPlan);
        routes.add(HandlerType.GET, "/v1/rollback-stop", Verb.READ, this::stopped);
        routes.add(HandlerType.PUT, "/v1/rollback-stop", Verb.TRIGGER_ROLLBACK, this::stop);
        routes.add(HandlerType.DELETE, "/v1/rollback-stop", Verb.TRIGGER_ROLLBACK, this::goOn);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void requireRead() {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "what was set up has not been read from the log yet");
        }
    }

    private List<Control> controls(String tenant, String kind) {
        return views.controls(kind)
                .map(Held::row)
                .filter(control -> control.tenant().equals(tenant))
                .toList();
    }

    private Control control(Principal principal, String kind, String id, JsonNode document) {
        return new Control(principal.tenant(), kind, id, principal.id(), now(), false, document);
    }

    private void append(Context ctx, Control changed, ShownPlan answer) {
        CompletableFuture<Void> done =
                log.append(changed).thenRunAsync(() -> Requests.answer(ctx, OK, answer), answers);
        ctx.future(() -> done);
    }

    private Control present(Principal principal, String kind, String id, String otherwise) {
        return log.find(new ControlLog.Thing(principal.tenant(), kind, id))
                .orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, otherwise));
    }

    private void plans(Context ctx) {
        requireRead();
        Principal principal = Routes.principal(ctx);
        List<ShownPlan> shown = controls(principal.tenant(), Control.ROLLBACK_PLAN).stream()
                .map(ShownPlan::of)
                .filter(plan -> principal.reach().includes(plan.service(), plan.environment()))
                .sorted(Comparator.comparing(ShownPlan::service).thenComparing(ShownPlan::environment))
                .toList();
        Requests.answer(ctx, OK, new Plans(shown));
    }

    private void plan(Context ctx) {
        requireRead();
        Principal principal = Routes.principal(ctx);
        String service = ctx.pathParam("service");
        String environment = ctx.pathParam("environment");
        principal.requireReach(service, environment);
        Members body = Members.of(ctx);
        Optional<RollbackPlan> plan = PlanBody.read(
                body,
                name -> views.control(principal.tenant(), Control.ENDPOINT, name)
                        .map(held -> Endpoint.of(held.row())));
        body.requireRight();
        var document = RollbackPlanDocument.of(service, environment, plan.orElseThrow());
        Control set = control(
                principal,
                Control.ROLLBACK_PLAN,
                Keys.of(service, environment),
                Json.mapper().valueToTree(document));
        append(ctx, set, ShownPlan.of(set));
    }

    private void noPlan(Context ctx) {
        requireRead();
        Principal principal = Routes.principal(ctx);
        String service = ctx.pathParam("service");
        String environment = ctx.pathParam("environment");
        principal.requireReach(service, environment);
        Control present = present(
                principal,
                Control.ROLLBACK_PLAN,
                Keys.of(service, environment),
                "there is no plan for this service there");
        append(ctx, present.deletedBy(principal.id(), now()), ShownPlan.of(present));
    }

    private void stopped(Context ctx) {
        Requests.answer(ctx, OK, shownStop(Routes.principal(ctx).tenant()));
    }

    private ShownStop shownStop(String tenant) {
        requireRead();
        return ShownStop.of(log.find(new ControlLog.Thing(tenant, Control.ROLLBACK_STOP, OrderDelivery.ALL))
                .orElse(null));
    }

    /** Returns whether rollbacks of a tenant are stopped, as the API shows it. */
    public JsonNode stopped(String tenant) {
        return Json.mapper().valueToTree(shownStop(tenant));
    }

    private void stop(Context ctx) {
        answer(ctx, stop(Routes.principal(ctx), Members.of(ctx)));
    }

    private void answer(Context ctx, CompletableFuture<?> shown) {
        CompletableFuture<Void> done = shown.thenAcceptAsync(answer -> Requests.answer(ctx, OK, answer), answers);
        ctx.future(() -> done);
    }

    /**
     * Stops all rollbacks of a tenant.
     *
     * @param principal who does
     * @param body as the API takes it
     * @return how it is, when this replica has read it back
     */
    public CompletableFuture<?> stop(Principal principal, Members body) {
        requireRead();
        principal.requireFullReach();
        Optional<String> reason = body.required("reason", MOST_OF_REASON);
        body.rejectUnknown();
        body.requireRight();
        Control set = control(
                principal,
                Control.ROLLBACK_STOP,
                OrderDelivery.ALL,
                Json.mapper().createObjectNode().put("reason", reason.orElseThrow()));
        return log.append(set).thenApply(done -> ShownStop.of(set));
    }

    private void goOn(Context ctx) {
        answer(ctx, goOn(Routes.principal(ctx)));
    }

    /**
     * Lets rollbacks of a tenant go on.
     *
     * @param principal who does
     * @return how it is, when this replica has read it back
     */
    public CompletableFuture<?> goOn(Principal principal) {
        requireRead();
        principal.requireFullReach();
        Control present = present(principal, Control.ROLLBACK_STOP, OrderDelivery.ALL, "rollbacks are not stopped");
        return log.append(present.deletedBy(principal.id(), now())).thenApply(done -> ShownStop.of(null));
    }

    /** All plans of a tenant, by service and environment. */
    record Plans(List<ShownPlan> plans) {}

    /**
     * Whether rollbacks are stopped.
     *
     * @param stopped whether they are
     * @param reason why; null where they are not
     * @param by who has stopped them
     * @param since since when
     */
    record ShownStop(
            boolean stopped,
            @Nullable String reason,
            @Nullable String by,
            @Nullable Instant since) {
        static ShownStop of(@Nullable Control stop) {
            return stop == null
                    ? new ShownStop(false, null, null, null)
                    : new ShownStop(true, stop.document().path("reason").asText(), stop.principal(), stop.at());
        }
    }
}
