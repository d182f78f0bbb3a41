package dev.sluice.dorajob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.streams.JobSettings;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoraJobConfigTest {
    @Test
    void allDefaults() {
        assertThat(DoraJobConfig.from(JobSettings.of(Map.of("SLUICE_KAFKA_BOOTSTRAP", "k:9092"))))
                .isEqualTo(new DoraJobConfig("k:9092", 12, 1, ZoneId.of("UTC")));
    }

    @Test
    void allSettings_thereAndBack() {
        DoraJobConfig config = DoraJobConfig.from(JobSettings.of(Map.of(
                "SLUICE_KAFKA_BOOTSTRAP", "k:9092",
                "SLUICE_PARTITIONS", "6",
                "SLUICE_PARALLELISM", "2",
                "SLUICE_ZONE", "Europe/Berlin")));

        assertThat(config).isEqualTo(new DoraJobConfig("k:9092", 6, 2, ZoneId.of("Europe/Berlin")));
        assertThat(config)
                .isEqualTo(DoraJobConfig.of("k:9092", 6).withParallelism(2).withZone(ZoneId.of("Europe/Berlin")));
        assertThat(config.settings().keySet()).isEqualTo(DoraJobConfig.SETTINGS);
        assertThat(DoraJobConfig.from(JobSettings.of(config.settings()))).isEqualTo(config);
    }

    @Test
    void everyProblemIsNamedAtOnce() {
        assertThatThrownBy(() -> DoraJobConfig.from(
                        JobSettings.of(Map.of("SLUICE_ZONE", "Middle/Earth", "SLUICE_PARTITIONS", "0"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SLUICE_KAFKA_BOOTSTRAP is missing;"
                        + " SLUICE_PARTITIONS must be a number from 1 on, is 0;"
                        + " SLUICE_ZONE: Unknown time-zone ID: Middle/Earth");
    }
}
