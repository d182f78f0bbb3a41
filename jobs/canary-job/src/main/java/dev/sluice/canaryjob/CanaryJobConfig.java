package dev.sluice.canaryjob;

import static java.util.Objects.requireNonNull;

import dev.sluice.streams.JobSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the job must be told.
 *
 * @param kafkaBootstrap where Kafka is
 * @param partitions how many partitions its topics have
 * @param parallelism over how many tasks runs are spread
 * @param metricSources the file of the sources that may be asked for metrics; null where there are none
 */
public record CanaryJobConfig(
        String kafkaBootstrap,
        int partitions,
        int parallelism,
        @Nullable String metricSources) {
    /** The setting that names the file of sources. */
    public static final String METRIC_SOURCES = "SLUICE_METRIC_SOURCES";

    /** What the job can be told. */
    static final Set<String> SETTINGS =
            Set.of(JobSettings.KAFKA, JobSettings.PARTITIONS, JobSettings.PARALLELISM, METRIC_SOURCES);

    public CanaryJobConfig {
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
    public static CanaryJobConfig of(String kafkaBootstrap, int partitions) {
        return new CanaryJobConfig(kafkaBootstrap, partitions, 1, null);
    }

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException naming every setting that is missing or wrong
     */
    public static CanaryJobConfig from(JobSettings settings) {
        String bootstrap = settings.required(JobSettings.KAFKA);
        int partitions = settings.partitions();
        int parallelism = settings.parallelism();
        settings.throwIfWrong();
        return new CanaryJobConfig(
                bootstrap,
                partitions,
                parallelism,
                settings.text(METRIC_SOURCES).orElse(null));
    }

    /** Returns the same with another parallelism. */
    public CanaryJobConfig withParallelism(int other) {
        return new CanaryJobConfig(kafkaBootstrap, partitions, other, metricSources);
    }

    /** Returns the same with the file of the sources that may be asked; null for none. */
    public CanaryJobConfig withMetricSources(@Nullable String file) {
        return new CanaryJobConfig(kafkaBootstrap, partitions, parallelism, file);
    }

    /** Returns this as settings by name; the same for the same configuration. */
    public Map<String, String> settings() {
        var settings = new LinkedHashMap<String, String>();
        settings.put(JobSettings.KAFKA, kafkaBootstrap);
        settings.put(JobSettings.PARTITIONS, Integer.toString(partitions));
        settings.put(JobSettings.PARALLELISM, Integer.toString(parallelism));
        if (metricSources != null) {
            settings.put(METRIC_SOURCES, metricSources);
        }
        return settings;
    }
}
