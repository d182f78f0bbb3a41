package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.ClickHouseChoice;
import dev.sluice.embedded.StandInBinary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sluice with a {@code clickhouse} binary in place of the engine's library. */
class ClickHouseBinaryIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String VERSION = "26.7.2.1";

    @TempDir
    private Path root;

    /** Its parts are tried one by one by the test of the same name in {@code deploy/embedded}. */
    @Test
    @Tag("soak")
    void runsTheBinary() throws IOException, InterruptedException {
        Path data = root.resolve("data");
        Path binary = StandInBinary.write(root.resolve("bin"), VERSION);

        List<ProcessHandle> processes;
        try (SluiceProcess sluice = SluiceProcess.launch(data, 0, named(binary)).awaitReady()) {
            assertThat(sluice.output()).containsPattern("ClickHouse " + VERSION + " on http://\\S+, binary " + binary);
            OneService.deploy(sluice, "v1");
            awaitStored(sluice, 1);
            processes = sluice.children();
            assertThat(processes).as("the binary and what watches it").hasSize(2);

            assertThat(sluice.terminate()).isEqualTo(143);
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(StandInBinary.calls(binary)).containsExactly("server --version", started());
    }

    /** One life after another on the same data: every start costs about 15 s. */
    @Test
    @Tag("soak")
    void survivesKillsAndLeavesNothingBehind() throws IOException, InterruptedException {
        Path data = root.resolve("data");
        Path binary = StandInBinary.write(root.resolve("bin"), VERSION);
        Map<String, String> onPath = Map.of("PATH", binary.getParent() + ":" + System.getenv("PATH"));

        List<ProcessHandle> processes;
        try (SluiceProcess first = SluiceProcess.launch(data, 0, named(binary)).awaitReady()) {
            OneService.deploy(first, "v1");
            OneService.awaitVersion(first, "v1");
            awaitStored(first, 1);
            processes = first.children();
            assertThat(processes).as("the binary and what watches it").hasSize(2);
            restartsWhatWatches(first, processes);
            processes = first.children();
            first.kill();
        }
        awaitGone(processes);

        // the directory keeps to its kind, though the library is there
        try (SluiceProcess second = SluiceProcess.launch(data, 0, onPath).awaitReady()) {
            assertThat(second.output()).contains("binary " + binary);
            OneService.deploy(second, "v2");
            awaitStored(second, 2);
            processes = second.children();
            assertThat(processes).hasSize(2);

            assertThat(second.terminate()).isEqualTo(143);
            assertThat(second.output()).contains("[ok]   stopped (").doesNotContain("Exception");
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(StandInBinary.calls(binary))
                .containsExactly("server --version", started(), started(), "server --version", started());
    }

    @Test
    void binaryThatIsNotThere_isNamed() throws IOException, InterruptedException {
        Path absent = root.resolve("absent/clickhouse");
        try (SluiceProcess sluice = SluiceProcess.launch(
                root.resolve("data"), 0, Map.of(ClickHouseChoice.BINARY_VARIABLE, absent.toString()))) {
            assertThat(sluice.awaitExit()).isEqualTo(1);
            assertThat(sluice.output())
                    .contains("[fail] SLUICE_CLICKHOUSE_BINARY names " + absent + ": there is no such executable")
                    .doesNotContain("\tat ");
        }
    }

    private static Map<String, String> named(Path binary) {
        return Map.of(ClickHouseChoice.BINARY_VARIABLE, binary.toString());
    }

    /** How the binary is called to serve. */
    private String started() throws IOException {
        return "server --config-file=" + root.toRealPath().resolve("data/clickhouse/config.xml") + " watchdog=0";
    }

    /** Where the JVM in between is killed, its server is stopped before another one starts. */
    private static void restartsWhatWatches(SluiceProcess sluice, List<ProcessHandle> processes) {
        ProcessHandle watcher = processes.stream()
                .filter(process -> process.children().findAny().isPresent())
                .findFirst()
                .orElseThrow();
        assertThat(watcher.destroyForcibly()).isTrue();
        SluiceProcess.await(
                "ClickHouse runs again", LIMIT, () -> sluice.output().contains("ClickHouse runs again on"));
        awaitGone(processes);
        awaitStored(sluice, 1);
    }

    private static void awaitStored(SluiceProcess sluice, int deployments) {
        SluiceProcess.await(deployments + " deployments are stored", LIMIT, () -> {
            try {
                return sluice.sql("SELECT count() FROM dash.deployments")
                        .strip()
                        .equals(Integer.toString(deployments));
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static void awaitGone(List<ProcessHandle> processes) {
        SluiceProcess.await(
                "the processes are gone", LIMIT, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }
}
