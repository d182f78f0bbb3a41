package dev.sluice.storejob;

import static java.util.Objects.requireNonNull;

import dev.sluice.store.ClickHouseSettings;
import dev.sluice.streams.JobSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the store job runs.
 *
 * @param kafkaBootstrap {@code host:port} of Kafka, several joined by commas
 * @param clickHouse where ClickHouse is
 * @param groupId the consumer group that shows how far the job has read
 * @param parallelism how many readers and writers; at most the number of partitions of a topic
 * @param maxRows rows that a writer holds back at most
 * @param maxBytes bytes of rows that a writer holds back at most
 * @param flushInterval how long a writer holds a row back at most while ClickHouse keeps up
 */
public record StoreJobConfig(
        String kafkaBootstrap,
        ClickHouseSettings clickHouse,
        String groupId,
        int parallelism,
        int maxRows,
        long maxBytes,
        Duration flushInterval) {
    /** Setting: the HTTP interface of ClickHouse. */
    public static final String CLICKHOUSE_URL = "SLUICE_CLICKHOUSE_URL";
    /** Setting: the user of ClickHouse; {@code default} without. */
    public static final String CLICKHOUSE_USER = "SLUICE_CLICKHOUSE_USER";
    /** Setting: the user's password; none without. */
    public static final String CLICKHOUSE_PASSWORD = "SLUICE_CLICKHOUSE_PASSWORD";
    /** Setting: {@link #groupId}. */
    public static final String GROUP = "SLUICE_STORE_GROUP";

    /** What the job can be told. */
    static final Set<String> SETTINGS = Set.of(
            JobSettings.KAFKA, JobSettings.PARALLELISM, CLICKHOUSE_URL, CLICKHOUSE_USER, CLICKHOUSE_PASSWORD, GROUP);

    private static final String DEFAULT_GROUP = "sluice-store";
    private static final int DEFAULT_MAX_ROWS = 20_000;
    private static final long DEFAULT_MAX_BYTES = 8L << 20;
    private static final Duration DEFAULT_FLUSH_INTERVAL = Duration.ofMillis(200);

    public StoreJobConfig {
        requireNonNull(clickHouse, "clickHouse");
        if (kafkaBootstrap.isBlank()) {
            throw new IllegalArgumentException("kafkaBootstrap must not be empty");
        }
        if (groupId.isBlank()) {
            throw new IllegalArgumentException("groupId must not be empty");
        }
        requireAtLeastOne(parallelism, "parallelism");
        requireAtLeastOne(maxRows, "maxRows");
        requireAtLeastOne(maxBytes, "maxBytes");
        requireAtLeastOne(flushInterval.toMillis(), "flushInterval in milliseconds");
    }

    /** The defaults: one reader and writer, 20,000 rows or 8 MiB or 200 ms. */
    public static StoreJobConfig of(String kafkaBootstrap, ClickHouseSettings clickHouse) {
        return new StoreJobConfig(
                kafkaBootstrap,
                clickHouse,
                DEFAULT_GROUP,
                1,
                DEFAULT_MAX_ROWS,
                DEFAULT_MAX_BYTES,
                DEFAULT_FLUSH_INTERVAL);
    }

    /** The same with another parallelism. */
    public StoreJobConfig withParallelism(int newParallelism) {
        return new StoreJobConfig(
                kafkaBootstrap, clickHouse, groupId, newParallelism, maxRows, maxBytes, flushInterval);
    }

    /**
     * Reads the configuration.
     *
     * @throws IllegalArgumentException naming every setting that is missing or wrong
     */
    public static StoreJobConfig from(JobSettings settings) {
        String bootstrap = settings.required(JobSettings.KAFKA);
        String group = settings.text(GROUP).orElse(DEFAULT_GROUP);
        ClickHouseSettings clickHouse = clickHouse(settings);
        int parallelism = settings.parallelism();
        settings.throwIfWrong();
        return new StoreJobConfig(
                bootstrap,
                requireNonNull(clickHouse),
                group,
                parallelism,
                DEFAULT_MAX_ROWS,
                DEFAULT_MAX_BYTES,
                DEFAULT_FLUSH_INTERVAL);
    }

    private static @Nullable ClickHouseSettings clickHouse(JobSettings settings) {
        String url = settings.required(CLICKHOUSE_URL);
        if (url.isEmpty()) {
            return null;
        }
        try {
            return ClickHouseSettings.at(new URI(url))
                    .withUser(
                            settings.text(CLICKHOUSE_USER).orElse(ClickHouseSettings.DEFAULT_USER),
                            settings.text(CLICKHOUSE_PASSWORD).orElse(""));
        } catch (URISyntaxException e) {
            settings.problem(CLICKHOUSE_URL + " is not a URL");
            return null;
        } catch (IllegalArgumentException e) {
            settings.problem(CLICKHOUSE_URL + ": " + e.getMessage());
            return null;
        }
    }

    /**
     * Returns this as settings by name; the same for the same configuration. The limits of a writer are not among them.
     */
    public Map<String, String> settings() {
        var settings = new LinkedHashMap<String, String>();
        settings.put(JobSettings.KAFKA, kafkaBootstrap);
        settings.put(JobSettings.PARALLELISM, Integer.toString(parallelism));
        settings.put(CLICKHOUSE_URL, clickHouse.url().toString());
        settings.put(CLICKHOUSE_USER, clickHouse.user());
        settings.put(CLICKHOUSE_PASSWORD, clickHouse.password());
        settings.put(GROUP, groupId);
        return settings;
    }

    private static void requireAtLeastOne(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, is " + value);
        }
    }
}
