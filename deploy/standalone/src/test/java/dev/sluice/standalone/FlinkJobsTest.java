package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.streams.RunParameters;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlinkJobsTest {
    private static final String KAFKA = "one:9092,two:9092";
    private static final JobID ANOTHER = new JobID(1, 2);
    private static final String NAME = "sluice-dora";
    private static final String LOST_MACHINE = "a.RemoteTransportException: Connection unexpectedly closed";
    private static final String LOST_FILE =
            "a.BackendBuildingException: no\nCaused by: java.io.FileNotFoundException: chk-57";

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private FlinkStub flink;
    private ClusterJob job;

    @BeforeEach
    void start() throws IOException {
        flink = new FlinkStub();
        Path jar = Files.writeString(directory.resolve("dora.jar"), "jar");
        job = new ClusterJob("dora", jar, "Main", 1, Map.of("SLUICE_KAFKA_BOOTSTRAP", KAFKA));
    }

    @AfterEach
    void stop() {
        flink.close();
    }

    @Test
    void runOfAnotherKafkaStartedByHand_isNotTakenOver() {
        flink.put(ANOTHER, NAME, "RUNNING", Map.of(RunParameters.BOOTSTRAP, "other:9092"));

        assertThatThrownBy(this::up)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("sluice-dora runs on Flink at " + flink.url() + " already, started by hand")
                .hasMessageContaining("for Kafka at other:9092, not " + KAFKA)
                .hasMessageContaining("flink stop " + ANOTHER);
        assertThat(flink.starts).isEmpty();
        assertThat(flink.cancelled).isEmpty();
    }

    @Test
    void runThatDoesNotSayForWhichKafka_isNotTakenOver() {
        flink.put(ANOTHER, NAME, "RUNNING", Map.of());

        assertThatThrownBy(this::up)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("does not say for which Kafka. It is not taken over");
        assertThat(flink.cancelled).isEmpty();
    }

    @Test
    void runOfAnotherInstallation_isLeftAlone() throws InterruptedException {
        flink.put(
                ANOTHER,
                NAME,
                "RUNNING",
                Map.of(RunOwnership.KAFKA, "other-id", RunParameters.BOOTSTRAP, "other:9092"));

        RunningJob running = up();

        assertThat(running.id()).isNotEqualTo(ANOTHER);
        assertThat(flink.cancelled).isEmpty();
    }

    @Test
    void runOfThisJarAndTheseSettings_isUsed() throws InterruptedException {
        flink.put(ANOTHER, NAME, "RUNNING", ours(job));

        assertThat(up()).isEqualTo(new RunningJob("dora", ANOTHER, "found running"));
        assertThat(flink.starts).isEmpty();
    }

    @Test
    void jobManagerThatForgot_doesNotMakeAnIdBeUsedTwice_andTheCheckpointIsRemembered() throws Exception {
        RunningJob first = up();
        flink.checkpoint(first.id().toString(), "file:/c/chk-57");
        jobs(new RememberedSnapshots(directory)).remember(first);
        flink.restart("life-2");

        RunningJob second = up();

        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.origin()).isEqualTo("started from file:/c/chk-57 of 1970-01-01T00:00:01Z");
        assertThat(flink.starts.get(1).path("savepointPath").asText()).isEqualTo("file:/c/chk-57");
        assertThat(output()).contains("job dora is forgotten by Flink and goes on from file:/c/chk-57");
    }

    @Test
    void rememberedCheckpointThatIsGone_isGivenUp() throws Exception {
        remember("file:/c/chk-57");
        flink.onStart(start -> {
            if (start.has("savepointPath")) {
                flink.put(id(start), NAME, "RUNNING", Map.of());
                flink.fail(id(start).toString(), "FAILED", LOST_FILE);
            }
        });

        RunningJob running = up();

        assertThat(flink.starts).hasSize(2);
        assertThat(running.id()).isEqualTo(id(flink.starts.get(1))).isNotEqualTo(id(flink.starts.get(0)));
        assertThat(running.origin()).isEqualTo("started from the beginning (no checkpoint can be restored)");
        assertThat(new RememberedSnapshots(directory).of("dora")).isEmpty();
    }

    @Test
    void lostMachine_doesNotGiveUpTheState() {
        remember("file:/c/chk-57");
        flink.onStart(start -> {
            flink.put(id(start), NAME, "RUNNING", Map.of());
            flink.fail(id(start).toString(), "RESTARTING", LOST_MACHINE, LOST_MACHINE, LOST_MACHINE);
        });

        assertThatThrownBy(this::up)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("not all tasks of the job dora")
                .hasMessageContaining("Connection unexpectedly closed")
                .hasMessageContaining("is left there, and the next `up` uses it");
        assertThat(flink.starts).hasSize(1);
        assertThat(flink.cancelled).isEmpty();
        assertThat(new RememberedSnapshots(directory).of("dora")).isPresent();
    }

    @Test
    void runThatAnotherProcessStartedMeanwhile_isUsedOnlyIfItIsTheSame() throws InterruptedException {
        remember("file:/c/chk-57");
        JobID next = nextId();
        startsMeanwhile(next, ours(job));

        assertThat(up()).isEqualTo(new RunningJob("dora", next, "found running"));
        assertThat(output()).doesNotContain("goes on from");
        assertThat(flink.cancelled).isEmpty();
    }

    @Test
    void runThatAnotherProcessStartedMeanwhileWithOtherSettings_isLeft() throws InterruptedException {
        JobID next = nextId();
        startsMeanwhile(
                next, ours(new ClusterJob("dora", job.jar(), "Main", 1, Map.of("SLUICE_KAFKA_BOOTSTRAP", "x"))));

        assertThatThrownBy(this::up)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("by another process at the same time, from another jar or with other settings")
                .hasMessageContaining("the run " + next + " is left as it is");
        assertThat(flink.cancelled).isEmpty();
    }

    /** Has a run appear between the look at the cluster and the start. */
    private void startsMeanwhile(JobID id, Map<String, String> parameters) {
        flink.onUpload(() -> flink.put(id, NAME, "RUNNING", parameters));
    }

    /** Returns the id that the next run gets. */
    private JobID nextId() throws InterruptedException {
        try {
            RunningJob running =
                    jobs(new RememberedSnapshots(directory.resolve("nothing"))).start(job);
            return running.id();
        } finally {
            flink.restart("life-1");
            flink.starts.clear();
            output.reset();
        }
    }

    private void remember(String path) {
        new RememberedSnapshots(directory).remember("dora", new FlinkRest.Snapshot(path, Instant.EPOCH));
    }

    private RunningJob up() throws InterruptedException {
        return jobs(new RememberedSnapshots(directory)).start(job);
    }

    private FlinkJobs jobs(RememberedSnapshots memory) {
        return new FlinkJobs(
                flink.url(),
                new KafkaCluster(KAFKA, "our-id", Map.of()),
                memory,
                new Announcer(new PrintStream(output, true, StandardCharsets.UTF_8)),
                new FlinkJobs.Limits(Duration.ofSeconds(1), Duration.ZERO));
    }

    private String output() {
        return output.toString(StandardCharsets.UTF_8);
    }

    private static JobID id(JsonNode start) {
        return JobID.fromHexString(start.path("jobId").asText());
    }

    private static Map<String, String> ours(ClusterJob job) {
        return Map.of(
                RunOwnership.KAFKA,
                "our-id",
                RunParameters.BOOTSTRAP,
                KAFKA,
                RunParameters.SETTINGS,
                job.settingsDigest(),
                "sluice.jar",
                job.jarDigest());
    }
}
