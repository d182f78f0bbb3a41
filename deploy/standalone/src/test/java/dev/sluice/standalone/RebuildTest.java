package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RebuildTest {
    @TempDir
    private Path directory;

    private DataDirectory data;
    private Rebuild rebuild;

    @BeforeEach
    void take() {
        data = DataDirectory.take(directory);
        rebuild = new Rebuild(data);
    }

    @AfterEach
    void giveBack() {
        data.close();
    }

    @Test
    void whatIsMadeAnew_isMovedAside_withWhoseItIs() throws IOException {
        old("kafka/log", "old");
        old("checkpoints/1", "old");
        old("kafka.id", "one");
        old("clickhouse/data", "kept");
        old("before-rebuild/kafka/log", "older");

        rebuild.setAside();

        assertThat(directory.resolve("before-rebuild/kafka/log")).hasContent("old");
        assertThat(directory.resolve("before-rebuild/checkpoints/1")).hasContent("old");
        assertThat(directory.resolve("before-rebuild/kafka.id")).hasContent("one");
        assertThat(directory.resolve("kafka")).doesNotExist();
        assertThat(directory.resolve("kafka.id")).doesNotExist();
        assertThat(directory.resolve("clickhouse/data")).hasContent("kept");
    }

    @Test
    void untilItHasEnded_nothingElseStarts() {
        assertThatCode(rebuild::requireEnded).doesNotThrowAnyException();
        rebuild.setAside();
        var announcer = new Announcer(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));

        try (var up = new Sluice(
                StandaloneConfig.of(List.of("--data", directory.toString(), "--port=0"), Map.of()), announcer)) {
            assertThatThrownBy(() -> up.start(data))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("a rebuild of " + directory + " has begun and not ended")
                    .hasMessageContaining("deploy/sluice rebuild");
        }
        assertThat(directory.resolve("kafka")).doesNotExist();
        assertThat(rebuild.hasBegun()).isTrue();
        rebuild.end();
        assertThat(rebuild.hasBegun()).isFalse();
        assertThatCode(rebuild::requireEnded).doesNotThrowAnyException();
    }

    @Test
    void whatAnInterruptedOneHadMade_isDeleted_andWhatItHadMovedStays() throws IOException {
        old("kafka/log", "old");
        rebuild.setAside();
        old("kafka/log", "half");
        old("kafka.id", "half");

        new Rebuild(data).setAside();

        assertThat(directory.resolve("kafka")).doesNotExist();
        assertThat(directory.resolve("kafka.id")).doesNotExist();
        assertThat(directory.resolve("before-rebuild/kafka/log")).hasContent("old");
        assertThat(rebuild.hasBegun()).isTrue();
    }

    @Test
    void oneThatWasInterruptedBetweenTwoMoves_movesTheRest() throws IOException {
        old("rebuild.begun", "moving");
        old("before-rebuild/kafka/log", "old");
        old("checkpoints/1", "old");

        rebuild.setAside();

        assertThat(directory.resolve("before-rebuild/kafka/log")).hasContent("old");
        assertThat(directory.resolve("before-rebuild/checkpoints/1")).hasContent("old");
        assertThat(directory.resolve("checkpoints")).doesNotExist();
    }

    private void old(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
