package dev.sluice.standalone;

import dev.sluice.canaryjob.CanaryJob;
import dev.sluice.canaryjob.CanaryJobConfig;
import dev.sluice.dorajob.DoraJob;
import dev.sluice.dorajob.DoraJobConfig;
import dev.sluice.embedded.ClickHouseChoice;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseEngine;
import dev.sluice.embedded.ClickHouseLibrary;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.embedded.PortTakenException;
import dev.sluice.gateapi.GateApi;
import dev.sluice.gateapi.GateApiConfig;
import dev.sluice.gateapi.TopicCreation;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.keys.SigningKeys;
import dev.sluice.gateapi.policy.PolicyReader;
import dev.sluice.gateapi.receive.ConnectionMappings;
import dev.sluice.ingestjob.IngestJob;
import dev.sluice.ingestjob.IngestJobConfig;
import dev.sluice.rollbackjob.RollbackJob;
import dev.sluice.rollbackjob.RollbackJobConfig;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.metrics.pull.MetricSources;
import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.Store;
import dev.sluice.store.StoreUnavailableException;
import dev.sluice.storejob.StoreJob;
import dev.sluice.storejob.StoreJobConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sluice in this process: a Kafka broker, the gate API and the Flink jobs; and ClickHouse in a child process. Kafka,
 * ClickHouse and Flink may be others that run already: those are only used. What was started last is stopped first.
 */
