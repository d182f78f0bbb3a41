package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class JobClusterTest {
    private static final String LISTENING = "0A";
    private static final Set<String> LOOPBACK =
            Set.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000");

    @Test
    @EnabledOnOs(OS.LINUX)
    void listensOnThisMachineOnly(@TempDir Path checkpoints, @TempDir Path temporary) throws Exception {
        Set<String> before = listening();
        try (JobCluster cluster = JobCluster.start(1, Duration.ofSeconds(10), checkpoints, temporary)) {
            assertThat(cluster.flink().isRunning()).isTrue();
            Set<String> own = listening();
            own.removeAll(before);

            assertThat(own)
                    .isNotEmpty()
                    .allSatisfy(address -> assertThat(LOOPBACK).contains(address.substring(0, address.indexOf(':'))));
        }
    }

    /** Returns the addresses and ports at which this process listens, as the kernel writes them. */
    private static Set<String> listening() throws IOException {
        Set<String> sockets;
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            sockets = open.map(JobClusterTest::target).collect(Collectors.toSet());
        }
        Set<String> addresses = new TreeSet<>();
        for (String table : new String[] {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields[3].equals(LISTENING) && sockets.contains("socket:[" + fields[9] + "]")) {
                    addresses.add(fields[1]);
                }
            }
        }
        return addresses;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }
}
