package dev.sluice.standalone;

import dev.sluice.dorajob.DoraJob;
import dev.sluice.dorajob.DoraJobConfig;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseLibrary;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.embedded.PortTakenException;
import dev.sluice.gateapi.GateApi;
import dev.sluice.gateapi.GateApiConfig;
import dev.sluice.gateapi.TopicCreation;
import dev.sluice.ingestjob.IngestJob;
import dev.sluice.ingestjob.IngestJobConfig;
import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.Store;
import dev.sluice.storejob.StoreJob;
import dev.sluice.storejob.StoreJobConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sluice in this process: a Kafka broker, the gate API and the Flink jobs; and ClickHouse in a child process. What was
 * started last is stopped first.
 */
final class Sluice implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Sluice.class);
    private static final int PARTITIONS = 2;
    private static final short REPLICATION = 1;

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
        var board = new PartBoard(data);
        var ports = new RememberedPorts(data.path().resolve("ports.properties"));
        ExecutorService starters = Executors.newCachedThreadPool(Threads.daemon("starter"));
        own(starters::shutdownNow);

        CompletableFuture<ClickHouse> clickHouse =
                CompletableFuture.supplyAsync(() -> startClickHouse(data, ports, board), starters);
        KafkaBroker broker = startKafka(data, ports, board);
        TopicCreation.create(broker.bootstrapServers(), PARTITIONS, REPLICATION);
        URI clickHouseUrl;
        try {
            clickHouseUrl = clickHouse.join().server().httpUrl();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        ports.save();
        var settings = ClickHouseSettings.at(clickHouseUrl);
        migrate(settings);
        GateApi gate = startGate(broker, clickHouseUrl, board);
        var url = URI.create("http://127.0.0.1:" + gate.port());
        CompletableFuture<String> failure = startJobs(data, jobs(broker.bootstrapServers(), settings), board, starters);
        awaitReady(url);
        var endpoints = new Endpoints(
                ProcessHandle.current().pid(), url, broker.bootstrapServers(), clickHouseUrl, Instant.now());
        data.publish(endpoints);
        return new Started(endpoints, failure);
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

    private ClickHouse startClickHouse(DataDirectory data, RememberedPorts ports, PartBoard board) {
        Path library = ClickHouseLibrary.locate(announcer::busy);
        long started = System.nanoTime();
        ClickHouseConfig base =
                ClickHouseConfig.in(data.directory("clickhouse")).withLibrary(library);
        ClickHouse clickHouse = ports.start(
                "clickhouse.http",
                httpPort -> ports.start("clickhouse.tcp", tcpPort -> {
                    ClickHouseConfig chosen = base.withPorts(httpPort, tcpPort);
                    return new ClickHouse(ClickHouseServer.start(chosen), chosen);
                }));
        var keeper = new ClickHouseKeeper(clickHouse.server(), clickHouse.config(), announcer, board);
        own(keeper);
        keeper.start();
        announcer.ok("ClickHouse on " + clickHouse.server().httpUrl(), started);
        return clickHouse;
    }

    private KafkaBroker startKafka(DataDirectory data, RememberedPorts ports, PartBoard board) {
        long started = System.nanoTime();
        KafkaBrokerConfig base = KafkaBrokerConfig.in(data.directory("kafka")).withPartitions(PARTITIONS);
        KafkaBroker broker = ports.start("kafka", port -> KafkaBroker.start(base.withPort(port)));
        own(broker);
        board.set("kafka", "running");
        announcer.ok("Kafka on " + broker.bootstrapServers(), started);
        return broker;
    }

    private void migrate(ClickHouseSettings settings) {
        long started = System.nanoTime();
        try (Store store = Store.of(settings)) {
            List<String> applied = store.migrate();
            announcer.ok(
                    applied.isEmpty() ? "database is up to date" : "database migrated: " + String.join(", ", applied),
                    started);
        }
    }

    private GateApi startGate(KafkaBroker broker, URI clickHouse, PartBoard board) {
        long started = System.nanoTime();
        var environment = new HashMap<>(config.environment());
        environment.put("SLUICE_KAFKA_BOOTSTRAP", broker.bootstrapServers());
        environment.put("SLUICE_CLICKHOUSE_URL", clickHouse.toString());
        environment.put("SLUICE_PARTITIONS", Integer.toString(PARTITIONS));
        environment.put("SLUICE_REPLICATION", Short.toString(REPLICATION));
        GateApi gate = GateApi.start(GateApiConfig.read(environment).withPort(config.httpPort()));
        own(gate);
        board.set("gate-api", "running");
        announcer.ok("gate API on http://127.0.0.1:" + gate.port(), started);
        return gate;
    }

    private static List<StandaloneJob> jobs(String bootstrap, ClickHouseSettings clickHouse) {
        var ingest = IngestJobConfig.of(bootstrap, PARTITIONS);
        var dora = DoraJobConfig.of(bootstrap, PARTITIONS);
        var store = StoreJobConfig.of(bootstrap, clickHouse);
        return List.of(
                new StandaloneJob("ingest", ingest.parallelism(), env -> IngestJob.build(env, ingest)),
                new StandaloneJob("dora", dora.parallelism(), env -> DoraJob.build(env, dora)),
                new StandaloneJob("store", store.parallelism(), env -> StoreJob.build(env, store)));
    }

    private CompletableFuture<String> startJobs(
            DataDirectory data, List<StandaloneJob> jobs, PartBoard board, ExecutorService starters) throws Exception {
        long started = System.nanoTime();
        int slots = jobs.stream().mapToInt(StandaloneJob::slots).sum();
        JobCluster cluster = JobCluster.start(slots, data.directory("checkpoints"), data.emptyDirectory("tmp/flink"));
        own(cluster);
        announcer.ok("Flink cluster with " + slots + " slots", started);
        var starter = new JobStarter(cluster, announcer);
        var starting = new ArrayList<CompletableFuture<JobWatch.Watched>>();
        for (StandaloneJob job : jobs) {
            starting.add(CompletableFuture.supplyAsync(
                    () -> new JobWatch.Watched(start(starter, job), cluster.checkpoints(job)), starters));
        }
        var running = new ArrayList<JobWatch.Watched>();
        for (CompletableFuture<JobWatch.Watched> each : starting) {
            try {
                running.add(each.join());
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }
        var watch = new JobWatch(cluster, running, announcer, board);
        own(watch);
        return watch.start();
    }

    private static RunningJob start(JobStarter starter, StandaloneJob job) {
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

    private record ClickHouse(ClickHouseServer server, ClickHouseConfig config) {}
}
