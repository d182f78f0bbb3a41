package dev.sluice.embedded;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how a {@link KafkaBroker} runs.
 *
 * @param directory holds the log of every topic and of the cluster's metadata; created if absent
 * @param port port on 127.0.0.1 for clients, or 0 for a free one, chosen anew at each start
 * @param partitions partitions of a topic that is created without a number
 * @param startLimit how long a start may take; recovery of several GB after a kill takes more than 10 s
 */
public record KafkaBrokerConfig(Path directory, int port, int partitions, Duration startLimit) {
    public KafkaBrokerConfig {
        directory = directory.toAbsolutePath().normalize();
        FreePorts.requirePortOrZero(port, "port");
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1, is " + partitions);
        }
        if (startLimit.isNegative() || startLimit.isZero()) {
            throw new IllegalArgumentException("startLimit must be positive, is " + startLimit);
        }
    }

    /** The defaults: a free port, 2 partitions, 60 s to start. */
    public static KafkaBrokerConfig in(Path directory) {
        return new KafkaBrokerConfig(directory, 0, 2, Duration.ofSeconds(60));
    }

    /** The same on another port. */
    public KafkaBrokerConfig withPort(int newPort) {
        return new KafkaBrokerConfig(directory, newPort, partitions, startLimit);
    }

    /** The same with another default number of partitions. */
    public KafkaBrokerConfig withPartitions(int newPartitions) {
        return new KafkaBrokerConfig(directory, port, newPartitions, startLimit);
    }
}
