package dev.sluice.standalone;

import dev.sluice.store.ClickHouseSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Servers that run already and are used instead of our own.
 *
 * @param kafka bootstrap servers of Kafka; null for our own
 * @param clickHouse where ClickHouse is; null for our own
 * @param flink the Flink cluster; null for the one in this process
 * @param partitions partitions of each topic
 * @param replication copies of each partition
 */
record OtherServers(
        @Nullable String kafka,
        @Nullable ClickHouseSettings clickHouse,
        @Nullable FlinkServer flink,
        int partitions,
        short replication) {
    /** Environment variable: {@link #kafka}. */
    static final String KAFKA = "SLUICE_KAFKA_BOOTSTRAP";
    /** Environment variable: the HTTP interface of {@link #clickHouse}. */
    static final String CLICKHOUSE = "SLUICE_CLICKHOUSE_URL";
    /** Environment variable: the user of ClickHouse; {@code default} without. */
    static final String CLICKHOUSE_USER = "SLUICE_CLICKHOUSE_USER";
    /** Environment variable: the user's password; none without. */
    static final String CLICKHOUSE_PASSWORD = "SLUICE_CLICKHOUSE_PASSWORD";
    /** Environment variable: the REST API of {@link #flink}. */
    static final String FLINK = "SLUICE_FLINK_REST";
    /** Environment variable: in how many parts each job works on a Flink cluster that is not our own. */
    static final String PARALLELISM = "SLUICE_PARALLELISM";
    /** Environment variable: {@link #partitions} of a Kafka that is not our own. */
    static final String PARTITIONS = "SLUICE_PARTITIONS";
    /** Environment variable: {@link #replication} in a Kafka that is not our own. */
    static final String REPLICATION = "SLUICE_REPLICATION";

    private static final int OWN_PARTITIONS = 2;
    private static final int OTHER_PARTITIONS = 12;
    private static final int MOST_PARTITIONS = 10_000;
    private static final int MOST_COPIES = 100;
    /** What the state of a job can be spread over. */
    private static final int MOST_PARTS = 720;

    /**
     * Reads which servers are there.
     *
     * @throws IllegalArgumentException naming every variable that is wrong
     */
    static OtherServers of(Map<String, String> environment) {
        var problems = new ArrayList<String>();
        String kafka = text(environment, KAFKA).orElse(null);
        ClickHouseSettings clickHouse = clickHouse(environment, problems);
        FlinkServer flink = flink(environment, problems);
        int partitions = OWN_PARTITIONS;
        int replication = 1;
        if (kafka != null) {
            partitions = number(environment, PARTITIONS, OTHER_PARTITIONS, MOST_PARTITIONS, problems);
            replication = number(environment, REPLICATION, 1, MOST_COPIES, problems);
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return new OtherServers(kafka, clickHouse, flink, partitions, (short) replication);
    }

    private static @Nullable ClickHouseSettings clickHouse(Map<String, String> environment, List<String> problems) {
        Optional<String> url = text(environment, CLICKHOUSE);
        if (url.isEmpty()) {
            return null;
        }
        try {
            return ClickHouseSettings.at(new URI(url.get()))
                    .withUser(
                            text(environment, CLICKHOUSE_USER).orElse(ClickHouseSettings.DEFAULT_USER),
                            text(environment, CLICKHOUSE_PASSWORD).orElse(""));
        } catch (URISyntaxException | IllegalArgumentException e) {
            // the value may hold a password: it is not repeated
            problems.add(CLICKHOUSE + " must be an http or https URL without user or password; those go into "
                    + CLICKHOUSE_USER + " and " + CLICKHOUSE_PASSWORD);
            return null;
        }
    }

    private static @Nullable FlinkServer flink(Map<String, String> environment, List<String> problems) {
        Optional<String> url = text(environment, FLINK);
        if (url.isEmpty()) {
            return null;
        }
        int parallelism = number(environment, PARALLELISM, 1, MOST_PARTS, problems);
        try {
            return new FlinkServer(new URI(url.get()), parallelism);
        } catch (URISyntaxException | IllegalArgumentException e) {
            // the value may hold a password: it is not repeated
            problems.add(FLINK + " must be the http or https URL of Flink's REST API, e.g. http://flink:8081,"
                    + " without user and query");
            return null;
        }
    }

    private static int number(
            Map<String, String> environment, String name, int absent, int most, List<String> problems) {
        Optional<String> text = text(environment, name);
        if (text.isEmpty()) {
            return absent;
        }
        try {
            int value = Integer.parseInt(text.get());
            if (value >= 1 && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // reported below like a number out of range
        }
        problems.add("%s must be a whole number from 1 to %d, is %s".formatted(name, most, text.get()));
        return absent;
    }

    private static Optional<String> text(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
