package dev.sluice.ingestjob;

import static java.util.Objects.requireNonNull;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.streams.JobSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

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
    /** Setting: {@link #mappings}, as JSON; see {@link MappingsJson}. */
    public static final String MAPPINGS = "SLUICE_MAPPINGS";

    /** What the job can be told. */
    static final Set<String> SETTINGS =
            Set.of(JobSettings.KAFKA, JobSettings.PARTITIONS, JobSettings.PARALLELISM, MAPPINGS);

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

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException naming every setting that is missing or wrong
     */
    public static IngestJobConfig from(JobSettings settings) {
        String bootstrap = settings.required(JobSettings.KAFKA);
        int partitions = settings.partitions();
        int parallelism = settings.parallelism();
        Map<String, ConnectionMapping> mappings = Map.of();
        try {
            mappings = settings.text(MAPPINGS).map(MappingsJson::read).orElse(mappings);
        } catch (IllegalArgumentException e) {
            settings.problem(MAPPINGS + ": " + e.getMessage());
        }
        settings.throwIfWrong();
        return new IngestJobConfig(bootstrap, partitions, parallelism, mappings);
    }

    /** Returns the same with another parallelism. */
    public IngestJobConfig withParallelism(int other) {
        return new IngestJobConfig(kafkaBootstrap, partitions, other, mappings);
    }

    /** Returns these settings with other mappings. */
    public IngestJobConfig withMappings(Map<String, ConnectionMapping> other) {
        return new IngestJobConfig(kafkaBootstrap, partitions, parallelism, other);
    }

    /**
     * Returns this as settings by name; the same for the same configuration. All of them are there, so that none is taken
     * from the environment instead.
     */
    public Map<String, String> settings() {
        var settings = new LinkedHashMap<String, String>();
        settings.put(JobSettings.KAFKA, kafkaBootstrap);
        settings.put(JobSettings.PARTITIONS, Integer.toString(partitions));
        settings.put(JobSettings.PARALLELISM, Integer.toString(parallelism));
        settings.put(MAPPINGS, MappingsJson.write(mappings));
        return settings;
    }
}
