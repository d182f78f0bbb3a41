package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import java.nio.file.Path;
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
        assertThat(count("SELECT count() AS n FROM sluice.migrations")).isEqualTo(4);
        assertThat(count("SELECT count() AS n FROM system.tables WHERE database = 'dash'"))
                .isGreaterThan(15);
    }

    @Test
    void everyContractViewAnswersOnAnEmptyDatabase() {
        try (Store store = Store.of(settings)) {
            store.migrate();
        }
        probe.query("SELECT name FROM system.tables WHERE database = 'dash'")
                .forEach(view ->
                        probe.query("SELECT * FROM dash." + view.path("name").textValue()));
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

    private static long count(String sql) {
        return probe.query(sql).get(0).path("n").longValue();
    }
}
