package dev.sluice.canaryjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.streams.JobSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanaryJobConfigTest {
    @Test
    void whatIsNotSaidHasADefault() {
        assertThat(read(Map.of("SLUICE_KAFKA_BOOTSTRAP", "localhost:9092")))
                .isEqualTo(new CanaryJobConfig("localhost:9092", 12, 1, null));
    }

    @Test
    void allSettingsAreReadAndWritten() {
        var config = new CanaryJobConfig("kafka:9092", 2, 4, "sources.yaml");
        assertThat(read(config.settings())).isEqualTo(config);
        assertThat(config.settings().keySet()).isEqualTo(CanaryJobConfig.SETTINGS);
        assertThat(CanaryJobConfig.of("kafka:9092", 2).withParallelism(4).withMetricSources("sources.yaml"))
                .isEqualTo(config);
    }

    @Test
    void wrongSettingsAreNamed() {
        assertThatThrownBy(() -> read(Map.of("SLUICE_PARTITIONS", "x")))
                .hasMessageContaining("SLUICE_KAFKA_BOOTSTRAP")
                .hasMessageContaining("SLUICE_PARTITIONS");
    }

    private static CanaryJobConfig read(Map<String, String> environment) {
        return CanaryJobConfig.from(JobSettings.of(new String[0], environment, CanaryJobConfig.SETTINGS));
    }
}
