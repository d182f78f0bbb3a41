package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimesTest {
    private static final Instant RECEIVED_AT = Instant.parse("2026-03-02T08:30:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T12:00:00Z,           2026-03-01T12:00:00Z",
        "2026-03-01T21:50:00+02:00,      2026-03-01T19:50:00Z",
        "2026-03-01T12:00:00.123999999Z, 2026-03-01T12:00:00.123Z",
        "1970-01-01T00:00:00Z,           1970-01-01T00:00:00Z",
        "2199-12-31T23:59:59.999Z,       2199-12-31T23:59:59.999Z"
    })
    void readsTimesAsUtcMilliseconds(String text, Instant expected) {
        assertThat(EventTimes.parse(text, "/t")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "+999999999-12-31T23:59:59-18:00"})
    void refusesTimesThatLaterStagesCannotHold(String text) {
        assertThat(rejection(() -> EventTimes.parse(text, "/t")))
                .extracting(Outcome.Malformed::reason, Outcome.Malformed::pointer)
                .containsExactly(Reason.TIME_OUT_OF_RANGE, "/t");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 7_258_118_400L, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesSecondsOutOfRange(long seconds) {
        assertThat(rejection(() -> EventTimes.ofEpochSecond(seconds, "/t")).reason())
                .isEqualTo(Reason.TIME_OUT_OF_RANGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-03-01T12:00:00", "1772366400"})
    void refusesWhatIsNoTimeWithAnOffset(String text) {
        assertThat(rejection(() -> EventTimes.parse(text, "/t")).reason()).isEqualTo(Reason.WRONG_VALUE);
    }

    @Test
    void fiveMinutesAheadIsAClockAndMoreIsTheFuture() {
        Instant limit = RECEIVED_AT.plusSeconds(300);

        assertThat(EventTimes.occurred(limit, RECEIVED_AT, "/t")).isEqualTo(limit);
        assertThat(rejection(() -> EventTimes.occurred(limit.plusMillis(1), RECEIVED_AT, "/t")))
                .extracting(Outcome.Malformed::reason, Outcome.Malformed::pointer)
                .containsExactly(Reason.FUTURE_DATED, "/t");
    }

    private static Outcome.Malformed rejection(ThrowingCallable call) {
        return catchThrowableOfType(Rejection.class, call).outcome();
    }
}
