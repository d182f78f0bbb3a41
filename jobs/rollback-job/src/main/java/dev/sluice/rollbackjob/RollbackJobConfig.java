package dev.sluice.rollbackjob;

import static java.util.Objects.requireNonNull;

import dev.sluice.streams.JobSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the job must be told.
 *
 * @param kafkaBootstrap where Kafka is
 * @param partitions how many partitions its topics have
 * @param parallelism over how many tasks services are spread
 */
public record RollbackJobConfig(String kafkaBootstrap, int partitions, int parallelism) {
    /** What the job can be told. */
    static final Set<String> SETTINGS = Set.of(JobSettings.KAFKA, JobSettings.PARTITIONS, JobSettings.PARALLELISM);

    public RollbackJobConfig {
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
     * @param partitions how many partitions its topics have
     */
    public static RollbackJobConfig of(String kafkaBootstrap, int partitions) {
        return new RollbackJobConfig(kafkaBootstrap, partitions, 1);
    }

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException naming every setting that is missing or wrong
     */
    public static RollbackJobConfig from(JobSettings settings) {
        String bootstrap = settings.required(JobSettings.KAFKA);
        int partitions = settings.partitions();
        int parallelism = settings.parallelism();
        settings.throwIfWrong();
        return new RollbackJobConfig(bootstrap, partitions, parallelism);
    }

    /** Returns the same with another parallelism. */
    public RollbackJobConfig withParallelism(int other) {
        return new RollbackJobConfig(kafkaBootstrap, partitions, other);
    }

    /** Returns this as settings by name; the same for the same configuration. */
    public Map<String, String> settings() {
        var settings = new LinkedHashMap<String, String>();
        settings.put(JobSettings.KAFKA, kafkaBootstrap);
        settings.put(JobSettings.PARTITIONS, Integer.toString(partitions));
        settings.put(JobSettings.PARALLELISM, Integer.toString(parallelism));
        return settings;
    }
}
