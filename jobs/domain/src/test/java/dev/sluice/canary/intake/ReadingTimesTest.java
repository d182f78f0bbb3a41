package dev.sluice.canary.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadingTimesTest {
    private static Instant at(long second) {
        return Instant.ofEpochSecond(second);
    }

    private static ReadingTimes readAt(long second) {
        return ReadingTimes.NONE.read(at(second), null);
    }

    @Test
    void aLaterReadingOfTheSameProcessHasIt() {
        assertThat(readAt(10).late(at(9)).missed()).isNull();
        assertThat(readAt(10).late(at(10)).missed()).isNull();
        assertThat(readAt(10).loses(at(9))).isFalse();
    }

    @Test
    void whatNoReadingHasYetIsMissed_untilOneComes() {
        ReadingTimes missed = readAt(10).late(at(20)).late(at(15));

        assertThat(missed.missed()).isEqualTo(at(20));
        assertThat(missed.losesMissed(at(30), null)).isFalse();
        assertThat(missed.read(at(19), null).missed()).isEqualTo(at(20));
        assertThat(missed.read(at(20), null).missed()).isNull();
        assertThat(ReadingTimes.NONE.late(at(1)).missed()).isEqualTo(at(1));
    }

    @Test
    void whatWasMissedBeforeARestartIsLost() {
        ReadingTimes missed = readAt(10).late(at(20));
        var restart = new Restart(at(10), at(30));

        assertThat(missed.losesMissed(at(30), restart)).isTrue();
        assertThat(readAt(10).losesMissed(at(30), restart)).isFalse();
        assertThat(missed.losesMissed(at(19), restart)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"10, false", "11, true", "29, true", "30, false", "35, false"})
    void whatComesAfterARestartWasJudgedIsLost_ifItIsOfBefore(long second, boolean isLost) {
        ReadingTimes readings =
                readAt(10).read(at(30), new Restart(at(10), at(30))).read(at(40), null);

        assertThat(readings.loses(at(second))).isEqualTo(isLost);
    }

    @Test
    void ofSeveralRestartsTheTimeFromTheFirstOneOnIsDoubtful() {
        ReadingTimes readings =
                readAt(10).read(at(30), new Restart(at(10), at(20))).read(at(60), new Restart(at(40), at(50)));

        assertThat(readings.restart()).isEqualTo(new Restart(at(10), at(50)));
    }
}
