package dev.sluice.standalone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dorajob.DoraJob;
import dev.sluice.embedded.FreePorts;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sluice with a Flink cluster that somebody else runs, in processes of its own. */
class ExternalFlinkIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir
    private Path directory;

    /** One life of {@code up} after another on the same cluster. */
    @Test
    @Tag("soak") // a minute; in the normal run FlinkJobsTest asks a stub of the REST API
    void jobsOutliveUp_andNoneRunsTwice() throws IOException, InterruptedException {
        Path data = directory.resolve("data");
        try (FlinkProcesses flink = FlinkProcesses.start(Files.createDirectory(directory.resolve("flink")))) {
            Map<String, String> servers = Map.of(OtherServers.FLINK, flink.url().toString());
            Map<String, JobID> first;
            JobID dora;
            try (SluiceProcess sluice = SluiceProcess.launch(data, 0, servers).awaitReady()) {
                String goOn = "and the jobs on Flink at " + flink.url() + " go on.";
                SluiceProcess.await(
                        "what Ctrl-C does is told", LIMIT, () -> sluice.output().contains(goOn));
                assertThat(sluice.output())
                        .contains(
                                "Flink 2.2.0 at " + flink.url() + " is used (SLUICE_FLINK_REST); no cluster is started")
                        .contains("job dora starts from the beginning (Flink knows no checkpoint of it)");
                first = running(flink);
                dora = requireNonNull(first.get("sluice-dora"));
                assertThat(first.keySet())
                        .containsExactly("sluice-canary", "sluice-dora", "sluice-ingest", "sluice-store");
                deploy(sluice, "v1", 1);
                assertThat(sluice.terminate()).isEqualTo(143);
            }
            assertThat(flink.isAlive()).isTrue();
            assertThat(running(flink)).isEqualTo(first);
            assertThat(data.resolve("checkpoints")).doesNotExist();

            refusesASecondRun(flink.rest(), dora);
            refusesToRunThemHereToo(data, flink);

            try (SluiceProcess sluice = SluiceProcess.launch(data, 0, servers).awaitReady()) {
                assertThat(sluice.output())
                        .contains("job ingest runs on Flink already and is used as it is")
                        .contains("job dora runs on Flink already and is used as it is")
                        .contains("job store runs on Flink already and is used as it is");
                assertThat(running(flink)).isEqualTo(first);
                deploy(sluice, "v2", 2);

                awaitCheckpoint(flink, dora);
                flink.rest().cancel(dora);
                assertThat(sluice.awaitExit()).isEqualTo(1);
                assertThat(sluice.output()).contains("[fail] job dora has ended: canceled");
            }

            Path connections = Files.writeString(directory.resolve("connections.yaml"), """
                    connections:
                      - {id: github, source: github, secret_env: SLUICE_TEST_SECRET, services: {acme/cart: cart}}
                    """);
            Map<String, String> changed = new TreeMap<>(servers);
            changed.put("SLUICE_CONNECTIONS", connections.toString());
            changed.put("SLUICE_TEST_SECRET", "a-secret-of-this-test-that-is-long-enough");
            try (SluiceProcess sluice = SluiceProcess.launch(data, 0, changed).awaitReady()) {
                assertThat(sluice.output())
                        .containsPattern("job ingest is replaced, .* from file:.*/savepoints/savepoint-")
                        .containsPattern("job dora goes on from file:.*/checkpoints/.*/chk-")
                        .contains("job store runs on Flink already and is used as it is");
                deploy(sluice, "v3", 3);
                Map<String, JobID> last = running(flink);
                assertThat(last.keySet()).isEqualTo(first.keySet());
                assertThat(last.get("sluice-store")).isEqualTo(first.get("sluice-store"));
                SluiceProcess.await("the deployments are stored", LIMIT, () -> stored(sluice) == 3);
                oneRunOfEachJobWroteAtATime(sluice);
                assertThat(sluice.terminate()).isEqualTo(143);
            }
        }
    }

    @Test
    void flinkThatIsAway_isNamedBeforeServersStart() throws IOException, InterruptedException {
        String nowhere = "http://127.0.0.1:" + FreePorts.pick();
        try (SluiceProcess sluice = SluiceProcess.launch(directory, 0, Map.of(OtherServers.FLINK, nowhere))) {
            assertThat(sluice.awaitExit()).isEqualTo(1);
            assertThat(sluice.output())
                    .contains("[fail] Flink at " + nowhere + " does not answer: no connection. ")
                    .contains("Start the cluster, or correct or unset SLUICE_FLINK_REST.")
                    .doesNotContain("Kafka")
                    .doesNotContain("\tat ");
        }
    }

    /** What keeps two processes that start a job at the same time from starting it twice. */
    private static void refusesASecondRun(FlinkRest rest, JobID id) throws IOException, InterruptedException {
        String jar = rest.upload(ClusterJob.jar(Path.of(System.getProperty("sluice.root")), "dora"));
        var start = new FlinkRest.Start(
                id,
                DoraJob.class.getName(),
                List.of("SLUICE_KAFKA_BOOTSTRAP=127.0.0.1:" + FreePorts.pick()),
                1,
                null,
                Map.of());

        assertThatThrownBy(() -> rest.run(jar, start))
                .isInstanceOfSatisfying(
                        FlinkRestException.class,
                        refusal -> assertThat(refusal.isDuplicateRun()).isTrue());
        rest.deleteJar(jar);
    }

    private static void refusesToRunThemHereToo(Path data, FlinkProcesses flink)
            throws IOException, InterruptedException {
        try (SluiceProcess sluice = SluiceProcess.launch(data, 0)) {
            assertThat(sluice.awaitExit()).isEqualTo(1);
            assertThat(sluice.output())
                    .containsPattern("\\[fail] the job sluice-\\w+ runs on Flink at " + flink.url()
                            + ", and must not run twice: set SLUICE_FLINK_REST to that again");
        }
    }

    /** Tells a deployment and waits until the metrics have as many. */
    private static void deploy(SluiceProcess sluice, String version, int count)
            throws IOException, InterruptedException {
        OneService.deploy(sluice, version, Instant.now());
        var client = new GateClient(sluice.url());
        SluiceProcess.await(count + " deployments are counted", LIMIT, () -> counted(client) == count);
    }

    private static int counted(GateClient client) {
        try {
            return client.dora("shop")
                    .filter(answer -> answer.status() == GateClient.OK)
                    .map(answer -> answer.json()
                            .at("/metrics/deployment_frequency/count")
                            .asInt())
                    .orElse(0);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int stored(SluiceProcess sluice) {
        try {
            return Integer.parseInt(
                    sluice.sql("SELECT count() FROM dash.deployments").strip());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Twice a second each job says how far it has come, with its generation. Were there two runs of one at a time, their
     * generations would take turns.
     */
    private static void oneRunOfEachJobWroteAtATime(SluiceProcess sluice) throws IOException {
        var generations = new HashMap<String, List<Long>>();
        for (JsonNode progress :
                TopicRecords.values(sluice.endpoints().path("kafka").asText(), Topic.PROGRESS)) {
            List<Long> turns = generations.computeIfAbsent(
                    progress.path("job").asText() + progress.path("partition"), key -> new ArrayList<>());
            long generation = progress.path("generation").asLong();
            if (turns.isEmpty() || turns.get(turns.size() - 1) != generation) {
                turns.add(generation);
            }
        }
        assertThat(generations.keySet())
                .containsExactlyInAnyOrder(
                        "canary0", "canary1", "dora0", "dora1", "ingest0", "ingest1", "rollback0", "rollback1");
        // of the others the one was cancelled once, the other replaced once
        generations.forEach((part, turns) -> assertThat(turns)
                .as(part)
                .hasSize(part.startsWith("canary") || part.startsWith("rollback") ? 1 : 2)
                .isSorted());
    }

    /** The runs that go on, by name; fails where there are two of one name. */
    private static Map<String, JobID> running(FlinkProcesses flink) throws IOException, InterruptedException {
        Set<JobStatus> good = Set.of(JobStatus.RUNNING, JobStatus.RESTARTING);
        List<FlinkRest.Run> runs =
                flink.rest().runs().stream().filter(run -> !run.hasEnded()).toList();
        assertThat(runs).allSatisfy(run -> assertThat(run.status()).isIn(good));
        return runs.stream()
                .collect(Collectors.toMap(
                        FlinkRest.Run::name,
                        FlinkRest.Run::id,
                        (one, two) -> {
                            throw new AssertionError("two runs: " + runs);
                        },
                        TreeMap::new));
    }

    /** Has a checkpoint taken: the next by itself would come in half a minute. */
    private static void awaitCheckpoint(FlinkProcesses flink, JobID id) throws IOException, InterruptedException {
        HttpRequest trigger = HttpRequest.newBuilder(flink.url().resolve("/jobs/" + id + "/checkpoints"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"checkpointType\": \"FULL\"}"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(trigger, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(202);
        SluiceProcess.await("a checkpoint", LIMIT, () -> {
            try {
                return flink.rest().newestSnapshot(id).isPresent();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }
}
