package dev.sluice.storejob;

import static java.util.Objects.requireNonNull;

import dev.sluice.store.ClickHouseSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    /** Environment variable: {@link #kafkaBootstrap}. */
    public static final String KAFKA_BOOTSTRAP = "SLUICE_KAFKA_BOOTSTRAP";
    /** Environment variable: the HTTP interface of ClickHouse. */
    public static final String CLICKHOUSE_URL = "SLUICE_CLICKHOUSE_URL";
    /** Environment variable: the user of ClickHouse; {@code default} without. */
    public static final String CLICKHOUSE_USER = "SLUICE_CLICKHOUSE_USER";
    /** Environment variable: the user's password; none without. */
    public static final String CLICKHOUSE_PASSWORD = "SLUICE_CLICKHOUSE_PASSWORD";
    /** Environment variable: {@link #groupId}. */
    public static final String GROUP = "SLUICE_STORE_GROUP";
    /** Environment variable: {@link #parallelism}. */
    public static final String PARALLELISM = "SLUICE_STORE_PARALLELISM";

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
     * @param environment variables by name
     * @throws IllegalArgumentException naming every variable that is missing or wrong
     */
    public static StoreJobConfig from(Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        String bootstrap = environment.getOrDefault(KAFKA_BOOTSTRAP, "");
        if (bootstrap.isBlank()) {
            problems.add(KAFKA_BOOTSTRAP + " is missing");
        }
        String group = environment.getOrDefault(GROUP, DEFAULT_GROUP);
        if (group.isBlank()) {
            problems.add(GROUP + " must not be empty");
        }
        ClickHouseSettings clickHouse = clickHouse(environment, problems);
        int parallelism = parallelism(environment, problems);
        if (!problems.isEmpty() || clickHouse == null) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return new StoreJobConfig(
                bootstrap, clickHouse, group, parallelism, DEFAULT_MAX_ROWS, DEFAULT_MAX_BYTES, DEFAULT_FLUSH_INTERVAL);
    }

    private static @Nullable ClickHouseSettings clickHouse(Map<String, String> environment, List<String> problems) {
        String url = environment.getOrDefault(CLICKHOUSE_URL, "");
        if (url.isBlank()) {
            problems.add(CLICKHOUSE_URL + " is missing");
            return null;
        }
        try {
            return ClickHouseSettings.at(new URI(url))
                    .withUser(
                            environment.getOrDefault(CLICKHOUSE_USER, ClickHouseSettings.DEFAULT_USER),
                            environment.getOrDefault(CLICKHOUSE_PASSWORD, ""));
        } catch (URISyntaxException e) {
            problems.add(CLICKHOUSE_URL + " is not a URL");
            return null;
        } catch (IllegalArgumentException e) {
            problems.add(CLICKHOUSE_URL + ": " + e.getMessage());
            return null;
        }
    }

    private static int parallelism(Map<String, String> environment, List<String> problems) {
        String text = environment.getOrDefault(PARALLELISM, "1");
        try {
            int parallelism = Integer.parseInt(text);
            if (parallelism >= 1) {
                return parallelism;
            }
        } catch (NumberFormatException e) {
            // named below, with every number below 1
        }
        problems.add(PARALLELISM + " must be a number from 1 on, is " + text);
        return 1;
    }

    private static void requireAtLeastOne(long value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, is " + value);
        }
    }
}
