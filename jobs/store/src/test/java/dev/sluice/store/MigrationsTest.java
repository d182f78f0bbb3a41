package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MigrationsTest {
    @Test
    void listNamesEveryFileOfTheSchema() throws IOException {
        Path directory = Path.of(System.getProperty("sluice.root"), "schemas", "clickhouse");

        try (var files = Files.list(directory)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".sql"))
                    .sorted()
                    .toList();
            assertThat(Migrations.bundled().files()).isEqualTo(names);
        }
    }

    @Test
    void refusesAGapAndAWrongName() {
        assertThatThrownBy(() -> new Migrations(List.of(Migration.of("0002_later.sql", "SELECT 1;"))))
                .isInstanceOf(MigrationException.class)
                .hasMessage("migration 0002_later.sql stands at place 1 of the list");
        assertThatThrownBy(() -> Migration.of("first.sql", "SELECT 1;")).hasMessageContaining("first.sql");
        assertThatThrownBy(() -> Migration.of("0001_first.sql", "SELECT 1"))
                .hasMessage("migration 0001_first.sql: no semicolon after: SELECT 1");
    }
}
