package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevLakeExportTest {
    @TempDir
    private Path directory;

    @Test
    void timesWithoutOffset_areUtc_andNoneIsNull() {
        DevLakeExport export = DevLakeFiles.march(directory).read();

        assertThat(export.pulls().get(1).merged()).isEqualTo(Instant.parse("2026-03-04T13:00:30Z"));
        assertThat(export.pulls().get(3).merged()).isNull();
        assertThat(export.incidents().get(2).resolved()).isNull();
        assertThat(export.pullCommits().get(2).authored()).isEqualTo(Instant.parse("2026-03-04T10:00:00Z"));
        assertThat(export.deploymentCommits().get(0).repository()).isEqualTo("acme/shop");
    }

    @Test
    void timeWithOffset_isTakenByIt_andGosZeroTimeIsNone() {
        DevLakeExport export = new DevLakeFiles(directory)
                .incident("1", "2026-03-03T12:00:00+02:00", "0001-01-01 00:00:00")
                .read();

        assertThat(export.incidents().get(0).created()).isEqualTo(Instant.parse("2026-03-03T10:00:00Z"));
        assertThat(export.incidents().get(0).resolved()).isNull();
    }

    @Test
    void missingColumn_isNamedWithItsFile() {
        DevLakeFiles files = DevLakeFiles.march(directory).table("incidents", "id,title,created_date");

        assertThatThrownBy(files::read)
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("incidents.csv has no column resolution_date");
    }

    @Test
    void missingFile_isNamed() throws IOException {
        DevLakeFiles.march(directory).write();
        Files.delete(directory.resolve("commits_diffs.csv"));

        assertThatThrownBy(() -> DevLakeExport.read(directory))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("commits_diffs.csv: there is no such file");
    }

    @Test
    void wrongTime_isNamedWithFileRowAndColumn() {
        DevLakeFiles files = DevLakeFiles.march(directory).incident("9", "yesterday", "NULL");

        assertThatThrownBy(files::read)
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("incidents.csv, row 5: created_date is not a time");
    }
}
