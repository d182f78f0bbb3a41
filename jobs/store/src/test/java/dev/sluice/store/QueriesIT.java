package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueriesIT {
    private static final Duration SECONDS = Duration.ofSeconds(10);

    @TempDir
    private static Path directory;

    private static ClickHouseServer server;
    private static Queries queries;

    @BeforeAll
    static void start() {
        server = ClickHouseServer.start(ClickHouseConfig.in(directory));
        queries = of(server, SECONDS);
    }

    @AfterAll
    static void stop() {
        queries.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'",
                "\\",
                "\\'",
                "'' OR 1=1 --",
                "\t",
                "\n",
                "\r\n",
                "\0",
                "\"`",
                "?",
                "a ? b : c",
                "{x:String}",
                "{tenant:String} ?",
                "{d '2024-01-01'}",
                "{ts '2024-01-01 00:00:00'}",
                "{fn now()}",
                "$1 \\0 %s",
                "/* -- */ #",
                "naïve Größe 測試 😀",
                "",
            })
    void everyTextSurvivesAsAParameter(String hostile) {
        List<List<String>> rows = queries.rows(
                "SELECT ? AS before, ? AS value, ? AS after, ? = ? AS same",
                List.of("{fn ", hostile, "}", hostile, hostile),
                row -> List.of(
                        row.get("before", String.class),
                        row.get("value", String.class),
                        row.get("after", String.class),
                        Boolean.toString(row.get("same", Boolean.class))));

        assertThat(rows).containsExactly(List.of("{fn ", hostile, "}", "true"));
    }

    @Test
    void allHostileCharactersOfOneTextSurviveTogether() {
        String hostile = "'\"\\\t\n\r\0?{x:String}{fn now()}' OR ?=? --";

        assertThat(queries.rows(
                        "SELECT length(?) AS bytes, ? AS value WHERE '?' != ? -- ? is no parameter here",
                        List.of(hostile, hostile, hostile),
                        row -> row.get("bytes", Integer.class) + " " + row.get("value", String.class)))
                .containsExactly(hostile.length() + " " + hostile);
    }

    @Test
    void everyTypeOfTheTablesIsReadByItsClass() {
        String sql = """
                SELECT
                    toDateTime64('2024-02-01 10:00:00.123', 3, 'UTC') AS instant,
                    toDateTime64('2024-07-01 02:30:00.001', 3, 'Europe/Berlin') AS berlin,
                    CAST(NULL, 'Nullable(DateTime64(3, \\'UTC\\'))') AS no_instant,
                    toDate32('1925-03-04') AS day,
                    toDate32('2299-12-31') AS last_day,
                    CAST(1.5, 'Nullable(Float64)') AS number,
                    CAST(NULL, 'Nullable(Float64)') AS no_number,
                    CAST(NULL, 'LowCardinality(Nullable(String))') AS no_text,
                    CAST('x', 'LowCardinality(String)') AS text,
                    toUInt64('9223372036854775807') AS whole,
                    toUInt64('18446744073709551615') AS large,
                    toUInt128('340282366920938463463374607431768211455') AS huge,
                    CAST(NULL, 'Nullable(UInt128)') AS no_huge,
                    toUInt16(65535) AS small,
                    toUInt32(2147483647) AS count,
                    toInt64('-9223372036854775808') AS signed,
                    true AS flag,
                    CAST(NULL, 'Nullable(Bool)') AS no_flag,
                    ['a', 'b\\'c'] AS texts,
                    CAST([], 'Array(String)') AS no_texts""";

        List<List<Object>> rows = queries.rows(
                sql,
                List.of(),
                row -> Collections.unmodifiableList(Arrays.asList(
                        row.get("instant", Instant.class),
                        row.get("berlin", Instant.class),
                        row.orNull("no_instant", Instant.class),
                        row.get("day", LocalDate.class),
                        row.get("last_day", LocalDate.class),
                        row.get("number", Double.class),
                        row.orNull("no_number", Double.class),
                        row.orNull("no_text", String.class),
                        row.get("text", String.class),
                        row.get("whole", Long.class),
                        row.get("large", BigInteger.class),
                        row.get("huge", BigInteger.class),
                        row.orNull("no_huge", BigInteger.class),
                        row.get("small", Integer.class),
                        row.get("count", Integer.class),
                        row.get("signed", Long.class),
                        row.get("flag", Boolean.class),
                        row.orNull("no_flag", Boolean.class),
                        List.of((Object[]) row.get("texts", Array.class).getArray()),
                        List.of((Object[]) row.get("no_texts", Array.class).getArray()))));

        assertThat(rows)
                .containsExactly(Arrays.asList(
                        Instant.parse("2024-02-01T10:00:00.123Z"),
                        Instant.parse("2024-07-01T00:30:00.001Z"),
                        null,
                        LocalDate.of(1925, 3, 4),
                        LocalDate.of(2299, 12, 31),
                        1.5,
                        null,
                        null,
                        "x",
                        Long.MAX_VALUE,
                        new BigInteger("18446744073709551615"),
                        new BigInteger("340282366920938463463374607431768211455"),
                        null,
                        65535,
                        Integer.MAX_VALUE,
                        Long.MIN_VALUE,
                        true,
                        null,
                        List.of("a", "b'c"),
                        List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT no_such_column AS x",
                "SELEC 1 AS x",
                "SELECT no_such_function(1) AS x",
                "SELECT toDate32('no day') AS x",
                "SELECT ? AS x",
                "SELECT 1 AS y",
                "SELECT 'no number' AS x",
                "SELECT CAST(NULL, 'Nullable(Int32)') AS x",
            })
    void wrongQueryIsADefect_andNotAnOutage(String wrong) {
        assertThatThrownBy(() -> queries.rows(wrong, List.of(), row -> row.get("x", Integer.class)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatMayBeThereLaterIsUnavailable() {
        assertThatThrownBy(() ->
                        queries.rows("SELECT * FROM no.such_table", List.of(), row -> row.get("x", Integer.class)))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining(server.httpUrl().toString());
    }

    @Test
    void errorAmidTheRowsGivesNoRows() {
        assertThatThrownBy(() -> queries.rows(
                        "SELECT throwIf(number = 500000) AS x FROM system.numbers LIMIT 600000",
                        List.of(),
                        row -> row.get("x", Integer.class)))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("error 395");
    }

    @Test
    void slowQueryEndsAtTheServerToo() {
        try (Queries hasty = of(server, Duration.ofSeconds(1))) {
            long started = System.nanoTime();
            assertThatThrownBy(() -> hasty.rows(
                            "SELECT sleepEachRow(0.1) AS x FROM numbers(200) SETTINGS max_block_size = 1",
                            List.of(),
                            row -> row.get("x", Integer.class)))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(4));
        }
        await(
                "a query still runs",
                () -> count("SELECT count() AS n FROM system.processes WHERE query LIKE '%0.1%'"
                                + " AND query NOT LIKE '%processes%'")
                        == 0);
    }

    @Test
    void threadsShareThePool_andAClosedOneLeavesNoConnectionAndNoThread() throws Exception {
        int connections = connections();
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        var executor = Executors.newFixedThreadPool(20);
        try (Queries own = of(server, SECONDS)) {
            List<Callable<Integer>> sums = Collections.nCopies(
                    200,
                    () -> own
                            .rows(
                                    "SELECT number AS x FROM numbers(?)",
                                    List.of(100),
                                    row -> row.get("x", Integer.class))
                            .stream()
                            .mapToInt(Integer::intValue)
                            .sum());
            for (Future<Integer> sum : executor.invokeAll(sums)) {
                assertThat(sum.get()).isEqualTo(4950);
            }
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() ->
                                own.rows("SELECT 1 AS x", List.of(), row -> row.get("no_such_column", Integer.class)))
                        .isInstanceOf(IllegalStateException.class);
            }
            assertThat(connections()).isBetween(connections + 1, connections + 10);
        } finally {
            executor.shutdownNow();
        }
        await("connections stay open", () -> connections() <= connections);
        await(
                "threads stay alive",
                () -> threads.containsAll(Thread.getAllStackTraces().keySet()));
    }

    @Test
    void aPoolFullOfDeadConnectionsFailsNoQuery(@TempDir Path own) throws Exception {
        ClickHouseServer first = ClickHouseServer.start(ClickHouseConfig.in(own));
        var executor = Executors.newFixedThreadPool(10);
        try (Queries reader = of(first, SECONDS)) {
            Callable<List<Integer>> slow =
                    () -> reader.rows("SELECT sleep(1) AS x", List.of(), row -> row.get("x", Integer.class));
            for (Future<List<Integer>> done : executor.invokeAll(Collections.nCopies(10, slow))) {
                assertThat(done.get()).containsExactly(0);
            }
            ProcessHandle.of(first.pid()).ifPresent(ProcessHandle::destroyForcibly);
            first.exited().get(SECONDS.toMillis(), TimeUnit.MILLISECONDS);

            try (var second =
                    ClickHouseServer.start(ClickHouseConfig.in(own).withPorts(first.httpPort(), first.tcpPort()))) {
                assertThat(second.isAlive()).isTrue();
                assertThat(reader.rows("SELECT 7 AS x", List.of(), row -> row.get("x", Integer.class)))
                        .containsExactly(7);
            }
        } finally {
            executor.shutdownNow();
            first.close();
        }
    }

    @Test
    void serverThatHangsUpEachTimeIsUnavailable_andNotAskedForEver() throws Exception {
        var asked = new AtomicInteger();
        Thread listener;
        try (var rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Queries reader = Queries.of(
                        ClickHouseSettings.at(URI.create("http://127.0.0.1:" + rude.getLocalPort())), SECONDS)) {
            listener = new Thread(() -> hangUpOnEveryone(rude, asked));
            listener.start();
            assertThatThrownBy(() -> reader.rows("SELECT 1", List.of(), row -> row.get("x", Integer.class)))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(asked).hasValueBetween(2, 11);
        }
        listener.join();
    }

    private static void hangUpOnEveryone(ServerSocket rude, AtomicInteger asked) {
        while (!rude.isClosed()) {
            try (Socket call = rude.accept()) {
                asked.incrementAndGet();
                assertThat(call.getInputStream().read()).isEqualTo('P');
            } catch (IOException e) {
                // the caller went first, or the test is over
            }
        }
    }

    private static Queries of(ClickHouseServer of, Duration timeout) {
        return Queries.of(ClickHouseSettings.at(of.httpUrl()), timeout);
    }

    /** How many connections to the server are open, as the kernel's tables say. */
    private static int connections() {
        Predicate<String> openToServer =
                Pattern.compile(":%04X 01 ".formatted(server.httpPort())).asPredicate();
        int connections = 0;
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            try (Stream<String> sockets = Files.lines(Path.of(table))) {
                connections += (int) sockets.filter(openToServer).count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return connections;
    }

    private static int count(String sql) {
        return queries.rows(sql, List.of(), row -> row.get("n", Integer.class)).get(0);
    }

    private static void await(String otherwise, BooleanSupplier condition) {
        long deadline = System.nanoTime() + SECONDS.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(otherwise).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
