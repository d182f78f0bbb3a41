package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandaloneConfigTest {
    @Test
    void defaults() {
        StandaloneConfig config = StandaloneConfig.of(List.of(), Map.of());

        assertThat(config.data()).isEqualTo(Path.of(".data").toAbsolutePath());
        assertThat(config.httpPort()).isEqualTo(8080);
    }

    @Test
    void everyOption() {
        StandaloneConfig config =
                StandaloneConfig.of(List.of("--data", "here", "--port=0"), Map.of("SLUICE_HTTP_PORT", "9000"));

        assertThat(config.data()).isEqualTo(Path.of("here").toAbsolutePath());
        assertThat(config.httpPort()).isZero();
    }

    @Test
    void rebuild_isOnlyOfWhatIsOurs() {
        assertThat(StandaloneConfig.of(List.of("--rebuild", "--data", "here"), Map.of())
                        .rebuild())
                .isTrue();
        assertThat(StandaloneConfig.of(List.of(), Map.of()).rebuild()).isFalse();
        assertThatThrownBy(() ->
                        StandaloneConfig.of(List.of("--rebuild"), Map.of("SLUICE_KAFKA_BOOTSTRAP", "127.0.0.1:9092")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SLUICE_KAFKA_BOOTSTRAP");
    }

    @Test
    void acceptedLoss_isOfARebuild() {
        assertThat(StandaloneConfig.of(List.of("--rebuild", "--accept-loss"), Map.of())
                        .acceptLoss())
                .isTrue();
        assertThat(StandaloneConfig.of(List.of("--rebuild"), Map.of()).acceptLoss())
                .isFalse();
        assertThatThrownBy(() -> StandaloneConfig.of(List.of("--accept-loss"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--accept-loss is an option of a rebuild");
    }

    @Test
    void lastOfARepeatedOption_wins() {
        assertThat(StandaloneConfig.of(List.of("--data", "a", "--data=b"), Map.of())
                        .data())
                .isEqualTo(Path.of("b").toAbsolutePath());
    }

    @Test
    void checkpointInterval_isThatOfTheEnvironment() {
        assertThat(StandaloneConfig.of(List.of(), Map.of()).checkpointInterval())
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(StandaloneConfig.of(List.of(), Map.of("SLUICE_CHECKPOINT_SECONDS", "5"))
                        .checkpointInterval())
                .isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "3601", "often", "-1"})
    void wrongCheckpointInterval_isRefused(String seconds) {
        assertThatThrownBy(() -> StandaloneConfig.of(List.of(), Map.of("SLUICE_CHECKPOINT_SECONDS", seconds)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SLUICE_CHECKPOINT_SECONDS must be a whole number from 1 to 3600, is " + seconds);
    }

    @Test
    void zone_isThatOfTheEnvironment() {
        assertThat(StandaloneConfig.of(List.of(), Map.of()).zone()).isEqualTo(ZoneId.of("UTC"));
        assertThat(StandaloneConfig.of(List.of(), Map.of("SLUICE_ZONE", "Europe/Berlin"))
                        .zone())
                .isEqualTo(ZoneId.of("Europe/Berlin"));
    }

    @Test
    void wrongZone_isRefused() {
        assertThatThrownBy(() -> StandaloneConfig.of(List.of(), Map.of("SLUICE_ZONE", "Middle/Earth")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SLUICE_ZONE: Unknown time-zone ID: Middle/Earth");
    }

    @Test
    void removedSetting_isRefused() {
        assertThatThrownBy(() -> StandaloneConfig.of(List.of(), Map.of("SLUICE_STORE_PARALLELISM", "2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SLUICE_STORE_PARALLELISM is no setting any more: use SLUICE_PARALLELISM");
    }

    @Test
    void portOfTheEnvironment_isTheDefault() {
        assertThat(StandaloneConfig.of(List.of(), Map.of("SLUICE_HTTP_PORT", "9000"))
                        .httpPort())
                .isEqualTo(9000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port", "--port=", "--port=x", "--port=-1", "--port=65536", "--verbose", "up"})
    void wrongOption_isRefused(String argument) {
        assertThatThrownBy(() -> StandaloneConfig.of(List.of(argument), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
