package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** A JVM of its own for the parent of a binary that a test kills: prints ports and pid, then waits for its end. */
final class ClickHouseBinaryParent {
    private ClickHouseBinaryParent() {}

    /** Runs a server: {@code directory binary}. */
    public static void main(String[] arguments) throws IOException {
        var config =
                ClickHouseConfig.in(Path.of(arguments[0])).withEngine(ClickHouseBinary.require(Path.of(arguments[1])));
        try (var server = ClickHouseServer.start(config)) {
            System.out.println(server.httpPort() + " " + server.tcpPort() + " " + server.pid());
            System.in.readAllBytes();
        }
    }
}
