package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    /** Checkpoints so often that nobody waits for them here. */
    private static final Map<String, String> OFTEN = Map.of(StandaloneConfig.CHECKPOINT_SECONDS, "2");

    @TempDir
    private Path data;

    /** One life after another on the same data: every start costs about 15 s. */
    @Test
    void goesOnWithItsData_afterSigtermKillAndDamagedCheckpoints() throws IOException, InterruptedException {
        List<ProcessHandle> children;
        try (SluiceProcess first = SluiceProcess.launch(data, 0, OFTEN).awaitReady()) {
            assertThat(first.output()).contains("job dora starts from the beginning");
            OneService.deploy(first, "v1");
            OneService.awaitVersion(first, "v1");
            refusesASecondProcess();
            restartsClickHouse(first);
            first.awaitCheckpoints(2);
            children = first.children();
            assertThat(children).isNotEmpty();

            assertThat(first.terminate()).isEqualTo(143);
            assertThat(first.output())
                    .contains("[ok]   stopped (")
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
        }
        SluiceProcess.await(
                "the children are gone", LIMIT, () -> children.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(data.resolve("endpoints.json")).doesNotExist();

        damageNewestCheckpointOf("dora");
        try (SluiceProcess second = SluiceProcess.launch(data, 0, OFTEN).awaitReady()) {
            assertThat(second.output())
                    .contains("job ingest goes on from checkpoint")
                    .contains("job dora cannot be restored from checkpoint")
                    .contains("job dora goes on from checkpoint");
            OneService.awaitVersion(second, "v1");
            OneService.deploy(second, "v2");
            OneService.awaitVersion(second, "v2");
            second.kill();
        }

        DataDirectory.deleteRecursively(data.resolve("checkpoints/dora"));
        try (SluiceProcess third = SluiceProcess.launch(data, 0, OFTEN).awaitReady()) {
            assertThat(third.output())
                    .contains("job store goes on from checkpoint")
                    .contains("job dora starts from the beginning");
            OneService.awaitVersion(third, "v2");
            assertThat(third.terminate()).isEqualTo(143);
        }
    }

    @Test
    void takenPort_isNamedWithWhatToDo() throws IOException, InterruptedException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SluiceProcess sluice = SluiceProcess.launch(data, taken.getLocalPort())) {
            assertThat(sluice.awaitExit()).isEqualTo(1);
            assertThat(sluice.output())
                    .contains("[fail] port " + taken.getLocalPort() + ", needed for the gate API, is taken")
                    .contains("--port PORT")
                    .doesNotContain("\tat ");
        }
    }

    private void refusesASecondProcess() throws IOException, InterruptedException {
        try (SluiceProcess second = SluiceProcess.launch(data, 0)) {
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.output())
                    .contains("Sluice already runs on " + data + " (process ")
                    .contains("`deploy/sluice down --data " + data + "`");
        }
    }

    private static void restartsClickHouse(SluiceProcess sluice) {
        List<ProcessHandle> before = sluice.children();
        assertThat(before)
                .hasSize(1)
                .allSatisfy(child -> assertThat(child.destroyForcibly()).isTrue());
        SluiceProcess.await(
                "ClickHouse runs again", LIMIT, () -> sluice.output().contains("ClickHouse runs again on"));
        assertThat(sluice.output()).contains("ClickHouse has ended (exit code 137) and is started again");
    }

    private void damageNewestCheckpointOf(String job) throws IOException {
        Path newest = new Checkpoints(data.resolve("checkpoints").resolve(job))
                .newestFirst()
                .get(0);
        try (var metadata = FileChannel.open(newest.resolve("_metadata"), StandardOpenOption.WRITE)) {
            metadata.truncate(16);
        }
    }
}
