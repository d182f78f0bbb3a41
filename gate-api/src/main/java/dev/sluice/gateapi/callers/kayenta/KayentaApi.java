package dev.sluice.gateapi.callers.kayenta;

import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.report.StoreQueries;
import dev.sluice.gateapi.views.Views;
import dev.sluice.sources.metrics.pull.MetricSources;
import dev.sluice.sources.metrics.pull.MetricSources.TextFiles;
import dev.sluice.sources.metrics.pull.OutgoingRequests;
import dev.sluice.sources.metrics.pull.RequestLimits;
import dev.sluice.wire.CanaryConfigs;
import io.javalin.http.HandlerType;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;

/** Kayenta's API with all that answers it. */
public final class KayentaApi implements AutoCloseable {
    private static final int MAX_ANSWER_BYTES = 8 << 20;
    /** A query over hours takes a Prometheus longer than one for the newest samples. */
    private static final Duration LONGEST_QUERY = Duration.ofSeconds(30);

    private final JudgeHandler judging;
    private final ConfigHandler configs;
    private final AccountHandler accounts;
    private final ExecutionHandler executing;
    private final Executions executions;

    /**
     * Creates the API.
     *
     * @param sources which sources of metrics may be asked
     * @param log keeps configs and judgements
     * @param views follows them, and how canary runs stand
     * @param store has what was measured of canary runs
     * @param configs reads the settings of Sluice's own judge
     * @param clock tells when something was asked
     */
    public KayentaApi(
            MetricSources sources,
            ControlLog log,
            Views views,
            StoreQueries store,
            CanaryConfigs configs,
            Clock clock) {
        var requests =
                new OutgoingRequests(new RequestLimits(RequestLimits.DEFAULT_CONNECT, LONGEST_QUERY, MAX_ANSWER_BYTES));
        TextFiles files = Files::readString;
        var judges = new Judges(configs);
        var known = new Accounts(sources, files, requests, views, store, clock);
        var stored = new StoredConfigs(log, views, clock);
        this.executions = new Executions(log, views, judges, clock, Retention.Limits.DEFAULT);
        this.judging = new JudgeHandler(judges);
        this.configs = new ConfigHandler(stored, judges);
        this.accounts = new AccountHandler(known);
        this.executing = new ExecutionHandler(executions, stored, known);
    }

    /** Starts what it does without being asked. */
    public void start() {
        executions.start();
    }

    /** Adds its routes, at the paths where Kayenta has them. */
    public void addTo(Routes routes) {
        routes.add(HandlerType.POST, "/judge", Verb.EVALUATE, judging::judge);
        routes.add(HandlerType.GET, "/judges", Verb.READ, judging::list);
        routes.add(HandlerType.GET, "/credentials", Verb.READ, accounts::list);
        routes.add(HandlerType.GET, "/metadata/metricsService", Verb.READ, accounts::metrics);
        routes.add(HandlerType.GET, "/canaryConfig", Verb.READ, configs::list);
        routes.add(HandlerType.POST, "/canaryConfig", Verb.OPERATE, configs::create);
        routes.add(HandlerType.GET, "/canaryConfig/{id}", Verb.READ, configs::read);
        routes.add(HandlerType.PUT, "/canaryConfig/{id}", Verb.OPERATE, configs::replace);
        routes.add(HandlerType.DELETE, "/canaryConfig/{id}", Verb.OPERATE, configs::delete);
        routes.add(HandlerType.POST, "/canary", Verb.EVALUATE, executing::startAdHoc);
        routes.add(HandlerType.GET, "/canary/executions", Verb.READ, executing::list);
        routes.add(HandlerType.POST, "/canary/{id}", Verb.EVALUATE, executing::start);
        routes.add(HandlerType.GET, "/canary/{id}", Verb.READ, executing::read);
        routes.add(HandlerType.PUT, "/pipelines/{id}/cancel", Verb.EVALUATE, executing::cancel);
        routes.add(HandlerType.GET, "/metricSetPairList/{id}", Verb.READ, executing::values);
    }

    @Override
    public void close() {
        executions.close();
    }
}
