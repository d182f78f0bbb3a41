package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a {@code clickhouse} binary; {@link StandInBinary} is one that is always there. */
class ClickHouseBinaryIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path root;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Path directory;
    private Path binary;

    @BeforeEach
    void writeBinary() throws IOException {
        directory = root.resolve("clickhouse");
        binary = StandInBinary.write(root.resolve("bin"), "26.7.2.1");
    }

    @Test
    void rows_surviveStopAndStart() throws Exception {
        survivesStopAndStart();

        String started = "server --config-file=" + directory.toRealPath().resolve("config.xml") + " watchdog=0";
        assertThat(StandInBinary.calls(binary))
                .containsExactly("server --version", started, "server --version", started);
        assertThat(Files.readAllLines(directory.resolve("engine.properties"))).contains("kind=binary");
    }

    /** The same with the real thing, where there is one. */
    @Test
    void rows_surviveStopAndStartOfTheBinaryOnThePath() throws Exception {
        Optional<Path> onPath = ClickHouseBinary.find(ClickHouseBinary.NAME, System.getenv("PATH"));
        assumeTrue(onPath.isPresent(), "no clickhouse on the PATH");
        binary = onPath.orElseThrow();
        assumeThatCode(() -> ClickHouseBinary.require(binary)).doesNotThrowAnyException();

        survivesStopAndStart();
    }

    private void survivesStopAndStart() throws Exception {
        List<ProcessHandle> processes;
        try (var server = ClickHouseServer.start(config())) {
            processes = processes(server);
            assertThat(processes).hasSize(2);
            createTable(server.httpUrl());
            insert(server.httpUrl(), 1);
            assertThat(rows(server.httpUrl())).isEqualTo(1);
            assertThat(query(server.httpUrl(), "SELECT version()"))
                    .isEqualTo(server.version().text());
        }
        assertThat(processes).noneMatch(ProcessHandle::isAlive);

        try (var server = ClickHouseServer.start(config())) {
            assertThat(rows(server.httpUrl())).isEqualTo(1);
        }
    }

    @Test
    void nothingIsLeft_whenTheParentIsKilled() throws Exception {
        Process parent = startParent();
        List<ProcessHandle> processes;
        ClickHouseConfig samePorts;
        try (var output = new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            assertThat(line).as("ports and pid of the child").isNotNull();
            String[] words = line.split(" ", -1);
            samePorts = config().withPorts(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
            processes = parent.descendants().toList();
            assertThat(processes).hasSize(2);
            createTable(URI.create("http://127.0.0.1:" + words[0]));
            insert(URI.create("http://127.0.0.1:" + words[0]), 1);
        } finally {
            parent.destroyForcibly();
        }

        for (ProcessHandle process : processes) {
            process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        try (var server = ClickHouseServer.start(samePorts)) {
            assertThat(rows(server.httpUrl())).isEqualTo(1);
        }
    }

    /** Also where the directory goes by another name. */
    @Test
    void nextStart_stopsAServerThatNobodyWatches() throws Exception {
        ProcessHandle leftover;
        ClickHouseConfig samePorts;
        try (var first = ClickHouseServer.start(config())) {
            createTable(first.httpUrl());
            insert(first.httpUrl(), 1);
            samePorts = config().withPorts(first.httpPort(), first.tcpPort());
            leftover = onlyChild(first);
            ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();
            assertThat(first.exited().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(128 + 9);
            assertThat(leftover.isAlive()).isTrue();
        }
        assertThat(leftover.isAlive()).isTrue();
        Path otherName = Files.createSymbolicLink(root.resolve("link"), directory);
        var config = ClickHouseConfig.in(otherName)
                .withPorts(samePorts.httpPort(), samePorts.tcpPort())
                .withEngine(ClickHouseBinary.require(binary));

        try (var server = ClickHouseServer.start(config)) {
            assertThat(leftover.isAlive()).isFalse();
            assertThat(rows(server.httpUrl())).isEqualTo(1);
        }
    }

    @Test
    void end_isToldWithTheExitCode() throws Exception {
        try (var server = ClickHouseServer.start(config())) {
            ProcessHandle running = onlyChild(server);
            running.destroyForcibly();

            assertThat(server.exited().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(128 + 9);
        }
    }

    @Test
    void secondServer_isRefusedAndLeavesTheFirst() throws Exception {
        try (var server = ClickHouseServer.start(config())) {
            Path files = directory.toRealPath();
            var second = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            ClickHouseBinaryMain.class.getName(),
                            binary.toString(),
                            files.resolve("config.xml").toString(),
                            files.resolve("engine.lock").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(root.resolve("second.log").toFile())
                    .start();
            assertThat(second.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            assertThat(second.exitValue()).isEqualTo(ClickHouseMain.DIRECTORY_IN_USE);
            assertThat(processes(server)).hasSize(2);
        }
    }

    @Test
    void scriptThatStaysInBetween_leavesNothingBehind() throws Exception {
        Path script = StandInBinary.script(root.resolve("script/clickhouse"), """
                #!/bin/sh
                '%s' "$@"
                """.formatted(binary));
        List<ProcessHandle> processes;
        try (var server =
                ClickHouseServer.start(ClickHouseConfig.in(directory).withEngine(ClickHouseBinary.require(script)))) {
            processes = processes(server);
            assertThat(processes).hasSize(3);
        }

        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void failureAtStart_hasWhatTheBinaryPrinted() throws IOException {
        Path broken = StandInBinary.script(root.resolve("broken/clickhouse"), """
                #!/bin/sh
                [ "$2" = --version ] && echo 'ClickHouse server version 26.7.2.1.' && exit
                echo 'Code: 210. DB::NetException: no way'
                exit 210
                """);
        var config = ClickHouseConfig.in(directory).withEngine(ClickHouseBinary.require(broken));

        assertThatThrownBy(() -> ClickHouseServer.start(config))
                .isInstanceOf(ClickHouseStartException.class)
                .hasMessageContaining("exit code 210")
                .hasMessageContaining("DB::NetException: no way");
        assertThat(EngineRecord.of(new ClickHouseFiles(directory)))
                .as("what the directory keeps to")
                .isEmpty();
    }

    /** What the binary left is no data: it has never answered. */
    @Test
    void binaryOfThePathThatDoesNotStart_givesWayToTheLibrary() throws Exception {
        Path database = directory.resolve("data/metadata/system.sql");
        Path broken =
                StandInBinary.script(root.resolve("broken/clickhouse"), """
                #!/bin/sh
                [ "$2" = --version ] && echo 'ClickHouse server version 26.7.2.1.' && exit
                mkdir -p '%1$s' && echo 'ATTACH DATABASE system ENGINE = Atomic' >'%2$s'
                exit 210
                """.formatted(database.getParent(), database));
        var progress = new ArrayList<String>();
        Map<String, String> environment =
                Map.of("PATH", broken.getParent() + File.pathSeparator + System.getenv("PATH"));
        var choice = new ClickHouseChoice(environment, new FetchedLibraries());

        try (var server = choice.start(directory, progress::add, this::start)) {
            assertThat(database).doesNotExist();
            createTable(server.httpUrl());
            insert(server.httpUrl(), 1);
            assertThat(rows(server.httpUrl())).isEqualTo(1);
        }

        assertThat(progress)
                .singleElement()
                .asString()
                .startsWith("the clickhouse on the PATH is not used: ClickHouse ended with exit code 210");
        assertThat(Files.readAllLines(directory.resolve("engine.properties"))).contains("kind=library");
        assertThat(new ClickHouseFiles(directory).hasTables()).isTrue();
    }

    private ClickHouseServer start(ClickHouseEngine engine) {
        return ClickHouseServer.start(ClickHouseConfig.in(directory).withEngine(engine));
    }

    /** Ctrl-C while Sluice starts interrupts the start. */
    @Test
    void interruptedStart_leavesNothingBehind() throws Exception {
        Path pid = root.resolve("pid");
        Path mute = StandInBinary.script(root.resolve("mute/clickhouse"), """
                #!/bin/sh
                [ "$2" = --version ] && echo 'ClickHouse server version 26.7.2.1.' && exit
                echo $$ >'%1$s.next' && mv '%1$s.next' '%1$s'
                exec tail -f /dev/null
                """.formatted(pid));
        var config = ClickHouseConfig.in(directory).withEngine(ClickHouseBinary.require(mute));
        var start = new FutureTask<>(() -> ClickHouseServer.start(config));
        var starter = new Thread(start, "starter");
        starter.start();
        await(() -> Files.exists(pid));
        ProcessHandle running =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        try {
            ProcessHandle watcher = running.parent().orElseThrow();
            assertThat(watcher.parent()).contains(ProcessHandle.current());

            starter.interrupt();

            assertThatThrownBy(() -> start.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(ClickHouseStartException.class)
                    .hasMessage("interrupted while ClickHouse started in " + directory);
            assertThat(List.of(running, watcher)).noneMatch(ProcessHandle::isAlive);
        } finally {
            running.destroyForcibly();
        }
    }

    @Test
    void data_isKeptFromAnOlderReleaseAndFromAnotherKindOfEngine() throws Exception {
        ClickHouseServer.start(config()).close();
        var older =
                config().withEngine(ClickHouseBinary.require(StandInBinary.write(root.resolve("older"), "26.6.9.9")));
        var library = ClickHouseConfig.in(directory);

        assertThatThrownBy(() -> ClickHouseServer.start(older))
                .isInstanceOf(ClickHouseStartException.class)
                .hasMessageContaining("was written by ClickHouse 26.7")
                .hasMessageContaining("this one is 26.6.9.9: an older release may not read it");
        assertThatThrownBy(() -> ClickHouseServer.start(library))
                .isInstanceOf(ClickHouseStartException.class)
                .hasMessageContaining("was written by a clickhouse binary (26.7")
                .hasMessageContaining("is the engine's library: one does not go on with the other's data");
        assertThat(StandInBinary.calls(root.resolve("older/clickhouse"))).containsExactly("server --version");
    }

    @Test
    void library_doesNotOpenWhatALaterReleaseWrote() throws Exception {
        ClickHouseServer.start(ClickHouseConfig.in(directory)).close();
        Files.writeString(directory.resolve("engine.properties"), "kind=library\nversion=99.1.1.1\n");

        assertThatThrownBy(() -> ClickHouseServer.start(ClickHouseConfig.in(directory)))
                .isInstanceOf(ClickHouseStartException.class)
                .hasMessageContaining("was written by ClickHouse 99.1.1.1, and this one is 26.7");
    }

    /** The library's session has no place in a binary: with a password there is no user without one. */
    @Test
    void password_leavesTheBinaryNoUserWithoutOne() throws IOException {
        var files = new ClickHouseFiles(directory);
        files.createDirectories();
        files.write(ClickHouseConfig.in(directory).withPassword("owner's"), ClickHouseEngine.Kind.BINARY, 1, 2);

        assertThat(Files.readString(files.users()))
                .contains("<sluice>")
                .doesNotContain("<no_password/>")
                .doesNotContain("owner's");
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("not in time").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private ClickHouseConfig config() {
        return ClickHouseConfig.in(directory).withEngine(ClickHouseBinary.require(binary));
    }

    /** The library, as if it were fetched only now. */
    private static final class FetchedLibraries implements ClickHouseChoice.Libraries {
        @Override
        public Optional<Path> find() {
            return Optional.empty();
        }

        @Override
        public Path locate(Consumer<String> progress) {
            return ClickHouseLibrary.locate(progress);
        }
    }

    private static List<ProcessHandle> processes(ClickHouseServer server) {
        ProcessHandle watcher = ProcessHandle.of(server.pid()).orElseThrow();
        return Stream.concat(Stream.of(watcher), watcher.descendants()).toList();
    }

    private static ProcessHandle onlyChild(ClickHouseServer server) {
        List<ProcessHandle> children =
                ProcessHandle.of(server.pid()).orElseThrow().descendants().toList();
        assertThat(children).hasSize(1);
        return children.get(0);
    }

    private Process startParent() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClickHouseBinaryParent.class.getName(),
                        directory.toString(),
                        binary.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void createTable(URI server) throws IOException, InterruptedException {
        query(server, "CREATE DATABASE sluice ENGINE = Atomic");
        query(server, "CREATE TABLE sluice.rows (id UInt64) ENGINE = MergeTree ORDER BY id");
    }

    private void insert(URI server, int id) throws IOException, InterruptedException {
        query(server, "INSERT INTO sluice.rows VALUES (" + id + ")");
    }

    private long rows(URI server) throws IOException, InterruptedException {
        return Long.parseLong(query(server, "SELECT count() FROM sluice.rows"));
    }

    private String query(URI server, String sql) throws IOException, InterruptedException {
        var response = client.send(
                HttpRequest.newBuilder(server.resolve("/"))
                        .timeout(PATIENCE)
                        .POST(BodyPublishers.ofString(sql))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).as("%s: %s", sql, response.body()).isEqualTo(200);
        return response.body().strip();
    }
}
