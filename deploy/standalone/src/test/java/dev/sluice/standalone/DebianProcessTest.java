package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianProcessTest {
    private static final URI NOWHERE = URI.create("http://127.0.0.1:1/");

    @TempDir
    private Path directory;

    @Test
    void aProgramThatEndsTooEarlyShowsWhatItSaidLast() throws IOException {
        String words = "for i in $(seq 100); do echo line $i; done; echo out of luck >&2; exit 3";
        try (DebianProcess process = DebianProcess.launch(directory, "broken", List.of("/bin/sh", "-c", words))) {
            assertThatThrownBy(() -> process.awaitReady(NOWHERE))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("broken ended with 3; " + directory.resolve("broken.log"))
                    .hasMessageContaining("line 100\nout of luck")
                    .hasMessageNotContaining("line 50\n");
        }
    }

    @Test
    void closeEndsIt() throws IOException {
        DebianProcess process = DebianProcess.launch(directory, "waits", List.of("/bin/sleep", "600"));
        process.requireAlive();

        process.close();

        assertThatThrownBy(process::requireAlive).hasMessageContaining("waits ended with 143");
        assertThat(directory.resolve("waits.log")).isEmptyFile();
    }
}
