package dev.sluice.embedded;

import java.io.IOException;
import java.nio.file.Path;

/** A JVM of its own for a broker that a test kills: prints the address, then waits for its end. */
final class KafkaBrokerProcess {
    private KafkaBrokerProcess() {}

    public static void main(String[] arguments) throws IOException {
        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(Path.of(arguments[0])))) {
            System.out.println(broker.bootstrapServers());
            System.in.readAllBytes();
        }
    }
}
