package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedPortsTest {
    @TempDir
    private Path directory;

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = directory.resolve("ports.properties");
    }

    @Test
    void secondStart_takesThePortOfTheFirst() {
        var first = new RememberedPorts(file);
        int port = first.start("kafka", RememberedPortsTest::bind);
        first.save();

        assertThat(new RememberedPorts(file).<Integer>start("kafka", RememberedPortsTest::bind))
                .isEqualTo(port);
    }

    @Test
    void takenPort_isReplacedAndTheNewOneRemembered() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(file, "kafka=" + taken.getLocalPort() + "\n");
            var ports = new RememberedPorts(file);

            int port = ports.start("kafka", RememberedPortsTest::bind);
            ports.save();

            assertThat(port).isNotEqualTo(taken.getLocalPort());
            assertThat(file).content().isEqualTo("kafka=" + port + "\n");
        }
    }

    @Test
    void nonsenseInTheFile_isNoPort() throws IOException {
        Files.writeString(file, "kafka=0\nother=99999\nthird=abc\n");

        int port = new RememberedPorts(file).start("kafka", RememberedPortsTest::bind);

        assertThat(port).isPositive();
    }

    private static int bind(int port) {
        FreePorts.requireFree(port, "a test");
        return port;
    }
}
