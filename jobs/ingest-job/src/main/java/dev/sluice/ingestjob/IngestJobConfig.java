package dev.sluice.ingestjob;

import static java.util.Objects.requireNonNull;

import dev.sluice.sources.ConnectionMapping;
import java.util.Map;

/**
 * What the job must be told.
 *
 * @param kafkaBootstrap where Kafka is
 * @param partitions how many partitions its output topics have
 * @param parallelism of the adapters; what they give is written by one writer
 * @param mappings how the names of a connection's source become Sluice's, by connection
 */
public record IngestJobConfig(
        String kafkaBootstrap, int partitions, int parallelism, Map<String, ConnectionMapping> mappings) {
    public IngestJobConfig {
        requireNonNull(kafkaBootstrap, "kafkaBootstrap");
        mappings = Map.copyOf(mappings);
        if (partitions < 1 || parallelism < 1) {
            throw new IllegalArgumentException(
                    "partitions and parallelism must be positive: " + partitions + ", " + parallelism);
        }
    }

    /**
     * Returns the settings of one machine.
     *
     * @param kafkaBootstrap where Kafka is
     * @param partitions how many partitions its output topics have
     */
    public static IngestJobConfig of(String kafkaBootstrap, int partitions) {
        return new IngestJobConfig(kafkaBootstrap, partitions, 1, Map.of());
    }

    /** Returns these settings with other mappings. */
    public IngestJobConfig withMappings(Map<String, ConnectionMapping> other) {
        return new IngestJobConfig(kafkaBootstrap, partitions, parallelism, other);
    }
}
