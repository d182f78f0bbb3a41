package dev.sluice.dorajob;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * What the job must be told.
 *
 * @param kafkaBootstrap where Kafka is
 * @param partitions how many partitions its output topics have
 * @param parallelism of its three stages
 * @param zone the time zone in which the days of services begin
 */
public record DoraJobConfig(String kafkaBootstrap, int partitions, int parallelism, ZoneId zone) {
    public DoraJobConfig {
        requireNonNull(kafkaBootstrap, "kafkaBootstrap");
        requireNonNull(zone, "zone");
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
    public static DoraJobConfig of(String kafkaBootstrap, int partitions) {
        return new DoraJobConfig(kafkaBootstrap, partitions, 1, ZoneOffset.UTC);
    }
}
