package dev.sluice.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    private static final Path DIRECTORY = Path.of("anywhere");

    @Test
    void picksDifferentPortsThatCanBeBound() throws IOException {
        var ports = IntStream.range(0, 50).map(i -> FreePorts.pick()).toArray();

        assertThat(ports).doesNotHaveDuplicates();
        for (int port : ports) {
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(socket.isBound()).isTrue();
            }
        }
    }

    @Test
    void takenPort_isNamedAndFreeAgainAfterwards() throws IOException {
        int port;
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = other.getLocalPort();
            assertThatThrownBy(() -> FreePorts.requireFree(port, "the gate"))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining("the gate")
                    .hasMessageContaining("choose another port");
        }
        assertThatCode(() -> FreePorts.requireFree(port, "the gate")).doesNotThrowAnyException();
    }

    @Test
    void portsThatDoNotExist_areRefused() {
        assertThatThrownBy(() -> FreePorts.requireFree(65_536, "the gate")).hasMessageContaining("65536");
        assertThatThrownBy(() -> KafkaBrokerConfig.in(DIRECTORY).withPort(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> ClickHouseConfig.in(DIRECTORY).withPorts(70_000, 0))
                .hasMessageContaining("70000");
        assertThatThrownBy(() -> ClickHouseConfig.in(DIRECTORY).withPorts(9000, 9000))
                .hasMessageContaining("must differ");
    }

    @Test
    void settingsThatCannotWork_areRefused() {
        assertThatThrownBy(() -> KafkaBrokerConfig.in(DIRECTORY).withPartitions(0))
                .hasMessageContaining("partitions");
        assertThatThrownBy(() -> new KafkaBrokerConfig(DIRECTORY, 0, 1, Duration.ZERO))
                .hasMessageContaining("startLimit");
        assertThatThrownBy(() -> ClickHouseConfig.in(DIRECTORY).withMemoryLimitBytes(1))
                .hasMessageContaining("memoryLimitBytes");
    }
}
