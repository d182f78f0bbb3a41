package dev.sluice.canaryjob.pull;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTest {
    private final BackOff backOff = new BackOff();

    @Test
    void waitsLongerAfterEachFailure() {
        long now = 1_000_000;
        for (long wait : new long[] {2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000}) {
            assertThat(backOff.reason(now)).isNull();
            backOff.failed(now, "HTTP 503", Duration.ZERO);
            assertThat(backOff.reason(now + wait - 1)).isEqualTo("HTTP 503");
            now += wait;
        }
        assertThat(backOff.reason(now)).isNull();
    }

    @Test
    void anAnswerEndsIt() {
        backOff.failed(0, "HTTP 503", Duration.ZERO);
        backOff.failed(0, "HTTP 503", Duration.ZERO);
        backOff.succeeded();
        assertThat(backOff.reason(0)).isNull();
        backOff.failed(0, "HTTP 500", Duration.ZERO);
        assertThat(backOff.reason(1_999)).isEqualTo("HTTP 500");
        assertThat(backOff.reason(2_000)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "30, 30", "90000, 3600"})
    void waitsAsLongAsTheSourceWants(long wanted, long seconds) {
        backOff.failed(0, "HTTP 429", Duration.ofSeconds(wanted));
        assertThat(backOff.reason(seconds * 1000 - 1)).isEqualTo("HTTP 429");
        assertThat(backOff.reason(seconds * 1000)).isNull();
    }
}
