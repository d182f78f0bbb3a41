package dev.sluice.gateapi;

import dev.sluice.gateapi.access.Access;
import dev.sluice.gateapi.access.Bootstrap;
import dev.sluice.gateapi.access.FileTokens;
import dev.sluice.gateapi.access.IssuedTokens;
import dev.sluice.gateapi.access.RateLimits;
import dev.sluice.gateapi.access.Sessions;
import dev.sluice.gateapi.access.TokenHandler;
import dev.sluice.gateapi.access.TokenIssuer;
import dev.sluice.gateapi.access.TokenUseLog;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.access.oidc.IdTokens;
import dev.sluice.gateapi.access.oidc.TokenExchangeHandler;
import dev.sluice.gateapi.access.oidc.TrustFile;
import dev.sluice.gateapi.audit.Audit;
import dev.sluice.gateapi.audit.ClaimLog;
import dev.sluice.gateapi.callers.AnsweredCallers;
import dev.sluice.gateapi.callers.RolloutRuns;
import dev.sluice.gateapi.callers.argo.ArgoHandler;
import dev.sluice.gateapi.callers.asked.Means;
import dev.sluice.gateapi.callers.flagger.FlaggerHandler;
import dev.sluice.gateapi.callers.kayenta.KayentaApi;
import dev.sluice.gateapi.callers.kubernetes.AdmissionHandler;
import dev.sluice.gateapi.callers.kubernetes.ClusterApi;
import dev.sluice.gateapi.callers.prometheus.QueryHandler;
import dev.sluice.gateapi.callers.spinnaker.SpinnakerHandler;
import dev.sluice.gateapi.canary.Canaries;
import dev.sluice.gateapi.canary.CanaryFindings;
import dev.sluice.gateapi.canary.CanaryHandler;
import dev.sluice.gateapi.canary.CanaryPageHandler;
import dev.sluice.gateapi.canary.CanaryRuns;
import dev.sluice.gateapi.canary.ConfigHandler;
import dev.sluice.gateapi.canary.DeploymentFollower;
import dev.sluice.gateapi.canary.NamedConfigs;
import dev.sluice.gateapi.canary.OtlpMetricsReceiver;
import dev.sluice.gateapi.canary.PullSources;
import dev.sluice.gateapi.canary.PushIntake;
import dev.sluice.gateapi.canary.PushSlots;
import dev.sluice.gateapi.canary.RemoteWriteReceiver;
import dev.sluice.gateapi.canary.ReplayHandler;
import dev.sluice.gateapi.canary.RunLog;
import dev.sluice.gateapi.canary.SampleReceiver;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.decide.DecisionApi;
import dev.sluice.gateapi.decide.DecisionLog;
import dev.sluice.gateapi.decide.KnownDecisions;
import dev.sluice.gateapi.deliver.EndpointSender;
import dev.sluice.gateapi.deliver.OpenPolicyAgent;
import dev.sluice.gateapi.deliver.OrderDelivery;
import dev.sluice.gateapi.document.ApiDocument;
import dev.sluice.gateapi.egress.EgressAuthorities;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.governance.Approvals;
import dev.sluice.gateapi.governance.DrillScheduleApi;
import dev.sluice.gateapi.governance.EvidenceView;
import dev.sluice.gateapi.governance.GovernanceApi;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.kafka.Heartbeats;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.kafka.LogReader;
import dev.sluice.gateapi.keys.KeyHandler;
import dev.sluice.gateapi.keys.SigningKeys;
import dev.sluice.gateapi.pages.PageApi;
import dev.sluice.gateapi.policy.Policies;
import dev.sluice.gateapi.policy.PolicyApi;
import dev.sluice.gateapi.policy.PolicyReader;
import dev.sluice.gateapi.policy.PolicyVersion;
import dev.sluice.gateapi.policy.VersionPublisher;
import dev.sluice.gateapi.receive.AllConnections;
import dev.sluice.gateapi.receive.ConnectionHandler;
import dev.sluice.gateapi.receive.Connections;
import dev.sluice.gateapi.receive.CorrectionReceiver;
import dev.sluice.gateapi.receive.EventReceiver;
import dev.sluice.gateapi.receive.Receipts;
import dev.sluice.gateapi.receive.WebhookReceiver;
import dev.sluice.gateapi.report.Deliveries;
import dev.sluice.gateapi.report.DoraReport;
import dev.sluice.gateapi.report.Explanations;
import dev.sluice.gateapi.report.ReportSettings;
import dev.sluice.gateapi.report.SelfCheck;
import dev.sluice.gateapi.report.Services;
import dev.sluice.gateapi.report.StoreQueries;
import dev.sluice.gateapi.report.digest.DigestSender;
import dev.sluice.gateapi.report.dora.DeliveryReports;
import dev.sluice.gateapi.rollback.RollbackApi;
import dev.sluice.gateapi.rollback.RollbackSetupApi;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.gateapi.tls.ServerIdentity;
import dev.sluice.gateapi.views.ControlPosition;
import dev.sluice.gateapi.views.ViewReader;
import dev.sluice.gateapi.views.Views;
import dev.sluice.sources.metrics.pull.MetricSources;
import dev.sluice.store.Store;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanarySchemas;
import dev.sluice.wire.CorrectionSchema;
import dev.sluice.wire.EventSchemas;
import dev.sluice.wire.Topic;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate API: receives deliveries, judges gates, reports metrics. It starts whether Kafka and ClickHouse are there or
 * not, says by {@code /readyz} when it can decide, and needs no restart after an outage of either.
 */
