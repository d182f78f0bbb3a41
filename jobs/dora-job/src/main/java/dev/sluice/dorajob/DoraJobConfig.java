package dev.sluice.dorajob;

import static java.util.Objects.requireNonNull;

import dev.sluice.streams.JobSettings;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the job must be told.
 *
 * @param kafkaBootstrap where Kafka is
 * @param partitions how many partitions its output topics have
 * @param parallelism of its three stages
 * @param zone the time zone in which the days of services begin
 */
public record DoraJobConfig(String kafkaBootstrap, int partitions, int parallelism, ZoneId zone) {
    /** Setting: {@link #zone}, e.g. {@code Europe/Berlin}. */
    public static final String ZONE = "SLUICE_ZONE";

    private static final ZoneId UTC = ZoneId.of("UTC");

    /** What the job can be told. */
    static final Set<String> SETTINGS =
            Set.of(JobSettings.KAFKA, JobSettings.PARTITIONS, JobSettings.PARALLELISM, ZONE);

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
        return new DoraJobConfig(kafkaBootstrap, partitions, 1, UTC);
    }

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException naming every setting that is missing or wrong
     */
    public static DoraJobConfig from(JobSettings settings) {
        String bootstrap = settings.required(JobSettings.KAFKA);
        int partitions = settings.partitions();
        int parallelism = settings.parallelism();
        ZoneId zone = zone(settings);
        settings.throwIfWrong();
        return new DoraJobConfig(bootstrap, partitions, parallelism, zone);
    }

    /** Reads {@link #zone}; UTC, and perhaps a problem, where there is none. */
    public static ZoneId zone(JobSettings settings) {
        try {
            return settings.text(ZONE).map(String::strip).map(ZoneId::of).orElse(UTC);
        } catch (DateTimeException e) {
            settings.problem(ZONE + ": " + e.getMessage());
            return UTC;
        }
    }

    /** Returns the same with another time zone. */
    public DoraJobConfig withZone(ZoneId other) {
        return new DoraJobConfig(kafkaBootstrap, partitions, parallelism, other);
    }

    /** Returns the same with another parallelism. */
    public DoraJobConfig withParallelism(int other) {
        return new DoraJobConfig(kafkaBootstrap, partitions, other, zone);
    }

    /** Returns this as settings by name; the same for the same configuration. */
    public Map<String, String> settings() {
        var settings = new LinkedHashMap<String, String>();
        settings.put(JobSettings.KAFKA, kafkaBootstrap);
        settings.put(JobSettings.PARTITIONS, Integer.toString(partitions));
        settings.put(JobSettings.PARALLELISM, Integer.toString(parallelism));
        settings.put(ZONE, zone.getId());
        return settings;
    }
}
