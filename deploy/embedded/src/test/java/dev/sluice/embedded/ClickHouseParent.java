package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** A JVM of its own for the parent of a server that a test kills: prints ports and pid, then waits for its end. */
final class ClickHouseParent {
    private ClickHouseParent() {}

    public static void main(String[] arguments) throws IOException {
        try (var server = ClickHouseServer.start(ClickHouseConfig.in(Path.of(arguments[0])))) {
            System.out.println(server.httpPort() + " " + server.tcpPort() + " " + server.pid());
            System.in.readAllBytes();
        }
    }
}