public final class GateApi implements AutoCloseable {
    private static final int PUSHES_AT_ONCE = 8;
    private static final Logger LOGGER = LoggerFactory.getLogger(GateApi.class);
    /** Threads of the HTTP server; requests may hold {@link #REQUEST_SLOTS} of them, the rest is for health. */
    private static final int HTTP_THREADS = 40;

    private static final int REQUEST_SLOTS = 24;
    private static final int ANSWER_THREADS = 4;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int IDLE_TIMEOUT_MS = 30_000;
    private static final long ASYNC_TIMEOUT_MS = 20_000;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final String ANY_HOST = "0.0.0.0";

    private final Javalin server;
    private final ViewReader viewReader;
    private final List<Routes.Route> routes;
    private final Deque<AutoCloseable> toClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    private GateApi(Javalin server, ViewReader viewReader, List<Routes.Route> routes, Deque<AutoCloseable> toClose) {
        this.server = server;
        this.viewReader = viewReader;
        this.routes = List.copyOf(routes);
        this.toClose = toClose;
    }

    /**
     * Starts a gate API.
     *
     * @throws dev.sluice.gateapi.config.ConfigurationException naming everything that is wrong with the configuration
     *     and its files
     */
    public static GateApi start(GateApiConfig config) {
        return start(config, Clock.systemUTC());
    }

    static GateApi start(GateApiConfig config, Clock clock) {
        return start(config, clock, System.out::println);
    }

