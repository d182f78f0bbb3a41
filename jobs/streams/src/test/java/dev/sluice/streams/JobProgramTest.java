package dev.sluice.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class JobProgramTest {
    private static final Map<String, String> SETTINGS =
            Map.of("SLUICE_KAFKA_BOOTSTRAP", "two:9092, one:9092", "SLUICE_PARTITIONS", "3");

    @Test
    void runSaysWhichKafkaItIsFor_besideWhatItIsGiven() {
        var given = new Configuration();
        given.set(PipelineOptions.GLOBAL_JOB_PARAMETERS, Map.of("sluice.kafka", "id"));
        var environment = StreamExecutionEnvironment.getExecutionEnvironment(given);

        JobProgram.describe(environment, SETTINGS);

        assertThat(environment.getConfig().getGlobalJobParameters().toMap())
                .isEqualTo(Map.of(
                        "sluice.kafka",
                        "id",
                        "sluice.bootstrap",
                        "one:9092,two:9092",
                        "sluice.settings",
                        RunParameters.digest(SETTINGS)));
    }

    @Test
    void digest_followsSettingsButNoPassword() {
        Map<String, String> settings = Map.of("A", "1", "SLUICE_CLICKHOUSE_PASSWORD", "one");

        assertThat(RunParameters.digest(settings))
                .isEqualTo(RunParameters.digest(Map.of("SLUICE_CLICKHOUSE_PASSWORD", "two", "A", "1")))
                .isNotEqualTo(RunParameters.digest(Map.of("A", "2")));
    }
}
