package dev.sluice.gateapi.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
    @Test
    void isSoonAtFirst() {
        assertThat(IntStream.rangeClosed(1, 8).mapToObj(attempts -> RetrySchedule.pause(attempts, Optional.empty())))
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 5L, 10L, 30L, 60L, 60L, 60L);
    }

    @Test
    void waitsForAsLongAsItIsAskedTo() {
        assertThat(RetrySchedule.pause(1, Optional.of(Duration.ofSeconds(20)))).isEqualTo(Duration.ofSeconds(20));
        assertThat(RetrySchedule.pause(5, Optional.of(Duration.ofSeconds(20)))).isEqualTo(Duration.ofSeconds(30));
    }
}