    /**
     * Starts a gate API.
     *
     * @param config how it runs
     * @param clock tells the time
     * @param output where the token is shown that issues the first one
     */
    static GateApi start(GateApiConfig config, Clock clock, Consumer<String> output) {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var problems = new Problems();
        FileTokens fileTokens = fileTokens(config, problems);
        TrustFile trust = trust(config, problems);
        var conditions = new CelConditions();
        var policyReader = new PolicyReader(conditions);
        List<PolicyVersion> configuredPolicies = config.files().policies() == null
                ? policyReader.shipped()
                : policyReader.readAll(config.files().policies(), problems);
        Connections configured = connections(config, problems);
        ReportSettings reporting = reporting(config, problems);
        MetricSources sources = metricSources(config, problems);
        SigningKeys keys = config.files().signingKeys() == null
                ? SigningKeys.none()
                : SigningKeys.read(config.files().signingKeys(), problems);
        EgressAuthorities authorities = EgressAuthorities.read(config.files().egressAuthorities(), problems);
        Optional<ServerIdentity> identity =
                Optional.ofNullable(config.files().tls()).flatMap(files -> ServerIdentity.read(files, problems));
        if (config.clickHouse() == null && !reporting.digests().isEmpty()) {
            problems.add("digests are made of what is in ClickHouse: SLUICE_CLICKHOUSE_URL must name it");
        }
        problems.throwIfAny();

        Deque<AutoCloseable> toClose = new ArrayDeque<>();
        ExecutorService answers = threads("answer", ANSWER_THREADS);
        toClose.push(answers::shutdownNow);
        ExecutorService replaying = threads("replay", 1);
        toClose.push(replaying::shutdownNow);
        ExecutorService drawing = threads("drawing", 1);
        toClose.push(drawing::shutdownNow);
        toClose.push(conditions);
        var raw = opened(appender(config, Topic.RAW, WebhookReceiver.limits(), answers, registry), toClose);
        var decisions =
                opened(appender(config, Topic.DECISIONS, LogAppender.Limits.DEFAULT, answers, registry), toClose);
        var control = opened(appender(config, Topic.CONTROL, LogAppender.Limits.DEFAULT, answers, registry), toClose);
        var samples = opened(appender(config, Topic.SAMPLES, LogAppender.Limits.DEFAULT, answers, registry), toClose);
        var logReader = opened(new LogReader(config.kafkaBootstrap()), toClose);
        @Nullable Store store = config.clickHouse() == null ? null : Store.of(config.clickHouse());
        var queries = opened(new StoreQueries(store), toClose);
        var views = new Views(clock);
        var viewReader = opened(
                new ViewReader(
                        config.kafkaBootstrap(),
                        views,
                        clock,
                        () -> TopicCreation.create(config.kafkaBootstrap(), config.partitions(), config.replication()),
                        registry),
                toClose);
        registry.gauge("sluice.freshness.seconds", views, Views::ageSeconds);
        registry.gauge("sluice.views.lag.seconds", views, Views::lagSeconds);
        registry.gauge("sluice.views.rows", views, Views::size);

        var receipts = new Receipts(raw, registry);
        var events = new EventReceiver(receipts, EventSchemas.load(), clock);
        var corrections = new CorrectionReceiver(receipts, CorrectionSchema.load(), clock);
        var secrets = new TenantSecrets(config.files().secrets(), config.environment());
        var allConnections = new AllConnections(configured, views, secrets);
        var claims = new ClaimLog(decisions, clock);
        var controlLog = new ControlLog(views, logReader, control, decisions, claims::firstUse, answers, clock);
        var known = new KnownDecisions();
        var audit = opened(
                new Audit(
                        config.kafkaBootstrap(),
                        claims,
                        known,
                        views,
                        controlLog,
                        keys,
                        config.files().auditExport(),
                        clock,
                        registry),
                toClose);
        var issued = new IssuedTokens(views, clock);
        var issuer = new TokenIssuer(issued, fileTokens, controlLog, answers, clock);
        var tokens = new TokenHandler(issued, issuer, answers);
        opened(new TokenUseLog(issued, controlLog, clock), toClose).start();
        var limits = new RateLimits(config.rateLimits());
        Access access = isOpenToLoopback(config)
                ? Access.fromLoopback(issued, limits, clock, registry)
                : Access.byTokens(fileTokens, issued, limits, clock, registry);
        var sessions = new Sessions(access, issued, views, controlLog, clock);
        var exchanges = new TokenExchangeHandler(
                access, new IdTokens(trust, clock), claims::firstUse, issuer, answers, registry);
        if (config.files().tokens() == null && !isLoopback(config.host())) {
            opened(new Bootstrap(issued, issuer, output), toClose).start();
        }
        var connections = new ConnectionHandler(allConnections, secrets, controlLog, answers, clock);
        var webhooks = new WebhookReceiver(receipts, allConnections, clock);
        var policies = new Policies(configuredPolicies, config.files().policies() == null, policyReader, views);
        var policyApi = new PolicyApi(policies, policyReader, views, controlLog, answers, clock);
        opened(new VersionPublisher(policies, controlLog, views), toClose).start();
        var runs = new CanaryRuns(views);
        var evidence = new EvidenceView(views, new CanaryFindings(runs, views));
        var approvals = new Approvals(views, evidence, policies, controlLog, clock);
        var governance = new GovernanceApi(views, evidence, approvals, controlLog, answers, clock);
        // orders have threads and connections of their own, whatever the questions of gates take
        var orders = opened(new OutboundRequests(config.egress(), authorities, clock), toClose);
        var questions = opened(new OutboundRequests(config.egress(), authorities, clock), toClose);
        var sender = new EndpointSender(orders, secrets);
        var drills = opened(
                new DrillScheduleApi(
                        views, evidence, controlLog, sender, config.kafkaBootstrap(), answers, clock, registry),
                toClose);
        drills.start();
        var gates = opened(
                new DecisionApi(
                        views,
                        policies,
                        evidence,
                        policyReader,
                        new DecisionLog(decisions, logReader, audit.finals()),
                        claims,
                        keys,
                        controlLog,
                        sender,
                        new OpenPolicyAgent(questions, secrets),
                        config.kafkaBootstrap(),
                        answers,
                        replaying,
                        clock,
                        registry),
                toClose);
        gates.start();
        var means = new Means(
                config.kafkaBootstrap(),
                views,
                controlLog,
                config.egress(),
                questions,
                secrets,
                answers,
                clock,
                registry);
        var callers = opened(new AnsweredCallers(means, gates.questions(), reporting.url()), toClose);
        callers.start();
        var keyHandler = new KeyHandler(keys);
        var schemas = CanarySchemas.load();
        var configs = CanaryConfigs.load();
        var runLog = new RunLog(controlLog);
        var pulled = config.files().metricSources() == null ? PullSources.unknown() : PullSources.of(sources);
        var replays = new ReplayHandler(runs, views, queries, configs);
        var named = new NamedConfigs(views);
        var canaryConfigs = new ConfigHandler(runs, named, configs, controlLog, answers, clock);
        var canaries = new Canaries(runs, runLog, views, schemas, configs, named, pulled, answers, clock);
        opened(new DeploymentFollower(runs, canaries, views, clock), toClose).start();
        var canaryHandler = new CanaryHandler(runs, canaries, views, answers);
        var canaryPages = new CanaryPageHandler(runs, canaries, queries, configs, drawing);
        var rolloutRuns = new RolloutRuns(canaries);
        var argo = new ArgoHandler(canaries, rolloutRuns);
        var flagger = new FlaggerHandler(access, canaries, rolloutRuns);
        var spinnaker = new SpinnakerHandler(canaries);
        var numbers = new QueryHandler(canaries, rolloutRuns, clock);
        var kayenta = opened(new KayentaApi(sources, controlLog, views, queries, configs, clock), toClose);
        kayenta.start();
        var pushes = new PushIntake(runs, named, configs, samples, clock, new PushSlots(PUSHES_AT_ONCE), registry);
        var remoteWrites = new RemoteWriteReceiver(pushes);
        var otlpMetrics = new OtlpMetricsReceiver(pushes);
        var points = new SampleReceiver(runs, schemas, configs, samples, clock, registry);
        var dora = new DoraReport(views, queries, clock);
        var explanations = new Explanations(queries);
        if (store != null) {
            opened(new SelfCheck(queries, clock, registry), toClose).start();
        }
        var deliveries = new Deliveries(queries, logReader);
        var services = new Services(views);
        var reports = new DeliveryReports(queries, reporting.levels(), reporting.url(), clock);
        opened(
                        new DigestSender(
                                config.kafkaBootstrap(), reporting.digests(), reports, views, control, clock, registry),
                        toClose)
                .start();
        var attempts = opened(appender(config, Topic.ATTEMPTS, LogAppender.Limits.DEFAULT, answers, registry), toClose);
        var rollbackSetup = new RollbackSetupApi(views, controlLog, config.egress(), secrets, answers, clock);
        var clusters = new ClusterApi(
                views,
                controlLog,
                new AdmissionHandler(views, known, policies, audit::isCurrent, answers, clock, registry),
                answers,
                clock);
        var rollbacks = new RollbackApi(views, controlLog, attempts, answers, clock);
        opened(new OrderDelivery(config.kafkaBootstrap(), views, sender, attempts, clock, registry), toClose)
                .start();
        var pages = new PageApi(sessions, policyApi, gates, approvals, governance, rollbacks, rollbackSetup, audit);
        var document = ApiDocument.load();
        var added = new ArrayList<Routes.Route>();
        Javalin server = Javalin.create(javalin -> {
            configure(javalin, config);
            identity.ifPresent(own -> javalin.jetty.addConnector(
                    (jetty, http) -> own.connector(jetty, http, config.host(), config.port())));
            var routes = new Routes(javalin.routes, access, REQUEST_SLOTS, new ControlPosition(views));
            routes.add(HandlerType.GET, "/healthz", Verb.HEALTH, ctx -> Requests.answer(ctx, OK, Map.of("up", true)));
            routes.add(HandlerType.GET, "/readyz", Verb.HEALTH, ctx -> ready(ctx, views));
            routes.add(
                    HandlerType.GET,
                    "/metrics",
                    Verb.HEALTH,
                    ctx -> ctx.contentType("text/plain; version=0.0.4; charset=utf-8")
                            .result(registry.scrape()));
            routes.add(HandlerType.POST, "/v1/events", Verb.RECEIVE, events::receive);
            routes.add(HandlerType.POST, "/v1/webhooks/{connection}", Verb.PUBLIC, webhooks::receive);
            routes.add(HandlerType.POST, "/v1/corrections", Verb.CORRECT, corrections::receive);
            routes.add(HandlerType.GET, "/v1/connections", Verb.ADMIN, connections::list);
            routes.add(HandlerType.GET, "/v1/connections/{id}", Verb.ADMIN, connections::read);
            routes.add(HandlerType.PUT, "/v1/connections/{id}", Verb.ADMIN, connections::put);
            routes.add(HandlerType.DELETE, "/v1/connections/{id}", Verb.ADMIN, connections::delete);
            routes.add(HandlerType.POST, "/v1/tokens", Verb.ADMIN, tokens::issue);
            routes.add(HandlerType.GET, "/v1/tokens", Verb.ADMIN, tokens::list);
            routes.add(HandlerType.DELETE, "/v1/tokens/{id}", Verb.ADMIN, tokens::revoke);
            routes.add(HandlerType.POST, "/v1/oidc/token", Verb.PUBLIC, exchanges::exchange);
            routes.add(HandlerType.GET, "/v1/deliveries/{id}", Verb.READ, deliveries::read);
            gates.addTo(routes);
            governance.addTo(routes);
            drills.addTo(routes);
            policyApi.addTo(routes);
            rollbackSetup.addTo(routes);
            rollbacks.addTo(routes);
            audit.addTo(routes);
            routes.add(HandlerType.GET, "/.well-known/jwks.json", Verb.PUBLIC, keyHandler::read);
            routes.add(HandlerType.POST, "/v1/canaries", Verb.EVALUATE, canaryHandler::start);
            routes.add(HandlerType.GET, "/v1/canaries", Verb.READ, canaryHandler::list);
            routes.add(HandlerType.GET, "/v1/canaries/{id}", Verb.READ, canaryHandler::read);
            routes.add(HandlerType.POST, "/v1/canaries/{id}/stages", Verb.EVALUATE, canaryHandler::stage);
            routes.add(HandlerType.POST, "/v1/canaries/{id}/end", Verb.EVALUATE, canaryHandler::end);
            routes.add(HandlerType.POST, "/v1/canaries/{id}/replay", Verb.READ, replays::replay);
            routes.addPage("/canaries/{id}", Verb.READ, sessions, canaryPages::page);
            routes.add(HandlerType.GET, "/v1/canary-configs", Verb.READ, canaryConfigs::list);
            routes.add(HandlerType.GET, "/v1/canary-configs/{name}", Verb.READ, canaryConfigs::read);
            routes.add(HandlerType.PUT, "/v1/canary-configs/{name}", Verb.OPERATE, canaryConfigs::put);
            routes.add(HandlerType.DELETE, "/v1/canary-configs/{name}", Verb.OPERATE, canaryConfigs::delete);
            routes.add(HandlerType.GET, "/v1/argo-rollouts/verdict", Verb.READ, argo::read);
            routes.add(HandlerType.POST, "/v1/argo-rollouts/verdict", Verb.EVALUATE, argo::start);
            routes.add(HandlerType.POST, "/v1/argo-rollouts/end", Verb.EVALUATE, argo::end);
            routes.add(HandlerType.POST, "/v1/flagger/{hook}", Verb.PUBLIC, flagger::receive);
            callers.addTo(routes);
            routes.add(HandlerType.GET, "/api/v1/query", Verb.READ, numbers::get);
            routes.add(HandlerType.POST, "/api/v1/query", Verb.READ, numbers::post);
            routes.add(HandlerType.POST, "/v1/spinnaker/canaries/{id}", Verb.EVALUATE, spinnaker::start);
            routes.add(HandlerType.GET, "/v1/spinnaker/canaries/{id}", Verb.READ, spinnaker::read);
            clusters.addTo(routes);
            kayenta.addTo(routes);
            routes.add(HandlerType.POST, "/v1/samples", Verb.RECEIVE, points::receive);
            routes.add(HandlerType.POST, "/api/v1/write", Verb.RECEIVE, remoteWrites::receive);
            routes.add(HandlerType.POST, "/v1/metrics", Verb.RECEIVE, otlpMetrics::receive);
            routes.add(HandlerType.GET, "/v1/dora", Verb.READ, dora::read);
            routes.add(HandlerType.GET, "/v1/dora/explain", Verb.READ, explanations::explain);
            routes.add(HandlerType.GET, "/v1/dora/diff", Verb.READ, explanations::diff);
            routes.add(HandlerType.GET, "/v1/services", Verb.READ, services::list);
            routes.addPage("/reports/dora", Verb.READ, sessions, reports::page);
            routes.addPage("/reports/dora.csv", Verb.READ, sessions, reports::csv);
            routes.addPage("/reports/dora.json", Verb.READ, sessions, reports::json);
            pages.addTo(routes);
            routes.add(HandlerType.GET, "/openapi.json", Verb.PUBLIC, document::answerJson);
            routes.add(HandlerType.GET, "/docs", Verb.PUBLIC, document::answerPage);
            added.addAll(routes.all());
        });
        Routes.requireVerbs(server);
        audit.start();
        var api = new GateApi(server, viewReader, added, toClose);
        api.run(config, clock);
        return api;
    }

