package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClickHouseServerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void rows_surviveStopAndStartOnTheSamePorts(@TempDir Path directory) throws Exception {
        ClickHouseConfig samePorts;
        long pid;
        try (var server = ClickHouseServer.start(ClickHouseConfig.in(directory))) {
            samePorts = ClickHouseConfig.in(directory).withPorts(server.httpPort(), server.tcpPort());
            pid = server.pid();
            createTable(server.httpUrl());
            query(server.httpUrl(), "INSERT INTO sluice.rows SELECT number, 1, 0 FROM numbers(100000)");
            query(server.httpUrl(), "INSERT INTO sluice.rows SELECT number, 2, 1 FROM numbers(1000)");

            assertThat(liveRows(server.httpUrl())).isEqualTo(99_000);
            assertThat(server.isAlive()).isTrue();
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();

        try (var server = ClickHouseServer.start(samePorts)) {
            assertThat(server.httpPort()).isEqualTo(samePorts.httpPort());
            assertThat(liveRows(server.httpUrl())).isEqualTo(99_000);
            query(server.httpUrl(), "OPTIMIZE TABLE sluice.rows FINAL CLEANUP");
            query(server.httpUrl(), "ALTER TABLE sluice.rows DELETE WHERE id < 2000 SETTINGS mutations_sync = 2");
            assertThat(liveRows(server.httpUrl())).isEqualTo(98_000);
        }
    }

    @Test
    void acknowledgedRows_surviveAKillDuringInserts(@TempDir Path directory) throws Exception {
        var acknowledged = new AtomicLong();
        try (var server = ClickHouseServer.start(ClickHouseConfig.in(directory))) {
            createTable(server.httpUrl());
            var writer = new Thread(() -> insertUntilRefused(server.httpUrl(), acknowledged), "writer");
            writer.start();
            awaitAtLeast(acknowledged, 20_000);
            ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
            assertThat(server.exited().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(128 + 9);
            writer.join();
            assertThat(server.isAlive()).isFalse();
        }

        try (var server = ClickHouseServer.start(ClickHouseConfig.in(directory))) {
            long ids = Long.parseLong(
                    query(server.httpUrl(), "SELECT uniqExact(id) FROM sluice.rows WHERE id < " + acknowledged.get()));
            assertThat(ids).isEqualTo(acknowledged.get());
        }
    }

    @Test
    void child_endsWithAKilledParentAndTheNextStartWaitsForIt(@TempDir Path directory) throws Exception {
        Process parent = startParent(directory);
        ProcessHandle child;
        ClickHouseConfig samePorts;
        try (var output = new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            assertThat(line).as("ports and pid of the child").isNotNull();
            String[] words = line.split(" ", -1);
            samePorts =
                    ClickHouseConfig.in(directory).withPorts(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
            child = ProcessHandle.of(Long.parseLong(words[2])).orElseThrow();
            createTable(URI.create("http://127.0.0.1:" + words[0]));
            query(URI.create("http://127.0.0.1:" + words[0]), "INSERT INTO sluice.rows VALUES (1, 1, 0)");
        } finally {
            parent.destroyForcibly();
        }

        try (var server = ClickHouseServer.start(samePorts)) {
            assertThat(server.pid()).isNotEqualTo(child.pid());
            assertThat(liveRows(server.httpUrl())).isEqualTo(1);
            child.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void passwords_areEnforcedAndTheReaderOnlyReads(@TempDir Path directory) throws Exception {
        var config = ClickHouseConfig.in(directory).withPassword("owner's").withReaderPassword("reader's");
        try (var server = ClickHouseServer.start(config)) {
            var owner = Map.of("X-ClickHouse-User", server.user(), "X-ClickHouse-Key", "owner's");
            var reader = Map.of("X-ClickHouse-User", "reader", "X-ClickHouse-Key", "reader's");
            post(server.httpUrl(), "CREATE DATABASE sluice ENGINE = Atomic", owner);
            post(server.httpUrl(), "CREATE TABLE sluice.t (x UInt8) ENGINE = MergeTree ORDER BY x AS SELECT 7", owner);
            post(server.httpUrl(), "CREATE DATABASE other ENGINE = Atomic", owner);
            post(server.httpUrl(), "CREATE TABLE other.t (x UInt8) ENGINE = MergeTree ORDER BY x AS SELECT 8", owner);

            assertThat(post(server.httpUrl(), "SELECT * FROM file('users.xml', 'LineAsString', 'x String')", Map.of())
                            .body())
                    .contains("QUOTA_EXCEEDED");
            assertThat(post(server.httpUrl(), "SELECT 1", Map.of("X-ClickHouse-User", server.user()))
                            .statusCode())
                    .isNotEqualTo(200);
            assertThat(post(server.httpUrl(), "SELECT x FROM sluice.t", reader).body())
                    .isEqualTo("7\n");
            assertThat(post(server.httpUrl(), "SELECT x FROM other.t", owner).body())
                    .isEqualTo("8\n");
            assertThat(post(server.httpUrl(), "SELECT x FROM other.t", reader).body())
                    .contains("ACCESS_DENIED");
            assertThat(post(server.httpUrl(), "INSERT INTO sluice.t VALUES (1)", reader)
                            .statusCode())
                    .isNotEqualTo(200);
            assertThat(Files.readString(directory.resolve("users.xml")))
                    .doesNotContain("owner's")
                    .doesNotContain("reader's");
        }
        assertThat(config.toString()).doesNotContain("owner's").doesNotContain("reader's");
    }

    @Test
    void takenPort_isNamed(@TempDir Path directory) throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var config = ClickHouseConfig.in(directory).withPorts(0, other.getLocalPort());

            assertThatThrownBy(() -> ClickHouseServer.start(config))
                    .isInstanceOfSatisfying(
                            PortTakenException.class, e -> assertThat(e.port()).isEqualTo(other.getLocalPort()))
                    .hasMessageContaining("native protocol of ClickHouse");
        }
    }

    @Test
    void missingLibrary_isNamed(@TempDir Path directory) {
        var config =
                ClickHouseConfig.in(directory).withEngine(new ClickHouseEngine.Library(directory.resolve("absent.so")));

        assertThatThrownBy(() -> ClickHouseServer.start(config))
                .isInstanceOf(ClickHouseLibraryException.class)
                .hasMessageContaining(directory.resolve("absent.so").toString());
    }

    @Test
    void wrongLibrary_failsWithWhatTheChildPrinted(@TempDir Path directory) throws IOException {
        Path library = Files.writeString(directory.resolve("text.so"), "no library");

        assertThatThrownBy(() -> ClickHouseServer.start(ClickHouseConfig.in(directory.resolve("server"))
                        .withEngine(new ClickHouseEngine.Library(library))))
                .isInstanceOf(ClickHouseStartException.class)
                .hasMessageContaining("exit code 1")
                .hasMessageContaining(library.toString());
    }

    private static Process startParent(Path directory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dsluice.root=" + System.getProperty("sluice.root"),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClickHouseParent.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void createTable(URI server) throws Exception {
        query(server, "CREATE DATABASE sluice ENGINE = Atomic");
        query(server, """
                CREATE TABLE sluice.rows (id UInt64, version UInt64, is_deleted UInt8)
                ENGINE = ReplacingMergeTree(version, is_deleted) ORDER BY id
                SETTINGS allow_experimental_replacing_merge_with_cleanup = 1
                """);
    }

    private long liveRows(URI server) throws Exception {
        return Long.parseLong(query(server, "SELECT count() FROM sluice.rows FINAL"));
    }

    private void insertUntilRefused(URI server, AtomicLong acknowledged) {
        int batch = 1000;
        try {
            while (true) {
                long from = acknowledged.get();
                query(
                        server,
                        "INSERT INTO sluice.rows SELECT number, 1, 0 FROM numbers(%d, %d)".formatted(from, batch));
                acknowledged.addAndGet(batch);
            }
        } catch (IOException e) {
            // the server was killed: what the test is about
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitAtLeast(AtomicLong value, long least) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (value.get() < least) {
            assertThat(System.nanoTime() - deadline)
                    .as("nanoseconds past the deadline with %d of %d rows", value.get(), least)
                    .isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private String query(URI server, String sql) throws IOException, InterruptedException {
        var response = post(server, sql, Map.of());
        assertThat(response.statusCode()).as("%s: %s", sql, response.body()).isEqualTo(200);
        return response.body().strip();
    }

    private HttpResponse<String> post(URI server, String sql, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(server.resolve("/")).timeout(PATIENCE).POST(BodyPublishers.ofString(sql));
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
