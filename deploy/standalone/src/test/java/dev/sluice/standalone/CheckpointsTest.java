package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path directory;

    @Test
    void completeOnes_newestFirstOverAllRuns() throws IOException {
        complete("older", 8, 10);
        complete("older", 9, 20);
        complete("newer", 10, 40);
        complete("newer", 9, 30);
        Files.createDirectories(directory.resolve("newer/chk-11"));
        Files.createDirectories(directory.resolve("newer/shared"));

        assertThat(new Checkpoints(directory).newestFirst())
                .containsExactly(
                        directory.resolve("newer/chk-10"),
                        directory.resolve("newer/chk-9"),
                        directory.resolve("older/chk-9"),
                        directory.resolve("older/chk-8"));
    }

    @Test
    void sameTime_isDecidedByTheNumber() throws IOException {
        complete("run", 9, 10);
        complete("run", 10, 10);

        assertThat(new Checkpoints(directory).newestFirst())
                .containsExactly(directory.resolve("run/chk-10"), directory.resolve("run/chk-9"));
    }

    @Test
    void noDirectory_hasNone() {
        assertThat(new Checkpoints(directory.resolve("absent")).newestFirst()).isEmpty();
    }

    @Test
    void earlierRuns_areDeletedOnlyWhenTheNewOneHasTwo() throws IOException {
        var checkpoints = new Checkpoints(directory);
        complete("older", 9, 20);
        complete("newer", 10, 30);

        assertThat(checkpoints.pruneBefore("newer")).isFalse();
        assertThat(directory.resolve("older")).isDirectory();

        complete("newer", 11, 40);

        assertThat(checkpoints.pruneBefore("newer")).isTrue();
        assertThat(directory.resolve("older")).doesNotExist();
        assertThat(checkpoints.newestFirst()).hasSize(2);
    }

    private void complete(String run, int number, int second) throws IOException {
        Path checkpoint = Files.createDirectories(directory.resolve(run).resolve("chk-" + number));
        Path metadata = Files.writeString(checkpoint.resolve("_metadata"), "complete");
        Files.setLastModifiedTime(metadata, FileTime.from(BEGINNING.plusSeconds(second)));
    }
}
