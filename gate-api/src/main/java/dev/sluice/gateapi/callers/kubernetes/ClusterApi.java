package dev.sluice.gateapi.callers.kubernetes;

import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.SetupApi;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import io.javalin.http.HandlerType;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The part of the API by which clusters of Kubernetes are set up, and ask. */
public final class ClusterApi {
    private static final SetupApi.Kind KIND =
            new SetupApi.Kind("kubernetes-clusters", Control.KUBERNETES_CLUSTER, Verb.READ, Verb.ADMIN);

    private final SetupApi setup;
    private final AdmissionHandler admission;

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
        this.setup = new SetupApi(
                KIND,
                (tenant, body, json) -> Optional.of(Cluster.read(json, body).json()),
                views,
                log,
                answers,
                clock);
        this.admission = admission;
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        setup.addTo(routes);
        routes.add(HandlerType.POST, "/v1/kubernetes-clusters/{name}/admission", Verb.EVALUATE, admission::review);
    }
}
