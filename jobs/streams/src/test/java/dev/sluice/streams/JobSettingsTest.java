package dev.sluice.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobSettingsTest {
    private static final Set<String> NAMES = Set.of("SLUICE_KAFKA_BOOTSTRAP", "SLUICE_PARALLELISM");

    @Test
    void argumentsGoBeforeTheEnvironment() {
        var settings = JobSettings.of(
                new String[] {"SLUICE_KAFKA_BOOTSTRAP=b:9092=x", "SLUICE_PARALLELISM=3"},
                Map.of("SLUICE_KAFKA_BOOTSTRAP", "a:9092", "SLUICE_PARTITIONS", "5", "HOME", "/"),
                NAMES);

        assertThat(settings.required("SLUICE_KAFKA_BOOTSTRAP")).isEqualTo("b:9092=x");
        assertThat(settings.parallelism()).isEqualTo(3);
        assertThat(settings.partitions()).isEqualTo(5);
        assertThatCode(settings::throwIfWrong).doesNotThrowAnyException();
    }

    @Test
    void blankIsAbsent() {
        var settings = JobSettings.of(Map.of("SLUICE_PARALLELISM", " ", "SLUICE_PARTITIONS", ""));

        assertThat(settings.parallelism()).isEqualTo(1);
        assertThat(settings.partitions()).isEqualTo(12);
    }

    @Test
    void everythingWrong_isToldTogetherAndWithoutSecrets() {
        var settings = JobSettings.of(
                new String[] {"SLUICE_PASWORD=s3cret", "--help", "SLUICE_PARALLELISM=0"},
                Map.of("SLUICE_PARTITIONS", "many"),
                NAMES);
        settings.required("SLUICE_KAFKA_BOOTSTRAP");
        settings.parallelism();
        settings.partitions();

        assertThatThrownBy(settings::throwIfWrong)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown argument SLUICE_PASWORD, NAME=VALUE is expected with one of"
                        + " SLUICE_KAFKA_BOOTSTRAP, SLUICE_PARALLELISM;"
                        + " unknown argument --help, NAME=VALUE is expected with one of"
                        + " SLUICE_KAFKA_BOOTSTRAP, SLUICE_PARALLELISM;"
                        + " SLUICE_KAFKA_BOOTSTRAP is missing;"
                        + " SLUICE_PARALLELISM must be a number from 1 on, is 0;"
                        + " SLUICE_PARTITIONS must be a number from 1 on, is many");
    }

    @Test
    void removedSetting_isAnsweredWithItsSuccessor() {
        var variable = JobSettings.of(Map.of("SLUICE_STORE_PARALLELISM", "4"));
        var argument = JobSettings.of(new String[] {"SLUICE_STORE_PARALLELISM=4"}, Map.of(), NAMES);

        assertThatThrownBy(variable::throwIfWrong)
                .hasMessage("SLUICE_STORE_PARALLELISM is no setting any more: use SLUICE_PARALLELISM");
        assertThatThrownBy(argument::throwIfWrong)
                .hasMessage("SLUICE_STORE_PARALLELISM is no setting any more: use SLUICE_PARALLELISM");
    }
}
