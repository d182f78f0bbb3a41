package dev.sluice.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files in the directory of a {@link ClickHouseServer}: configuration, lock, output, data. */
record ClickHouseFiles(Path directory) {
    private static final int OUTPUT_TAIL_BYTES = 4096;
    private static final List<String> ENGINE_GRANTS =
            List.of("SYSTEM LISTEN ON *.*", "READ ON FILE", "CREATE TEMPORARY TABLE ON *.*");
    private static final List<String> READER_GRANTS = List.of("SELECT ON sluice.*", "SELECT ON dash.*");

    /** The statements of the engine's own session, see {@link ClickHouseMain}: two of SYSTEM and the one that stays. */
    private static final int ENGINE_SESSION_QUERIES = 3;

    Path config() {
        return directory.resolve("config.xml");
    }

    /** The same file by the one name that it has, whatever name the directory was given by. */
    Path realConfig() throws IOException {
        return directory.toRealPath().resolve("config.xml");
    }

    Path users() {
        return directory.resolve("users.xml");
    }

    /** Locked by the process that uses the directory. */
    Path lock() {
        return directory.resolve("engine.lock");
    }

    /** Which engine wrote the directory, see {@link EngineRecord}. */
    Path engine() {
        return directory.resolve("engine.properties");
    }

    /** Whether an engine was started here. */
    boolean hasConfig() {
        return Files.exists(config());
    }

    /** Whether there is a table, or a part of one. Engines create databases by themselves, but no tables. */
    boolean hasTables() {
        return hasFile(data().resolve("store"), 1) || hasFile(data().resolve("metadata"), 2);
    }

    /** Deletes what an engine has written, but not its logs. */
    void deleteData() throws IOException {
        try (Stream<Path> entries = Files.list(data())) {
            for (Path entry : entries.toList()) {
                delete(entry);
            }
        }
    }

    /** What the child JVM of the newest start printed. */
    Path output() {
        return directory.resolve("output.log");
    }

    Path temporary() {
        return directory.resolve("tmp");
    }

    private Path data() {
        return directory.resolve("data");
    }

    private Path log() {
        return directory.resolve("clickhouse.log");
    }

