package dev.sluice.standalone;

import static java.util.Objects.requireNonNull;

import dev.sluice.dorajob.DoraJob;
import dev.sluice.dorajob.DoraJobConfig;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApi;
import dev.sluice.gateapi.GateApiConfig;
import dev.sluice.gateapi.GateApiFiles;
import dev.sluice.gateapi.TopicCreation;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.ingestjob.IngestJob;
import dev.sluice.ingestjob.IngestJobConfig;
import dev.sluice.rollbackjob.RollbackJob;
import dev.sluice.rollbackjob.RollbackJobConfig;
import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.Store;
import dev.sluice.storejob.StoreJob;
import dev.sluice.storejob.StoreJobConfig;
import dev.sluice.streams.JobOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The parts of Sluice in this JVM, each of which a test can take away and bring back: a Kafka broker, the jobs on a Flink
 * cluster, a gate API, and where asked for ClickHouse (a child process) with the store job.
 */
final class SluiceAssembly implements AutoCloseable {
    /** A variable that connections of the API may take their secret from, where no file of connections is. */
    static final String SECRET_VARIABLE = "SLUICE_SECRET_TEST";
    /** What it holds. */
    static final String SECRET = "a secret of the test";

    static final int PARTITIONS = 2;
    /** From one heartbeat of the gate API to the next, as in production. */
    static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final Path policies;
    private final @Nullable ClickHouseConfig clickHouseConfig;
    private final Senders senders;
    private final KafkaBroker broker;
    private @Nullable ClickHouseServer clickHouse;
    private @Nullable JobCluster cluster;
    private @Nullable GateApi gate;
    private final Map<String, StandaloneJob> jobs = new HashMap<>();
    private final Map<String, RunningJob> running = new HashMap<>();

    /**
     * Who may send webhooks.
     *
     * @param connections their file, null where nobody may
     * @param environment the variables that hold their secrets, and those of endpoints
     * @param egress where may be sent to
     */
    private record Senders(@Nullable Path connections, Map<String, String> environment, EgressRules egress) {
        static final Senders NONE = new Senders(null, Map.of(SECRET_VARIABLE, SECRET), EgressRules.publicOnly());
    }

    private SluiceAssembly(
            Path directory, Path policies, @Nullable ClickHouseConfig clickHouseConfig, Senders senders) {
        this.policies = policies;
        this.senders = senders;
        this.clickHouseConfig = clickHouseConfig;
        this.broker = KafkaBroker.start(
                KafkaBrokerConfig.in(directory.resolve("kafka")).withPartitions(PARTITIONS));
    }

    /** Starts everything that gates need: no ClickHouse, no store job. */
    static SluiceAssembly withoutStore(Path directory, Duration staleAfter) throws Exception {
        return start(directory, staleAfter, null, Senders.NONE);
    }

    /** Starts the same for senders of webhooks. */
    static SluiceAssembly withSenders(
            Path directory, Duration staleAfter, Path connections, Map<String, String> environment) throws Exception {
        return start(directory, staleAfter, null, new Senders(connections, environment, EgressRules.publicOnly()));
    }

    /**
     * Starts the same with rollbacks.
     *
     * @param receiver host and port of the one who is told to roll back
     * @param secret what {@link #SECRET_VARIABLE} holds
     */
    static SluiceAssembly withRollbacks(Path directory, Duration staleAfter, String receiver, String secret)
            throws Exception {
        EgressRules egress = EgressRules.read("http://" + receiver, "", new Problems());
        return start(directory, staleAfter, null, new Senders(null, Map.of(SECRET_VARIABLE, secret), egress));
    }

    /** Starts everything. */
    static SluiceAssembly withStore(Path directory, Duration staleAfter) throws Exception {
        return start(
                directory,
                staleAfter,
                ClickHouseConfig.in(Files.createDirectories(directory.resolve("clickhouse")))
                        .withPorts(FreePorts.pick(), FreePorts.pick()),
                Senders.NONE);
    }

    /** Starts everything with a new Kafka and new jobs, which begin with the events that ClickHouse has of before. */
    static SluiceAssembly rebuilt(Path directory, Duration staleAfter) throws Exception {
        for (String name : List.of("kafka", "checkpoints", "tmp", "policies")) {
            DataDirectory.deleteRecursively(directory.resolve(name));
        }
        return start(
                directory,
                staleAfter,
                ClickHouseConfig.in(directory.resolve("clickhouse")).withPorts(FreePorts.pick(), FreePorts.pick()),
                Senders.NONE,
                true);
    }

    private static SluiceAssembly start(
            Path directory, Duration staleAfter, @Nullable ClickHouseConfig clickHouse, Senders senders)
            throws Exception {
        return start(directory, staleAfter, clickHouse, senders, false);
    }

    private static SluiceAssembly start(
            Path directory,
            Duration staleAfter,
            @Nullable ClickHouseConfig clickHouse,
            Senders senders,
            boolean rebuild)
            throws Exception {
        Path policies = Files.createDirectories(directory.resolve("policies"));
        Files.writeString(policies.resolve("production.yaml"), policy(staleAfter));
        var assembly = new SluiceAssembly(directory, policies, clickHouse, senders);
        boolean started = false;
        try {
            assembly.startParts(directory, rebuild);
            started = true;
            return assembly;
        } finally {
            if (!started) {
                assembly.close();
            }
        }
    }

    /** A policy that allows what mostly succeeds, on knowledge that is fresh enough. */
    private static String policy(Duration staleAfter) {
        return """
               name: production
               version: "1"
               gates: [production]
               expires_after: 10m
               stale_after: %ds
               stale_outcome: deny
               rules:
                 - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=",
                    threshold: 0.5, minimum_n: 1, when_missing: deny}
               """.formatted(staleAfter.toSeconds());
    }

