package dev.sluice.storejob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.store.ClickHouseSettings;
import dev.sluice.streams.JobSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreJobConfigTest {
    private static final ClickHouseSettings CLICK_HOUSE = ClickHouseSettings.at(URI.create("http://ch:8123"));

    @Test
    void allDefaults() {
        assertThat(StoreJobConfig.from(JobSettings.of(
                        Map.of("SLUICE_KAFKA_BOOTSTRAP", "k:9092", "SLUICE_CLICKHOUSE_URL", "http://ch:8123"))))
                .isEqualTo(StoreJobConfig.of("k:9092", CLICK_HOUSE))
                .isEqualTo(new StoreJobConfig(
                        "k:9092", CLICK_HOUSE, "sluice-store", 1, 20_000, 8 << 20, Duration.ofMillis(200)));
    }

    @Test
    void allKeys() {
        StoreJobConfig config = StoreJobConfig.from(JobSettings.of(Map.of(
                "SLUICE_KAFKA_BOOTSTRAP", "k:9092",
                "SLUICE_CLICKHOUSE_URL", "http://ch:8123",
                "SLUICE_CLICKHOUSE_USER", "writer",
                "SLUICE_CLICKHOUSE_PASSWORD", "hunter2",
                "SLUICE_STORE_GROUP", "group",
                "SLUICE_PARALLELISM", "4")));

        assertThat(config.clickHouse()).isEqualTo(CLICK_HOUSE.withUser("writer", "hunter2"));
        assertThat(config.groupId()).isEqualTo("group");
        assertThat(config.parallelism()).isEqualTo(4);
        assertThat(config.toString()).doesNotContain("hunter2");
        assertThat(config.settings().keySet()).isEqualTo(StoreJobConfig.SETTINGS);
        assertThat(StoreJobConfig.from(JobSettings.of(config.settings()))).isEqualTo(config);
    }

    @Test
    void everyProblemIsNamedAtOnce() {
        assertThatThrownBy(() -> StoreJobConfig.from(
                        JobSettings.of(Map.of("SLUICE_CLICKHOUSE_URL", "ftp://ch", "SLUICE_PARALLELISM", "none"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SLUICE_KAFKA_BOOTSTRAP is missing;"
                        + " SLUICE_CLICKHOUSE_URL: url must be http or https, is ftp://ch;"
                        + " SLUICE_PARALLELISM must be a number from 1 on, is none");
    }
}
