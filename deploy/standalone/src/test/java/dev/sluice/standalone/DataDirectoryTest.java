package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    private static final Endpoints ENDPOINTS = new Endpoints(
            7, URI.create("http://127.0.0.1:1"), "127.0.0.1:2", URI.create("http://127.0.0.1:3"), Instant.EPOCH);

    @TempDir
    private Path directory;

    @Test
    void publishedEndpoints_areThereUntilItIsClosed() throws IOException {
        Path file = directory.resolve("endpoints.json");
        try (DataDirectory data = DataDirectory.take(directory)) {
            assertThat(file).doesNotExist();
            data.publish(ENDPOINTS);
            assertThat(Json.mapper()
                            .readTree(Files.readAllBytes(file))
                            .path("clickhouse")
                            .asText())
                    .isEqualTo("http://127.0.0.1:3");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void endpointsOfAKilledProcess_areForgotten() throws IOException {
        Files.writeString(directory.resolve("endpoints.json"), "{}");

        try (DataDirectory data = DataDirectory.take(directory)) {
            assertThat(data.path().resolve("endpoints.json")).doesNotExist();
        }
    }

    @Test
    void pidOfTheOwner_isInTheFile() throws IOException {
        try (DataDirectory data = DataDirectory.take(directory)) {
            assertThat(data.path().resolve("sluice.pid"))
                    .content()
                    .isEqualTo(ProcessHandle.current().pid() + "\n");
        }
    }

    @Test
    void directoryThatIsAFile_isToldAsASentence() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> DataDirectory.take(file))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("cannot be used");
    }

    @Test
    void changedStateOfAPart_isPublished() throws IOException {
        try (DataDirectory data = DataDirectory.take(directory)) {
            var board = new PartBoard(data);
            board.set("kafka", "running");
            board.set("clickhouse", "running");
            board.set("clickhouse", "restarting");

            PartStates published = Json.read(Files.readAllBytes(directory.resolve("status.json")), PartStates.class);

            assertThat(published.parts())
                    .isEqualTo(List.of(
                            new PartStates.Part("kafka", "running"), new PartStates.Part("clickhouse", "restarting")));
        }
    }
}