    private void run(GateApiConfig config, Clock clock) {
        boolean started = false;
        try {
            server.start();
            viewReader.start();
            opened(
                    new Heartbeats(
                            config.kafkaBootstrap(), List.of(Topic.RAW, Topic.SAMPLES), config.heartbeat(), clock),
                    toClose);
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
        LOGGER.atInfo()
                .addKeyValue("host", config.host())
                .addKeyValue("port", port())
                .log("gate API started");
    }

    private static LogAppender appender(
            GateApiConfig config, Topic topic, LogAppender.Limits limits, Executor answers, MeterRegistry registry) {
        return new LogAppender(config.kafkaBootstrap(), topic.topicName(), limits, answers, registry);
    }

    private static <T extends AutoCloseable> T opened(T resource, Deque<AutoCloseable> toClose) {
        toClose.push(resource);
        return resource;
    }

    private static FileTokens fileTokens(GateApiConfig config, Problems problems) {
        Path tokens = config.files().tokens();
        if (tokens == null) {
            return FileTokens.none();
        }
        return FileTokens.read(
                String.valueOf(tokens.getFileName()), content(tokens, problems).orElse(""), problems);
    }

    private static TrustFile trust(GateApiConfig config, Problems problems) {
        Path file = config.files().oidc();
        return file == null
                ? TrustFile.none()
                : content(file, problems)
                        .map(content -> TrustFile.read(String.valueOf(file.getFileName()), content, problems))
                        .orElseGet(TrustFile::none);
    }

    private static boolean isOpenToLoopback(GateApiConfig config) {
        return config.files().tokens() == null && isLoopback(config.host());
    }

    private static boolean isLoopback(String host) {
        try {
            return !host.isBlank()
                    && !host.equals(ANY_HOST)
                    && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static Connections connections(GateApiConfig config, Problems problems) {
        Path file = config.files().connections();
        if (file == null) {
            return Connections.none();
        }
        return content(file, problems)
                .map(content -> Connections.read(file, content, config.environment(), problems))
                .orElseGet(Connections::none);
    }

    private static ReportSettings reporting(GateApiConfig config, Problems problems) {
        Path file = config.files().report();
        if (file == null) {
            return ReportSettings.none();
        }
        return content(file, problems)
                .map(content -> ReportSettings.read(file, content, config.environment(), problems))
                .orElseGet(ReportSettings::none);
    }

    private static MetricSources metricSources(GateApiConfig config, Problems problems) {
        Path file = config.files().metricSources();
        if (file == null) {
            return MetricSources.none();
        }
        try {
            return MetricSources.read(file, Files::readString);
        } catch (IllegalArgumentException e) {
            problems.add(String.valueOf(e.getMessage()));
            return MetricSources.none();
        }
    }

    private static Optional<String> content(Path file, Problems problems) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            problems.add(file + ": the file cannot be read as UTF-8 text");
            return Optional.empty();
        }
    }

    private static ExecutorService threads(String name, int count) {
        var number = new AtomicInteger();
        return Executors.newFixedThreadPool(count, task -> {
            var thread = new Thread(task, "gate-api-" + name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    private static void configure(JavalinConfig javalin, GateApiConfig config) {
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.startup.startupWatcherEnabled = false;
        javalin.http.prefer405over404 = true;
        javalin.http.asyncTimeout = ASYNC_TIMEOUT_MS;
        javalin.jetty.host = config.host();
        javalin.jetty.port = config.port();
        var threads = new QueuedThreadPool(HTTP_THREADS);
        threads.setName("gate-api-http");
        threads.setDaemon(true);
        javalin.jetty.threadPool = threads;
        javalin.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(MAX_HEADER_BYTES);
            http.setIdleTimeout(IDLE_TIMEOUT_MS);
            // otherwise a header may come out in the spelling of an earlier request: tokens differ in case only
            http.setHeaderCacheCaseSensitive(true);
        });
    }

    private static void ready(Context ctx, Views views) {
        List<String> missing = views.missing();
        Requests.answer(
                ctx, missing.isEmpty() ? OK : UNAVAILABLE, Map.of("ready", missing.isEmpty(), "missing", missing));
    }

    /** Returns the port that it listens on. */
    public int port() {
        return server.port();
    }

    /** Returns the routes that it answers. */
    List<Routes.Route> routes() {
        return routes;
    }

    /** Returns the thread that follows Kafka, so that a test can hold it back. */
    ViewReader viewReader() {
        return viewReader;
    }

    /** Stops: no more requests, then no more records. A second call does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        server.stop();
        while (!toClose.isEmpty()) {
            AutoCloseable resource = toClose.pop();
            try {
                resource.close();
            } catch (Exception e) { // one that cannot be closed must not keep the others open
                LOGGER.atWarn()
                        .setCause(e)
                        .addKeyValue("resource", resource.getClass().getSimpleName())
                        .log("could not be closed");
            }
        }
    }
}
