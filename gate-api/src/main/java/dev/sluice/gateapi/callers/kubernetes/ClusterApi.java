package dev.sluice.gateapi.callers.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/** The part of the API by which clusters of Kubernetes are set up, and ask. Each tenant sees its own only. */
public final class ClusterApi {
    private static final int OK = 200;
    private static final int MAX_BYTES = 64 << 10;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final Views views;
    private final ControlLog log;
    private final AdmissionHandler admission;
    private final Executor answers;
    private final Clock clock;

    /**
     * Creates the part.
     *
     * @param views what is known
     * @param log writes what is set up
     * @param admission answers the clusters
     * @param answers runs what follows
     * @param clock the time
     */
    public ClusterApi(Views views, ControlLog log, AdmissionHandler admission, Executor answers, Clock clock) {
        this.views = views;
        this.log = log;
        this.admission = admission;
        this.answers = answers;
        this.clock = clock;
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        routes.add(HandlerType.GET, "/v1/kubernetes-clusters", Verb.READ, this::list);
        routes.add(HandlerType.PUT, "/v1/kubernetes-clusters/{name}", Verb.OPERATE, this::put);
        routes.add(HandlerType.DELETE, "/v1/kubernetes-clusters/{name}", Verb.OPERATE, this::delete);
        routes.add(HandlerType.POST, "/v1/kubernetes-clusters/{name}/admission", Verb.EVALUATE, admission::review);
    }

    private void requireRead() {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "what was set up has not been read from the log yet");
        }
    }

    private static Principal principal(Context ctx) {
        Principal principal = Routes.principal(ctx);
        principal.requireFullReach();
        return principal;
    }

    private void list(Context ctx) {
        requireRead();
        String tenant = principal(ctx).tenant();
        List<ObjectNode> shown = views.controls(Control.KUBERNETES_CLUSTER)
                .map(Held::row)
                .filter(control -> control.tenant().equals(tenant))
                .sorted(Comparator.comparing(Control::id))
                .map(ClusterApi::shown)
                .toList();
        Requests.answer(ctx, OK, new Clusters(shown));
    }

    private void put(Context ctx) {
        requireRead();
        Principal principal = principal(ctx);
        String name = ctx.pathParam("name");
        if (!NAME.matcher(name).matches()) {
            throw new ApiException(
                    ErrorType.BAD_REQUEST,
                    "a name must be up to 63 small letters, digits and dashes, the first of them no dash");
        }
        JsonNode json = Requests.document(ctx, MAX_BYTES);
        Members body = Members.of(json);
        Cluster cluster = Cluster.read(json, body);
        body.requireRight();
        append(
                ctx,
                new Control(
                        principal.tenant(),
                        Control.KUBERNETES_CLUSTER,
                        name,
                        principal.id(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        false,
                        cluster.json()));
    }

    private void delete(Context ctx) {
        requireRead();
        Principal principal = principal(ctx);
        Control present = log.find(
                        new ControlLog.Thing(principal.tenant(), Control.KUBERNETES_CLUSTER, ctx.pathParam("name")))
                .orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "there is no such cluster"));
        append(ctx, present.deletedBy(principal.id(), clock.instant().truncatedTo(ChronoUnit.MILLIS)));
    }

    private void append(Context ctx, Control changed) {
        CompletableFuture<Void> done =
                log.append(changed).thenRunAsync(() -> Requests.answer(ctx, OK, shown(changed)), answers);
        ctx.future(() -> done);
    }

    private static ObjectNode shown(Control control) {
        ObjectNode shown = Json.mapper()
                .createObjectNode()
                .put("name", control.id())
                .put("changed_by", control.principal())
                .put("changed_at", control.at().toString());
        return shown.setAll(Cluster.of(control.document()).json());
    }

    /** All clusters of a tenant, by name. */
    record Clusters(List<ObjectNode> kubernetesClusters) {}
}
