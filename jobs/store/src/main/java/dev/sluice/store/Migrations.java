package dev.sluice.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The migrations of the database, in their order. Each is applied once and recorded with its checksum; a database whose
 * record does not fit the files is refused. Every statement may run twice, so two processes may do this at once.
 */
final class Migrations {
    private static final Logger LOGGER = LoggerFactory.getLogger(Migrations.class);
    private static final String DIRECTORY = "/clickhouse/";
    private static final List<String> RECORD = List.of("CREATE DATABASE IF NOT EXISTS sluice ENGINE = Atomic", """
            CREATE TABLE IF NOT EXISTS sluice.migrations
            (
                number UInt32,
                file String,
                checksum String,
                applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
            )
            ENGINE = ReplacingMergeTree
            ORDER BY (number, file, checksum)""");

    private final List<Migration> migrations;

    /** Creates a list of migrations that must be numbered 1, 2, 3 … without a gap. */
    Migrations(List<Migration> migrations) {
        for (int i = 0; i < migrations.size(); i++) {
            Migration migration = migrations.get(i);
            if (migration.number() != i + 1) {
                throw new MigrationException(
                        "migration " + migration.file() + " stands at place " + (i + 1) + " of the list");
            }
        }
        this.migrations = List.copyOf(migrations);
    }

    /** Returns the migrations of this build. */
    static Migrations bundled() {
        var migrations = new ArrayList<Migration>();
        resource("migrations.list")
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(file -> migrations.add(Migration.of(file.strip(), resource(file.strip()))));
        return new Migrations(migrations);
    }

    /** Returns the names of the files, in order. */
    List<String> files() {
        return migrations.stream().map(Migration::file).toList();
    }

    /**
     * Brings the database up to date and returns the files that were applied now.
     *
     * @throws MigrationException if the database's record does not fit; nothing has been changed then
     * @throws StoreUnavailableException if ClickHouse is away; some migrations may have been applied
     */
    List<String> apply(Writes writes, Queries queries) {
        RECORD.forEach(writes::execute);
        NavigableMap<Integer, Applied> applied = applied(queries);
        refuseUnfit(applied);
        var now = new ArrayList<String>();
        for (Migration migration : migrations) {
            if (applied.containsKey(migration.number())) {
                continue;
            }
            migration.statements().forEach(writes::execute);
            writes.execute(
                    "INSERT INTO sluice.migrations (number, file, checksum)"
                            + " SELECT {number:UInt32}, {file:String}, {checksum:String}",
                    Map.of("number", migration.number(), "file", migration.file(), "checksum", migration.checksum()));
            LOGGER.atInfo().addKeyValue("file", migration.file()).log("migration applied");
            now.add(migration.file());
        }
        return now;
    }

    private static NavigableMap<Integer, Applied> applied(Queries queries) {
        var applied = new TreeMap<Integer, Applied>();
        queries.rows(
                        "SELECT number, file, checksum FROM sluice.migrations FINAL ORDER BY number, applied_at",
                        List.of(),
                        row -> Map.entry(
                                row.get("number", Integer.class),
                                new Applied(row.get("file", String.class), row.get("checksum", String.class))))
                .forEach(found -> {
                    Applied other = applied.put(found.getKey(), found.getValue());
                    if (other != null) {
                        throw new MigrationException("migration %d is recorded twice: %s and %s"
                                .formatted(found.getKey(), other, found.getValue()));
                    }
                });
        return applied;
    }

    private void refuseUnfit(NavigableMap<Integer, Applied> applied) {
        for (Migration migration : migrations) {
            Applied recorded = applied.get(migration.number());
            if (recorded == null) {
                Map.Entry<Integer, Applied> later = applied.higherEntry(migration.number());
                if (later != null) {
                    throw new MigrationException(
                            "migration %s (checksum %s) was never applied, but the later %s (checksum %s) was"
                                    .formatted(
                                            migration.file(),
                                            migration.checksum(),
                                            later.getValue().file(),
                                            later.getValue().checksum()));
                }
            } else if (!recorded.equals(new Applied(migration.file(), migration.checksum()))) {
                throw new MigrationException(("migration %s was changed after it was applied:"
                                + " the database has %s with checksum %s, this build has checksum %s")
                        .formatted(migration.file(), recorded.file(), recorded.checksum(), migration.checksum()));
            }
        }
        applied.forEach((number, recorded) -> {
            if (number > migrations.size()) {
                throw new MigrationException(
                        ("the database has migration %s with checksum %s, which this build does not have:"
                                        + " it is older than the database")
                                .formatted(recorded.file(), recorded.checksum()));
            }
        });
    }

    private static String resource(String name) {
        try (InputStream in = Migrations.class.getResourceAsStream(DIRECTORY + name)) {
            if (in == null) {
                throw new MigrationException("migration " + name + " is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + DIRECTORY + name, e);
        }
    }

    private record Applied(String file, String checksum) {
        @Override
        public String toString() {
            return file + " with checksum " + checksum;
        }
    }
}
