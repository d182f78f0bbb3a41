package dev.sluice.ingestjob;

import static java.util.Objects.requireNonNull;

/**
 * What the job must be told.
 *
 * @param kafkaBootstrap where Kafka is
 * @param partitions how many partitions its output topics have
 * @param parallelism of the adapters; what they give is written by one writer
 */
public record IngestJobConfig(String kafkaBootstrap, int partitions, int parallelism) {
    public IngestJobConfig {
        requireNonNull(kafkaBootstrap, "kafkaBootstrap");
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
        return new IngestJobConfig(kafkaBootstrap, partitions, 1);
    }
}
