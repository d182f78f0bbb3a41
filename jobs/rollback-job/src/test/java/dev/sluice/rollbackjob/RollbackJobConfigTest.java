package dev.sluice.rollbackjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.streams.JobSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RollbackJobConfigTest {
    @Test
    void allDefaults() {
        assertThat(RollbackJobConfig.from(JobSettings.of(Map.of("SLUICE_KAFKA_BOOTSTRAP", "kafka:9092"))))
                .isEqualTo(new RollbackJobConfig("kafka:9092", 12, 1));
    }

    @Test
    void allKeys() {
        var config = new RollbackJobConfig("kafka:9092", 4, 2);

        assertThat(config.settings().keySet()).isEqualTo(RollbackJobConfig.SETTINGS);
        assertThat(RollbackJobConfig.from(JobSettings.of(config.settings()))).isEqualTo(config);
    }

    @Test
    void whatIsWrongIsToldTogether() {
        assertThatThrownBy(() -> RollbackJobConfig.from(JobSettings.of(Map.of("SLUICE_PARALLELISM", "none"))))
                .hasMessageContainingAll("SLUICE_KAFKA_BOOTSTRAP", "SLUICE_PARALLELISM");
    }
}
