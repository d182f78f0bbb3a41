package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dora.PeriodKind;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsIT {
    private static final Migration FIRST =
            Migration.of("0001_first.sql", "CREATE TABLE IF NOT EXISTS sluice.a (x UInt8) ENGINE = Memory;");
    private static final Migration SECOND =
            Migration.of("0002_second.sql", "ALTER TABLE sluice.a ADD COLUMN IF NOT EXISTS y UInt8;");

    private static final Path SCHEMAS = Path.of(System.getProperty("sluice.root"), "schemas", "clickhouse");

    @TempDir
    private static Path directory;

    private static ClickHouseServer server;
    private static ClickHouseSettings settings;
    private static Probe probe;
    private static Writes writes;
    private static Queries queries;

    @BeforeAll
    static void start() {
        server = ClickHouseServer.start(ClickHouseConfig.in(directory));
        settings = ClickHouseSettings.at(server.httpUrl());
        probe = new Probe(server.httpUrl());
        writes = Writes.of(settings);
        queries = Queries.of(settings, settings.insertTimeout());
    }

    @AfterAll
    static void stop() {
        queries.close();
        writes.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        probe.execute("DROP DATABASE IF EXISTS dash SYNC");
        probe.execute("DROP DATABASE IF EXISTS sluice SYNC");
    }

    @Test
    void freshDatabaseGetsEverything_andASecondRunNothing() {
        try (Store store = Store.of(settings)) {
            assertThat(store.migrate()).isEqualTo(Migrations.bundled().files()).isNotEmpty();
            assertThat(store.migrate()).isEmpty();
        }
        assertThat(count("SELECT count() AS n FROM sluice.migrations"))
                .isEqualTo(Migrations.bundled().files().size());
        assertThat(count("SELECT count() AS n FROM system.tables WHERE database = 'dash'"))
                .isGreaterThan(15);
    }

    @Test
    void everyContractViewAnswersOnAnEmptyDatabase() {
        try (Store store = Store.of(settings)) {
            store.migrate();
        }
        String parameters =
                "(tenant='default', scope='all', name='', service='', environment='', bucket='month', by='',"
                        + " `from`='2024-01-01', to='2024-02-01', subjects=['a'], since='2024-01-01 00:00:00.000',"
                        + " as_of='2024-02-01 00:00:00.000')";
        probe.query("SELECT name, create_table_query LIKE '%{tenant:%' AS has_parameters FROM system.tables"
                        + " WHERE database = 'dash'")
                .forEach(view -> probe.query("SELECT * FROM dash."
                        + view.path("name").textValue()
                        + (view.path("has_parameters").intValue() == 1 ? parameters : "")));
    }

    @Test
    void historyHasEveryColumnOfItsTable_andItsViewCopiesAllOfThem() {
        try (Store store = Store.of(settings)) {
            store.migrate();
        }
        List<String> tables = probe
                .query("SELECT replace(name, '_history', '') AS current FROM system.tables WHERE database = 'sluice'"
                        + " AND name LIKE '%_history' AND engine LIKE '%MergeTree'")
                .stream()
                .map(row -> row.path("current").textValue())
                .toList();

        assertThat(tables)
                .contains(
                        "deployments",
                        "changes",
                        "incidents",
                        "pull_requests",
                        "drift_episodes",
                        "shifts",
                        "service_settings",
                        "assignments",
                        "current");
        for (String table : tables) {
            List<String> copied = columns(table, "row_version");
            assertThat(columns(table + "_history", "stored_at")).as(table).containsExactlyInAnyOrderElementsOf(copied);
            assertThat(columns(table + "_to_history", "")).as(table).containsExactlyInAnyOrderElementsOf(copied);
        }
    }

    @Test
    void rowsOfAnOlderDatabaseStayAndHaveNothingInTheNewColumns() throws IOException {
        var older = new ArrayList<Migration>();
        for (String file : Migrations.bundled().files().subList(0, 4)) {
            older.add(Migration.of(file, Files.readString(SCHEMAS.resolve(file))));
        }
        new Migrations(older).apply(writes, queries);
        String identity = "'default' AS tenant, 'checkout' AS service, 'production' AS environment";
        probe.execute(
                "INSERT INTO sluice.deployments (tenant, service, environment, id) SELECT " + identity + ", 'd1'");
        probe.execute("INSERT INTO sluice.current (tenant, service, environment) SELECT " + identity);
        probe.execute("INSERT INTO sluice.periods (tenant, service, environment, period, label, start, end) SELECT "
                + identity + ", 'quarter', '2024-Q1', '2024-01-01', '2024-04-01'");
        probe.execute(
                "INSERT INTO sluice.decisions (tenant, id, body) VALUES ('default', 'q1', '{\"code\":\"stale\"}')");

        assertThat(Migrations.bundled().apply(writes, queries))
                .containsExactly(
                        "0005_failures_pull_requests_drift.sql",
                        "0006_shifts.sql",
                        "0007_catalogue.sql",
                        "0008_explain.sql",
                        "0009_report.sql",
                        "0010_canary.sql",
                        "0011_canary_evidence.sql",
                        "0012_claims.sql",
                        "0013_gates.sql",
                        "0014_control_changes.sql",
                        "0015_rollbacks.sql",
                        "0016_open_incidents_by_severity.sql");
        assertThat(probe.query("SELECT id, failed, failure_rules, restored_at, finished_day FROM dash.deployments"))
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"id\":\"d1\",\"failed\":false,\"failure_rules\":[],\"restored_at\":null,\"finished_day\":null}");
        assertThat(probe.query("SELECT open_failures, drifted FROM dash.current"))
                .extracting(JsonNode::toString)
                .containsExactly("{\"open_failures\":0,\"drifted\":null}");
        assertThat(probe.query("SELECT code, overridden, exemptions FROM dash.gate_decisions"))
                .extracting(JsonNode::toString)
                .containsExactly("{\"code\":\"stale\",\"overridden\":false,\"exemptions\":0}");
        assertThat(new DoraReader(queries).periods("default", "checkout", "production", PeriodKind.QUARTER, null, null))
                .extracting(row -> row.metrics().changeFailRate().value())
                .containsOnlyNulls();
    }

    @Test
    void twoProcessesAtOnceEndWithOneDatabase() throws Exception {
        var executor = Executors.newFixedThreadPool(2);
        try (Store one = Store.of(settings);
                Store other = Store.of(settings)) {
            Callable<List<String>> first = one::migrate;
            Callable<List<String>> second = other::migrate;
            for (Future<List<String>> done : executor.invokeAll(List.of(first, second))) {
                done.get();
            }
            assertThat(one.migrate()).isEmpty();
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void newMigrationIsAppliedAfterThoseThatAreThere() {
        new Migrations(List.of(FIRST)).apply(writes, queries);

        assertThat(new Migrations(List.of(FIRST, SECOND)).apply(writes, queries))
                .containsExactly("0002_second.sql");
        assertThat(count("SELECT count() AS n FROM system.columns WHERE database = 'sluice' AND table = 'a'"))
                .isEqualTo(2);
    }

    @Test
    void changedMigrationIsRefusedWithBothChecksums() {
        new Migrations(List.of(FIRST)).apply(writes, queries);
        Migration changed =
                Migration.of("0001_first.sql", "CREATE TABLE IF NOT EXISTS sluice.a (x UInt16) ENGINE = Memory;");

        assertThatThrownBy(() -> new Migrations(List.of(changed, SECOND)).apply(writes, queries))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("0001_first.sql was changed")
                .hasMessageContaining(FIRST.checksum())
                .hasMessageContaining(changed.checksum());
        assertThat(count("SELECT count() AS n FROM sluice.migrations")).isEqualTo(1);
    }

    @Test
    void databaseOfALaterBuildIsRefused() {
        new Migrations(List.of(FIRST, SECOND)).apply(writes, queries);

        assertThatThrownBy(() -> new Migrations(List.of(FIRST)).apply(writes, queries))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("0002_second.sql")
                .hasMessageContaining(SECOND.checksum());
    }

    @Test
    void migrationThatWasSkippedIsRefused() {
        new Migrations(List.of(FIRST, SECOND)).apply(writes, queries);
        probe.execute("ALTER TABLE sluice.migrations DELETE WHERE number = 1 SETTINGS mutations_sync = 1");

        assertThatThrownBy(() -> new Migrations(List.of(FIRST, SECOND)).apply(writes, queries))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("0001_first.sql")
                .hasMessageContaining("never applied")
                .hasMessageContaining("0002_second.sql");
    }

    /** The columns of a table or a view with their types, but for one. */
    private static List<String> columns(String table, String but) {
        return probe
                .query("SELECT concat(name, ' ', type) AS column FROM system.columns WHERE database = 'sluice'"
                        + " AND table = '" + table + "' AND name != '" + but + "'")
                .stream()
                .map(row -> row.path("column").textValue())
                .toList();
    }

    private static long count(String sql) {
        return probe.query(sql).get(0).path("n").longValue();
    }
}