    /** Whether there is a file so many names below a directory, or more. */
    private static boolean hasFile(Path directory, int depth) {
        if (Files.notExists(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.anyMatch(
                    file -> directory.relativize(file).getNameCount() >= depth && Files.isRegularFile(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private static void delete(Path file) throws IOException {
        try (Stream<Path> files = Files.walk(file)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    void createDirectories() throws IOException {
        Files.createDirectories(data());
        Files.createDirectories(temporary());
    }

    void write(ClickHouseConfig config, ClickHouseEngine.Kind kind, int httpPort, int tcpPort) throws IOException {
        Files.writeString(config(), configXml(config, httpPort, tcpPort));
        if (Files.notExists(users())) {
            Files.createFile(
                    users(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(users(), usersXml(config, kind));
    }

    /** The end of what the child printed, for an error message. */
    String outputTail() {
        try (var file = new RandomAccessFile(output().toFile(), "r")) {
            file.seek(Math.max(0, file.length() - OUTPUT_TAIL_BYTES));
            byte[] tail = new byte[OUTPUT_TAIL_BYTES];
            int length = Math.max(0, file.read(tail));
            return new String(tail, 0, length, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "(" + output() + " cannot be read: " + e.getMessage() + ")";
        }
    }

    /**
     * A server for one machine's worth of metrics. The pools are small because each of their threads wakes up now and
     * then; the limits on free entries follow from the pool's size, the engine refuses to start otherwise. There is no
     * query_log: the system database of the library is in memory and finds the log's files of the start before.
     *
     * <p>A binary listens on what is named only: no port of MySQL, PostgreSQL, Keeper or other servers is. What it would
     * keep elsewhere is below the path that is named; crashes are not reported to anybody.
     */
    private String configXml(ClickHouseConfig config, int httpPort, int tcpPort) {
        return """
                <clickhouse>
                  <path>%s/</path>
                  <tmp_path>%s/</tmp_path>
                  <user_files_path>%s/user_files/</user_files_path>
                  <format_schema_path>%s/format_schemas/</format_schema_path>
                  <send_crash_reports><enabled>false</enabled></send_crash_reports>
                  <users_config>%s</users_config>
                  <user_directories><users_xml><path>%s</path></users_xml></user_directories>
                  <listen_host>127.0.0.1</listen_host>
                  <shutdown_wait_unfinished>1</shutdown_wait_unfinished>
                  <http_port>%d</http_port>
                  <tcp_port>%d</tcp_port>
                  <max_server_memory_usage>%d</max_server_memory_usage>
                  <mark_cache_size>67108864</mark_cache_size>
                  <uncompressed_cache_size>0</uncompressed_cache_size>
                  <index_mark_cache_size>16777216</index_mark_cache_size>
                  <mmap_cache_size>0</mmap_cache_size>
                  <compiled_expression_cache_size>33554432</compiled_expression_cache_size>
                  <max_concurrent_queries>64</max_concurrent_queries>
                  <max_connections>256</max_connections>
                  <background_pool_size>2</background_pool_size>
                  <background_common_pool_size>2</background_common_pool_size>
                  <background_schedule_pool_size>4</background_schedule_pool_size>
                  <background_buffer_flush_schedule_pool_size>1</background_buffer_flush_schedule_pool_size>
                  <background_message_broker_schedule_pool_size>1</background_message_broker_schedule_pool_size>
                  <background_distributed_schedule_pool_size>1</background_distributed_schedule_pool_size>
                  <background_fetches_pool_size>1</background_fetches_pool_size>
                  <background_move_pool_size>1</background_move_pool_size>
                  <memory_worker_period_ms>1000</memory_worker_period_ms>
                  <asynchronous_metrics_update_period_s>60</asynchronous_metrics_update_period_s>
                  <asynchronous_heavy_metrics_update_period_s>600</asynchronous_heavy_metrics_update_period_s>
                  <merge_tree>
                    <number_of_free_entries_in_pool_to_execute_mutation>1</number_of_free_entries_in_pool_to_execute_mutation>
                    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
                    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
                  </merge_tree>
                  <log-level>warning</log-level>
                  <logger>
                    <level>warning</level>
                    <log>%s</log>
                    <size>8M</size>
                    <count>2</count>
                    <console>0</console>
                  </logger>
                </clickhouse>
                """.formatted(
                        xml(data()),
                        xml(temporary()),
                        xml(data()),
                        xml(data()),
                        xml(users()),
                        xml(users()),
                        httpPort,
                        tcpPort,
                        config.memoryLimitBytes(),
                        xml(log()));
    }

    /**
     * The users. Without a password, {@code default} owns everything.
     *
     * <p>With one, the owner is {@code sluice}, and a binary has no other then. The library's own session, which runs the
     * query that keeps it serving, still logs in as {@code default} without a password and from the same address as any
     * client. So {@code default} has the grants of that session only, and a quota that this session has used up before a
     * client can log in; what is left to clients is a query of constants such as {@code SELECT 1}, which no quota counts.
     */
    private static String usersXml(ClickHouseConfig config, ClickHouseEngine.Kind kind) {
        String password = config.password();
        String readerPassword = config.readerPassword();
        String session = kind == ClickHouseEngine.Kind.BINARY
                ? ""
                : userXml(ClickHouseServer.DEFAULT_USER, "<no_password/>", "default", "engine", ENGINE_GRANTS);
        String owner = password == null
                ? userXml(ClickHouseServer.DEFAULT_USER, "<no_password/>", "default", "default", List.of())
                : session + userXml(ClickHouseServer.OWNER, passwordXml(password), "default", "default", List.of());
        String reader = readerPassword == null
                ? ""
                : userXml(ClickHouseServer.READER, passwordXml(readerPassword), "reader", "default", READER_GRANTS);
        return """
                <clickhouse>
                  <profiles>
                    <default>
                      <max_threads>2</max_threads>
                      <max_memory_usage>%d</max_memory_usage>
                    </default>
                    <reader>
                      <profile>default</profile>
                      <readonly>2</readonly>
                    </reader>
                  </profiles>
                  <quotas>
                    <default/>
                    <engine>
                      <interval>
                        <duration>%d</duration>
                        <queries>%d</queries>
                      </interval>
                    </engine>
                  </quotas>
                  <users>
                %s%s  </users>
                </clickhouse>
                """.formatted(
                        config.memoryLimitBytes() / 4 * 3, Integer.MAX_VALUE, ENGINE_SESSION_QUERIES, owner, reader);
    }

    private static String userXml(
            String name, String authentication, String profile, String quota, List<String> grants) {
        String grantsXml = grants.stream()
                .map(grant -> "        <query>GRANT " + grant + "</query>\n")
                .collect(Collectors.joining("", "      <grants>\n", "      </grants>\n"));
        return """
                    <%s>
                      %s
                      <profile>%s</profile>
                      <quota>%s</quota>
                      <networks><ip>127.0.0.1</ip></networks>
                %s    </%s>
                """.formatted(name, authentication, profile, quota, grants.isEmpty() ? "" : grantsXml, name);
    }

    private static String passwordXml(String password) {
        return "<password_sha256_hex>" + sha256(password) + "</password_sha256_hex>";
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static String xml(Path path) {
        return path.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