final class Sluice implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Sluice.class);

    private static final String CONNECTIONS = "SLUICE_CONNECTIONS";
    private static final String POLICIES = "SLUICE_POLICIES";
    private static final List<String> JOBS = List.of(IngestJob.NAME, DoraJob.NAME, StoreJob.NAME);
    private static final String SIGNING_KEYS = "SLUICE_SIGNING_KEYS";
    private static final List<String> CONFIGURATION_FILES = List.of(
            CONNECTIONS,
            POLICIES,
            CanaryJobConfig.METRIC_SOURCES,
            "SLUICE_TOKENS",
            "SLUICE_OIDC",
            "SLUICE_REPORT",
            "SLUICE_SECRETS",
            SIGNING_KEYS,
            "SLUICE_AUDIT_EXPORT");

    private static final List<String> NOT_HERE = List.of("SLUICE_TLS_CERT", "SLUICE_TLS_KEY");

    private final StandaloneConfig config;
    private final Announcer announcer;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private boolean closed;

    Sluice(StandaloneConfig config, Announcer announcer) {
        this.config = config;
        this.announcer = announcer;
    }

    /**
     * Starts everything and returns when gates can be asked.
     *
     * @param data the directory that holds everything
     * @throws StartException if something is missing or taken
     */
    Started start(DataDirectory data) throws Exception {
        requireHttpPort();
        requireConfiguration();
        Optional<FlinkRest.Overview> flink = requireFlink();
        var rebuild = new Rebuild(data);
        if (!config.rebuild()) {
            rebuild.requireEnded();
        }
        var board = new PartBoard(data);
        var ports = new RememberedPorts(data.path().resolve("ports.properties"));
        ExecutorService starters = Executors.newCachedThreadPool(Threads.daemon("starter"));
        own(starters::shutdownNow);

        CompletableFuture<ClickHouseSettings> clickHouse =
                CompletableFuture.supplyAsync(() -> clickHouse(data, ports, board), starters);
        if (config.rebuild()) {
            setAside(data, ports, rebuild, joined(clickHouse));
        }
        KafkaCluster kafka = kafka(data, ports, board);
        ClickHouseSettings settings = joined(clickHouse);
        FlinkServer flinkServer = config.servers().flink();
        FlinkJobs.requireNoneElsewhere(data.path(), flinkServer == null ? null : flinkServer.url(), kafka, announcer);
        ports.save();
        if (config.rebuild()) {
            play(rebuild, settings, kafka);
        } else {
            migrate(settings);
        }
        GateApi gate = startGate(kafka, settings, data, board);
        var url = URI.create("http://127.0.0.1:" + gate.port());
        CompletableFuture<String> failure = flinkServer == null
                ? startJobs(data, jobs(kafka, settings), board, starters)
                : startJobsOn(
                        flinkServer,
                        flink.orElseThrow(),
                        kafka,
                        new RememberedSnapshots(data.path()),
                        clusterJobs(flinkServer, kafka, settings),
                        board,
                        starters);
        awaitReady(url);
        var endpoints =
                new Endpoints(ProcessHandle.current().pid(), url, kafka.bootstrap(), settings.url(), Instant.now());
        data.publish(endpoints);
        return new Started(endpoints, failure);
    }

    /** Asks the Flink cluster that is to be used before servers start; nothing where none is. */
    private Optional<FlinkRest.Overview> requireFlink() throws InterruptedException {
        FlinkServer server = config.servers().flink();
        if (server == null) {
            return Optional.empty();
        }
        for (String job : JOBS) {
            ClusterJob.jar(root(), job);
        }
        FlinkRest.Overview overview = FlinkJobs.require(server.url());
        OtherServers servers = config.servers();
        if (!server.isHere() && (servers.kafka() == null || servers.clickHouse() == null)) {
            announcer.warn(
                    "Kafka and ClickHouse of our own are for this machine only: Flink at %s must be on it too, else set %s and %s"
                            .formatted(server.url(), OtherServers.KAFKA, OtherServers.CLICKHOUSE));
        }
        return Optional.of(overview);
    }

    private static Path root() {
        return Path.of(System.getProperty(ClickHouseLibrary.ROOT_PROPERTY, ""));
    }

    private void requireHttpPort() {
        if (config.httpPort() == 0) {
            return;
        }
        try {
            FreePorts.requireFree(config.httpPort(), "the gate API");
        } catch (PortTakenException e) {
            throw new StartException(
                    "port %d, needed for the gate API, is taken on 127.0.0.1. Stop what listens there, or choose another with --port PORT (0 takes a free one)."
                            .formatted(config.httpPort()),
                    e);
        }
    }

    /** Looks at the configuration's files before servers start; the gate API reads the rest of them. */
    private void requireConfiguration() {
        for (String variable : CONFIGURATION_FILES) {
            String file = config.environment().getOrDefault(variable, "");
            if (!file.isBlank() && Files.notExists(Path.of(file))) {
                throw new StartException("%s names %s: there is no such file".formatted(variable, file));
            }
        }
        for (String variable : NOT_HERE) {
            if (!config.environment().getOrDefault(variable, "").isBlank()) {
                throw new StartException(
                        "%s is for a gate API by itself: here the parts of Sluice call each other without TLS"
                                .formatted(variable));
            }
        }
        mappings();
        String sources = metricSources();
        if (sources != null) {
            try {
                MetricSources.read(Path.of(sources), Files::readString);
            } catch (IllegalArgumentException e) {
                throw new StartException("%s: %s".formatted(CanaryJobConfig.METRIC_SOURCES, e.getMessage()), e);
            }
        }
        String policies = config.environment().getOrDefault(POLICIES, "");
        if (!policies.isBlank()) {
            var problems = new Problems();
            try (var conditions = new CelConditions()) {
                new PolicyReader(conditions).readAll(Path.of(policies), problems);
            }
            problems.throwIfAny();
        }
    }

    private @Nullable String metricSources() {
        String file = config.environment().getOrDefault(CanaryJobConfig.METRIC_SOURCES, "");
        return file.isBlank() ? null : file;
    }

    private ClickHouseSettings clickHouse(DataDirectory data, RememberedPorts ports, PartBoard board) {
        ClickHouseSettings other = config.servers().clickHouse();
        if (other != null) {
            board.set(ClickHouseKeeper.PART, "used");
            announcer.ok(
                    "ClickHouse at %s is used (%s); none is started".formatted(other.url(), OtherServers.CLICKHOUSE));
            return other;
        }
        return ClickHouseSettings.at(startClickHouse(data, ports, board));
    }

    private static ClickHouseSettings joined(CompletableFuture<ClickHouseSettings> clickHouse) {
        try {
            return clickHouse.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private URI startClickHouse(DataDirectory data, RememberedPorts ports, PartBoard board) {
        Path directory = data.directory("clickhouse");
        ClickHouse clickHouse = new ClickHouseChoice(config.environment())
                .start(directory, announcer::busy, engine -> startClickHouse(directory, engine, ports));
        var keeper = new ClickHouseKeeper(clickHouse.server(), clickHouse.config(), announcer, board);
        own(keeper);
        keeper.start();
        URI url = clickHouse.server().httpUrl();
        announcer.ok(
                "ClickHouse %s on %s, %s"
                        .formatted(
                                clickHouse.server().version(),
                                url,
                                clickHouse.engine().description()),
                clickHouse.startedNanos());
        return url;
    }

    private static ClickHouse startClickHouse(Path directory, ClickHouseEngine engine, RememberedPorts ports) {
        long started = System.nanoTime();
        ClickHouseConfig base = ClickHouseConfig.in(directory).withEngine(engine);
        return ports.start(
                "clickhouse.http",
                httpPort -> ports.start("clickhouse.tcp", tcpPort -> {
                    ClickHouseConfig chosen = base.withPorts(httpPort, tcpPort);
                    return new ClickHouse(ClickHouseServer.start(chosen), chosen, engine, started);
                }));
    }

    /** Returns the Kafka that the data belongs to, with its topics. */
    private KafkaCluster kafka(DataDirectory data, RememberedPorts ports, PartBoard board) throws InterruptedException {
        String other = config.servers().kafka();
        long started = System.nanoTime();
        String bootstrap = other == null ? startKafka(data, ports) : other;
        try {
            TopicCreation.create(
                    bootstrap, config.servers().partitions(), config.servers().replication());
        } catch (TimeoutException e) {
            throw new StartException("Kafka at %s does not answer%s".formatted(bootstrap, named(other)), e);
        } catch (KafkaException e) { // of the client itself, e.g. a name that does not resolve
            throw new StartException(
                    "Kafka at %s cannot be asked%s: %s".formatted(bootstrap, named(other), e.getMessage()), e);
        }
        KafkaCluster cluster = KafkaCluster.ask(bootstrap);
        cluster.requirePartitions(config.servers().partitions());
        cluster.requireOwnerOf(data.path());
        board.set("kafka", other == null ? "running" : "used");
        announcer.ok(
                other == null
                        ? "Kafka on " + bootstrap
                        : "Kafka at %s is used (%s); none is started".formatted(bootstrap, OtherServers.KAFKA),
                started);
        return cluster;
    }

    private static String named(@Nullable String other) {
        return other == null ? "" : " (" + OtherServers.KAFKA + ")";
    }

    private String startKafka(DataDirectory data, RememberedPorts ports) {
        KafkaBroker broker = broker(data, ports);
        own(broker);
        return broker.bootstrapServers();
    }

    private KafkaBroker broker(DataDirectory data, RememberedPorts ports) {
        KafkaBrokerConfig base = KafkaBrokerConfig.in(data.directory("kafka"))
                .withPartitions(config.servers().partitions());
        return ports.start("kafka", port -> KafkaBroker.start(base.withPort(port)));
    }

    private void migrate(ClickHouseSettings settings) {
        long started = System.nanoTime();
        try (Store store = Store.of(settings)) {
            List<String> applied = store.migrate();
            announcer.ok(
                    applied.isEmpty() ? "database is up to date" : "database migrated: " + String.join(", ", applied),
                    started);
        } catch (StoreUnavailableException e) {
            throw new StartException(
                    "ClickHouse at %s cannot be used: %s".formatted(settings.url(), e.getMessage()), e);
        }
    }

    /** Moves away what a rebuild makes anew, once it is known that no event is lost by that, or that this is accepted. */
    private void setAside(DataDirectory data, RememberedPorts ports, Rebuild rebuild, ClickHouseSettings settings) {
        migrate(settings);
        if (rebuild.hasBegun()) {
            announcer.ok("the rebuild that has begun is begun again");
        } else if (Files.isDirectory(data.path().resolve("kafka")) && !config.acceptLoss()) {
            long started = System.nanoTime();
            try (KafkaBroker old = broker(data, ports)) {
                Rebuild.requireArchived(settings, old.bootstrapServers());
            } catch (IllegalStateException e) { // of the broker
                throw new StartException(
                        "nothing tells whether ClickHouse has all events of the Kafka that a rebuild sets aside: %s. %s goes on without knowing."
                                .formatted(e.getMessage(), Rebuild.ACCEPT_LOSS),
                        e);
            }
            announcer.ok("ClickHouse has all events of the old Kafka", started);
        }
        rebuild.setAside();
        announcer.ok("the old Kafka data and checkpoints are in %s"
                .formatted(data.path().resolve(DataDirectory.ASIDE)));
    }

    private void play(Rebuild rebuild, ClickHouseSettings settings, KafkaCluster kafka) {
        long started = System.nanoTime();
        announcer.busy("playing the archived events");
        long events = Rebuild.run(settings, kafka.bootstrap());
        rebuild.end();
        announcer.ok("%d archived events played; the jobs make their rows anew".formatted(events), started);
    }

    private GateApi startGate(KafkaCluster kafka, ClickHouseSettings clickHouse, DataDirectory data, PartBoard board) {
        long started = System.nanoTime();
        var environment = new HashMap<>(config.environment());
        environment.put(OtherServers.KAFKA, kafka.bootstrap());
        environment.put(OtherServers.CLICKHOUSE, clickHouse.url().toString());
        environment.put(OtherServers.CLICKHOUSE_USER, clickHouse.user());
        environment.put(OtherServers.CLICKHOUSE_PASSWORD, clickHouse.password());
        environment.put(
                OtherServers.PARTITIONS, Integer.toString(config.servers().partitions()));
        environment.put(
                OtherServers.REPLICATION, Short.toString(config.servers().replication()));
        environment.computeIfAbsent(SIGNING_KEYS, none -> ownSigningKeys(data).toString());
        GateApi gate = GateApi.start(GateApiConfig.read(environment).withPort(config.httpPort()));
        own(gate);
        board.set("gate-api", "running");
        announcer.ok("gate API on http://127.0.0.1:" + gate.port(), started);
        return gate;
    }

    /** Returns the directory of this installation's own key, which is made at the first start. */
    private static Path ownSigningKeys(DataDirectory data) {
        Path keys = data.directory("signing-keys");
        try {
            SigningKeys.create(keys.resolve("1.jwk.json"));
        } catch (IOException e) {
            throw new StartException("the signing key in %s cannot be written: %s".formatted(keys, e), e);
        }
        return keys;
    }

    private List<StandaloneJob> jobs(KafkaCluster kafka, ClickHouseSettings clickHouse) {
        int partitions = config.servers().partitions();
        var ingest = IngestJobConfig.of(kafka.bootstrap(), partitions).withMappings(mappings());
        var dora = DoraJobConfig.of(kafka.bootstrap(), partitions).withZone(config.zone());
        var canary = CanaryJobConfig.of(kafka.bootstrap(), partitions).withMetricSources(metricSources());
        var rollback = RollbackJobConfig.of(kafka.bootstrap(), partitions);
        var store = StoreJobConfig.of(kafka.bootstrap(), clickHouse);
        return List.of(
                new StandaloneJob(IngestJob.NAME, ingest.parallelism(), env -> IngestJob.build(env, ingest)),
                new StandaloneJob(DoraJob.NAME, dora.parallelism(), env -> DoraJob.build(env, dora)),
                new StandaloneJob(CanaryJob.NAME, canary.parallelism(), env -> CanaryJob.build(env, canary)),
                new StandaloneJob(RollbackJob.NAME, rollback.parallelism(), env -> RollbackJob.build(env, rollback)),
                new StandaloneJob(StoreJob.NAME, store.parallelism(), env -> StoreJob.build(env, store)));
    }

    /** The same jobs as for the cluster in this process, by their jars and settings. */
    private List<ClusterJob> clusterJobs(FlinkServer flink, KafkaCluster kafka, ClickHouseSettings clickHouse) {
        int partitions = config.servers().partitions();
        int parallelism = flink.parallelism();
        var ingest = IngestJobConfig.of(kafka.bootstrap(), partitions)
                .withParallelism(parallelism)
                .withMappings(mappings());
        var dora = DoraJobConfig.of(kafka.bootstrap(), partitions)
                .withParallelism(parallelism)
                .withZone(config.zone());
        var canary = CanaryJobConfig.of(kafka.bootstrap(), partitions)
                .withParallelism(parallelism)
                .withMetricSources(metricSources());
        var rollback = RollbackJobConfig.of(kafka.bootstrap(), partitions).withParallelism(parallelism);
        var store = StoreJobConfig.of(kafka.bootstrap(), clickHouse).withParallelism(Math.min(parallelism, partitions));
        Path root = root();
        return List.of(
                new ClusterJob(
                        IngestJob.NAME,
                        ClusterJob.jar(root, IngestJob.NAME),
                        IngestJob.class.getName(),
                        ingest.parallelism(),
                        ingest.settings()),
                new ClusterJob(
                        DoraJob.NAME,
                        ClusterJob.jar(root, DoraJob.NAME),
                        DoraJob.class.getName(),
                        dora.parallelism(),
                        dora.settings()),
                new ClusterJob(
                        CanaryJob.NAME,
                        ClusterJob.jar(root, CanaryJob.NAME),
                        CanaryJob.class.getName(),
                        canary.parallelism(),
                        canary.settings()),
                new ClusterJob(
                        RollbackJob.NAME,
                        ClusterJob.jar(root, RollbackJob.NAME),
                        RollbackJob.class.getName(),
                        rollback.parallelism(),
                        rollback.settings()),
                new ClusterJob(
                        StoreJob.NAME,
                        ClusterJob.jar(root, StoreJob.NAME),
                        StoreJob.class.getName(),
                        store.parallelism(),
                        store.settings()));
    }

    /** Returns how the names that connections deliver become Sluice's. */
    private Map<String, ConnectionMapping> mappings() {
        String file = config.environment().getOrDefault(CONNECTIONS, "");
        return file.isBlank() ? Map.of() : ConnectionMappings.read(Path.of(file));
    }

    private CompletableFuture<String> startJobs(
            DataDirectory data, List<StandaloneJob> jobs, PartBoard board, ExecutorService starters) throws Exception {
        long started = System.nanoTime();
        int slots = jobs.stream().mapToInt(StandaloneJob::slots).sum();
        JobCluster cluster = JobCluster.start(
                slots, config.checkpointInterval(), data.directory("checkpoints"), data.emptyDirectory("tmp/flink"));
        own(cluster);
        announcer.ok("Flink cluster with " + slots + " slots", started);
        var starter = new JobStarter(cluster, announcer);
        return watch(cluster, startAll(jobs, starter::start, starters), board);
    }

    private CompletableFuture<String> startJobsOn(
            FlinkServer flink,
            FlinkRest.Overview overview,
            KafkaCluster kafka,
            RememberedSnapshots memory,
            List<ClusterJob> jobs,
            PartBoard board,
            ExecutorService starters) {
        board.set("flink", "used");
        announcer.ok("Flink %s at %s is used (%s); no cluster is started"
                .formatted(overview.version(), flink.url(), OtherServers.FLINK));
        var cluster = new FlinkJobs(flink.url(), kafka, memory, announcer);
        return watch(cluster, startAll(jobs, cluster::start, starters), board);
    }

    private CompletableFuture<String> watch(JobStates cluster, List<RunningJob> running, PartBoard board) {
        var watch = new JobWatch(cluster, running, announcer, board);
        own(watch);
        return watch.start();
    }

    /** Starts all jobs side by side and returns when all of them run. */
    private static <T> List<RunningJob> startAll(List<T> jobs, Starter<T> starter, ExecutorService starters) {
        var starting = new ArrayList<CompletableFuture<RunningJob>>();
        for (T job : jobs) {
            starting.add(CompletableFuture.supplyAsync(() -> start(starter, job), starters));
        }
        var running = new ArrayList<RunningJob>();
        for (CompletableFuture<RunningJob> each : starting) {
            try {
                running.add(each.join());
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }
        return running;
    }

    private static <T> RunningJob start(Starter<T> starter, T job) {
        try {
            return starter.start(job);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("interrupted", e);
        }
    }

    private void awaitReady(URI url) throws InterruptedException {
        long started = System.nanoTime();
        new Readiness(url, announcer).await();
        announcer.ok("ready", started);
    }

    /** Keeps a part, to be closed later; closes it at once where Sluice stops already. */
    private void own(AutoCloseable part) {
        synchronized (parts) {
            if (!closed) {
                parts.push(part);
                return;
            }
        }
        close(part);
    }

    /** Stops everything, the last part first; a part that cannot be stopped does not keep the others running. */
    @Override
    public void close() {
        var owned = new ArrayList<AutoCloseable>();
        synchronized (parts) {
            closed = true;
            while (!parts.isEmpty()) {
                owned.add(parts.pop());
            }
        }
        owned.forEach(Sluice::close);
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) { // at the edge: whatever it is, the rest must stop too
            LOGGER.atWarn()
                    .addKeyValue("part", part.getClass().getSimpleName())
                    .setCause(e)
                    .log("part did not stop cleanly");
        }
    }

    /**
     * Sluice, ready.
     *
     * @param endpoints where it answers
     * @param failure completed with a sentence when a part has failed for good
     */
    record Started(Endpoints endpoints, CompletableFuture<String> failure) {}

    /** Starts a job on some cluster. */
    private interface Starter<T> {
        /** Returns when all its tasks run. */
        RunningJob start(T job) throws InterruptedException;
    }

    private record ClickHouse(
            ClickHouseServer server, ClickHouseConfig config, ClickHouseEngine engine, long startedNanos) {}
}
