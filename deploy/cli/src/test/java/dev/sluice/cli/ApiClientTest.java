package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiClientTest {
    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,4", "4,5", "100,5", "2147483647,5"})
    void pauses_growUpToALimit(int attempts, long seconds) {
        assertThat(ApiClient.pause(Optional.empty(), attempts)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "3,3", "5,5", "600,5", "'Wed, 21 Oct 2026 07:28:00 GMT',1", "-1,1", "9999999,1"})
    void pause_isThatWhichIsAskedFor(String asked, long seconds) {
        assertThat(ApiClient.pause(Optional.of(asked), 1)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
