package dev.sluice.shift;

import static dev.sluice.shift.ShiftFixture.daily;
import static dev.sluice.shift.ShiftFixture.day;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShiftLogTest {
    private static final Instant NOW = day(500);
    private static final Instant LATER = day(501);
    private static final Instant LATEST = day(502);

    @Test
    void aShiftIsReportedOnce() {
        Shift shift = shift(100, 120);

        ShiftLog.Update first = ShiftLog.empty().update(List.of(shift), NOW);
        ShiftLog.Update second = first.log().update(List.of(shift), LATER);

        assertThat(first.reported()).containsExactly(new ReportedShift(shift, NOW, null, null));
        assertThat(first.isEmpty()).isFalse();
        assertThat(second.isEmpty()).isTrue();
        assertThat(second.log()).isEqualTo(first.log());
    }

    @Test
    void oneWithOtherNumbersIsRevised() {
        ShiftLog log = ShiftLog.empty().update(List.of(shift(100, 120)), NOW).log();

        ShiftLog.Update update = log.update(List.of(shift(100, 122)), LATER);

        assertThat(update.revised()).containsExactly(new ReportedShift(shift(100, 122), NOW, null, null));
        assertThat(update.reported()).isEmpty();
        assertThat(update.withdrawn()).isEmpty();
        assertThat(update.log().standing()).containsExactly(shift(100, 122));
    }

    @Test
    void oneThatIsGoneIsWithdrawnAndStaysVisible() {
        ShiftLog log = ShiftLog.empty().update(List.of(shift(100, 120)), NOW).log();

        ShiftLog.Update update = log.update(List.of(), LATER);

        var withdrawn = new ReportedShift(shift(100, 120), NOW, LATER, null);
        assertThat(update.withdrawn()).containsExactly(withdrawn);
        assertThat(update.log().entries()).containsExactly(withdrawn);
        assertThat(update.log().standing()).isEmpty();
        assertThat(update.log().update(List.of(), LATEST).isEmpty()).isTrue();
    }

    @Test
    void oneThatBeganOnAnotherDaySaysWhereItWent() {
        ShiftLog log = ShiftLog.empty().update(List.of(shift(100, 120)), NOW).log();

        ShiftLog.Update update = log.update(List.of(shift(103, 121)), LATER);

        assertThat(update.withdrawn()).containsExactly(new ReportedShift(shift(100, 120), NOW, LATER, day(103)));
        assertThat(update.reported()).containsExactly(new ReportedShift(shift(103, 121), LATER, null, null));
    }

    @Test
    void anotherShiftDoesNotTakeThePlaceOfOneThatIsGone() {
        ShiftLog log = ShiftLog.empty().update(List.of(shift(100, 120)), NOW).log();

        ShiftLog.Update update = log.update(List.of(shift(121, 140)), LATER);

        assertThat(update.withdrawn()).containsExactly(new ReportedShift(shift(100, 120), NOW, LATER, null));
    }

    @Test
    void oneThatComesBackStandsAgain() {
        Shift shift = shift(100, 120);
        ShiftLog log = ShiftLog.empty()
                .update(List.of(shift), NOW)
                .log()
                .update(List.of(), LATER)
                .log();

        ShiftLog.Update update = log.update(List.of(shift), LATEST);

        assertThat(update.reported()).containsExactly(new ReportedShift(shift, NOW, null, null));
        assertThat(update.log().entries()).hasSize(1);
    }

    @Test
    void theOldestWithdrawnOnesAreForgotten() {
        ShiftLog log = ShiftLog.empty();
        for (int i = 0; i < ShiftLog.MOST_WITHDRAWN + 5; i++) {
            log = log.update(List.of(shift(10 * i, 10 * i + 5)), day(1000 + i)).log();
        }
        assertThat(log.entries()).hasSize(ShiftLog.MOST_WITHDRAWN + 1);
        assertThat(log.entries().get(0).shift()).isEqualTo(shift(40, 45));
        assertThat(log.standing()).hasSize(1);
    }

    @Test
    void onlyWhatIsWithdrawnCanHaveMoved() {
        assertThatThrownBy(() -> new ReportedShift(shift(1, 2), NOW, null, NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCorrectionWithdrawsWhatItsDataNoLongerShow() {
        // a fail rate of 10 %, then of 50 %: until every second failure turns out to have been somebody else's
        List<MetricValue> values = daily(200, day -> day < 100 ? (day % 10 == 0 ? 1 : 0) : (day % 2 == 0 ? 1 : 0));
        var detector = new ShiftDetector(ShiftMetric.CHANGE_FAIL_RATE, ShiftDetector.DEFAULT_THRESHOLD);
        ShiftLog log = ShiftLog.empty()
                .update(detector.shifts(MetricValues.of(values)), NOW)
                .log();
        assertThat(log.standing()).hasSize(1);
        var corrected = new ArrayList<>(values);
        for (int day = 100; day < 200; day++) {
            corrected.set(day, MetricValue.at(day(day), day % 10 == 0 ? 1 : 0));
        }

        ShiftLog.Update withdrawal = log.update(detector.shifts(MetricValues.of(corrected)), LATER);
        ShiftLog.Update return_ = withdrawal.log().update(detector.shifts(MetricValues.of(values)), LATEST);

        assertThat(withdrawal.withdrawn()).extracting(ReportedShift::shift).isEqualTo(log.standing());
        assertThat(withdrawal.log().standing()).isEmpty();
        assertThat(return_.log().standing()).isEqualTo(log.standing());
    }

    private static Shift shift(int began, int detected) {
        return new Shift(
                ShiftMetric.CHANGE_FAIL_RATE,
                Direction.DETERIORATION,
                day(began),
                day(detected),
                new Level(90, 0.1, null),
                new Level(detected - began, 0.5, null),
                6);
    }
}