    private void startParts(Path directory, boolean rebuild) throws Exception {
        TopicCreation.create(bootstrap(), PARTITIONS, (short) 1);
        var ingest = IngestJobConfig.of(bootstrap(), PARTITIONS);
        var dora = DoraJobConfig.of(bootstrap(), PARTITIONS);
        add(new StandaloneJob("ingest", ingest.parallelism(), env -> IngestJob.build(env, ingest)));
        add(new StandaloneJob("dora", dora.parallelism(), env -> DoraJob.build(env, dora)));
        if (!senders.egress().equals(EgressRules.publicOnly())) {
            var rollback = RollbackJobConfig.of(bootstrap(), PARTITIONS);
            add(new StandaloneJob(RollbackJob.NAME, rollback.parallelism(), env -> RollbackJob.build(env, rollback)));
        }
        if (clickHouseConfig != null) {
            startClickHouse();
            try (Store store = Store.of(clickHouseSettings())) {
                store.migrate();
            }
            if (rebuild) {
                Rebuild.run(clickHouseSettings(), bootstrap());
            }
            var store = StoreJobConfig.of(bootstrap(), clickHouseSettings());
            add(new StandaloneJob("store", store.parallelism(), env -> StoreJob.build(env, store)));
        }
        startGate(HEARTBEAT);
        int slots = jobs.values().stream().mapToInt(StandaloneJob::slots).sum();
        cluster = JobCluster.start(
                slots,
                JobOptions.CHECKPOINT_INTERVAL,
                Files.createDirectories(directory.resolve("checkpoints")),
                Files.createDirectories(directory.resolve("tmp")));
        for (String job : List.copyOf(jobs.keySet())) {
            startJob(job);
        }
    }

    private void add(StandaloneJob job) {
        jobs.put(job.name(), job);
    }

    /** Starts a job where it left off. */
    void startJob(String name) throws InterruptedException {
        var announcer = new Announcer(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        running.put(name, new JobStarter(cluster(), announcer).start(requireNonNull(jobs.get(name), name)));
    }

    /** Ends a job as an operator does who cancels it, and returns when it has ended. */
    void stopJob(String name) throws InterruptedException, ExecutionException, TimeoutException {
        RunningJob job = requireNonNull(running.remove(name), name);
        cluster().flink().cancelJob(job.id()).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        cluster().flink().requestJobResult(job.id()).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Starts the gate API; its address is another each time. */
    void startGate(Duration heartbeat) {
        var base = GateApiConfig.of(bootstrap());
        gate = GateApi.start(new GateApiConfig(
                base.host(),
                0,
                base.kafkaBootstrap(),
                clickHouseConfig == null ? null : clickHouseSettings(),
                GateApiFiles.NONE.withPolicies(policies).withConnections(senders.connections()),
                PARTITIONS,
                (short) 1,
                heartbeat,
                base.rateLimits(),
                senders.egress(),
                senders.environment()));
    }

    /** Ends the gate API. */
    void stopGate() {
        if (gate != null) {
            gate.close();
            gate = null;
        }
    }

    /** Starts ClickHouse on the ports and the data that it had. */
    void startClickHouse() {
        clickHouse = ClickHouseServer.start(requireNonNull(clickHouseConfig));
    }

    /** Lets the process of ClickHouse stand still: its ports take connections, nothing answers. */
    void freezeClickHouse() throws IOException, InterruptedException {
        // of the shell: the program of that name is in a package that is not on every machine
        var stop = new ProcessBuilder(
                        "sh", "-c", "kill -STOP " + requireNonNull(clickHouse).pid())
                .start();
        if (stop.waitFor() != 0) {
            throw new AssertionError("ClickHouse cannot be frozen");
        }
    }

    /** Ends ClickHouse as {@code kill -9} does. */
    void killClickHouse() throws InterruptedException, ExecutionException, TimeoutException {
        ClickHouseServer killed = requireNonNull(clickHouse);
        ProcessHandle.of(killed.pid()).ifPresent(ProcessHandle::destroyForcibly);
        killed.exited().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        killed.close();
        clickHouse = null;
    }

    private ClickHouseSettings clickHouseSettings() {
        return ClickHouseSettings.at(URI.create(
                "http://127.0.0.1:" + requireNonNull(clickHouseConfig).httpPort()));
    }

    /** Returns the answer of ClickHouse to a query, a list of the fields of each row. */
    List<List<String>> sql(String query) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        requireNonNull(clickHouse).httpUrl().resolve("/"))
                                .timeout(LIMIT)
                                .POST(BodyPublishers.ofString(query))
                                .build(),
                        BodyHandlers.ofString());
        if (answer.statusCode() != GateClient.OK) {
            throw new AssertionError(query + "\n" + answer.body());
        }
        return rows(answer.body());
    }

    /** Splits what ClickHouse answers, TSV without escaped characters. */
    static List<List<String>> rows(String tsv) {
        return tsv.lines().map(line -> List.of(line.split("\t", -1))).toList();
    }

    String bootstrap() {
        return broker.bootstrapServers();
    }

    Path policies() {
        return policies;
    }

    GateClient client() {
        return new GateClient(url());
    }

    /** Returns where the gate API listens. */
    URI url() {
        return URI.create("http://127.0.0.1:" + requireNonNull(gate).port());
    }

    private JobCluster cluster() {
        return requireNonNull(cluster);
    }

    @Override
    public void close() {
        if (cluster != null) {
            cluster.close();
        }
        stopGate();
        if (clickHouse != null) {
            clickHouse.close();
        }
        broker.close();
    }
}
