package dev.sluice.gateapi.report.dora;

import static dev.sluice.gateapi.report.dora.Metric.CHANGE_LEAD_TIME;
import static dev.sluice.gateapi.report.dora.ReportExamples.CHECKOUT;
import static dev.sluice.gateapi.report.dora.ReportExamples.PAYMENTS;
import static dev.sluice.gateapi.report.dora.ReportExamples.leadTime;
import static dev.sluice.gateapi.report.dora.ReportExamples.shift;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dora.ShiftFact;
import dev.sluice.shift.Direction;
import dev.sluice.store.DoraScope;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentencesTest {
    private static final String IN_DAYS = "2026-01-03T10:00:00Z";
    private static final ShiftFact BETTER = shift("change_lead_time", Direction.IMPROVEMENT, IN_DAYS, null);
    private static final ShiftFact WORSE = shift("change_lead_time", Direction.DETERIORATION, IN_DAYS, null);
    private static final ShiftFact LONG_AGO =
            shift("change_lead_time", Direction.IMPROVEMENT, "2025-09-02T23:59:59Z", null);
    private static final ShiftFact WITHDRAWN =
            shift("change_lead_time", Direction.IMPROVEMENT, IN_DAYS, "2026-02-20T00:00:00Z");
    private static final Value NONE = Value.none(CHANGE_LEAD_TIME);

    private static Value hours(double hours) {
        return Value.of(leadTime(hours, 40));
    }

    private static String sentence(DoraScope scope, Value now, Value before, ShiftFact... shifts) {
        return new Sentences(scope, ReportExamples.DAYS.before()).of(CHANGE_LEAD_TIME, now, before, List.of(shifts));
    }

    @Test
    void aFallThatAShiftExplainsIsARealChange() {
        assertThat(sentence(CHECKOUT, hours(10), hours(20), BETTER))
                .isEqualTo("Change lead time fell from 20.0 h to 10.0 h; this is a real change since 3 January 2026.");
    }

    @Test
    void aRiseThatAShiftExplainsIsARealChange() {
        assertThat(sentence(CHECKOUT, hours(20), hours(10), WORSE))
                .isEqualTo("Change lead time rose from 10.0 h to 20.0 h; this is a real change since 3 January 2026.");
    }

    @Test
    void aDifferenceWithoutAShiftMayBeChance() {
        assertThat(sentence(CHECKOUT, hours(20), hours(10)))
                .isEqualTo("Change lead time rose from 10.0 h to 20.0 h; no real change was found: it may be chance.");
    }

    @Test
    void aShiftOfTheOtherDirectionOrOfOlderDaysExplainsNothing_andIsToldApart() {
        for (ShiftFact shift : List.of(WORSE, LONG_AGO)) {
            assertThat(sentence(CHECKOUT, hours(10), hours(20), shift))
                    .startsWith(
                            "Change lead time fell from 20.0 h to 10.0 h. A real change was found: Change lead time of"
                                    + " checkout in production has ")
                    .endsWith(", from 2.0 h to 60 min (found on 1 February 2026).");
        }
    }

    @Test
    void aWithdrawnShiftIsNoRealChange_andIsToldOf() {
        assertThat(sentence(CHECKOUT, hours(10), hours(20), WITHDRAWN))
                .isEqualTo("Change lead time fell from 20.0 h to 10.0 h; no real change was found: it may be chance. A"
                        + " change that was reported on 3 February 2026 is withdrawn: after a correction the values no"
                        + " longer show it.");
        assertThat(Sentences.of(WITHDRAWN))
                .isEqualTo("Change lead time of checkout in production was reported to have improved since 3 January"
                        + " 2026, from 2.0 h to 60 min; withdrawn on 20 February 2026, because after a correction the"
                        + " values no longer show it.");
    }

    @Test
    void whatIsWrittenAlikeHasNotChanged() {
        assertThat(sentence(CHECKOUT, hours(10), hours(10.01))).isEqualTo("Change lead time stayed at 10.0 h.");
    }

    @Test
    void noDataHasItsReason_andWhatWasBefore() {
        assertThat(sentence(CHECKOUT, NONE, NONE))
                .isEqualTo("Change lead time: no data, because no change was deployed.");
        assertThat(sentence(CHECKOUT, NONE, hours(10)))
                .isEqualTo(
                        "Change lead time: no data, because no change was deployed; it was 10.0 h in the 90 days before.");
        assertThat(sentence(CHECKOUT, hours(10), NONE))
                .isEqualTo("Change lead time is 10.0 h; there is nothing to compare it with in the 90 days before.");
    }

    @Test
    void tooFewValuesAreSaidToBeSo() {
        assertThat(sentence(CHECKOUT, Value.of(leadTime(10, 4)), hours(20)))
                .isEqualTo(
                        "Change lead time fell from 20.0 h to 10.0 h (n = 4, before 40: too few to tell much); no real"
                                + " change was found: it may be chance.");
        assertThat(sentence(CHECKOUT, Value.of(leadTime(10, 4)), NONE))
                .startsWith("Change lead time is 10.0 h (n = 4: too few to tell much);");
        assertThat(sentence(CHECKOUT, Value.of(leadTime(10, 5)), hours(20))).doesNotContain("too few");
    }

    @Test
    void ofATeamTheIntervalsAreTold_andNothingIsCalledReal() {
        assertThat(sentence(PAYMENTS, hours(10), hours(20), BETTER))
                .isEqualTo(
                        "Change lead time fell from 20.0 h to 10.0 h; the 95 % intervals are 10.0 h to 1.7 days before"
                                + " and 5.0 h to 20.0 h now. Real changes are looked for in services only.");
    }

    @Test
    void moreIsBetterOfAFrequencyAndASuccessRateOnly() {
        for (Metric metric : Metric.values()) {
            boolean moreIsBetter = metric == Metric.DEPLOYMENT_FREQUENCY || metric == Metric.DEPLOYMENT_SUCCESS_RATE;
            assertThat(metric.directionOf(Metric.Change.ROSE))
                    .isEqualTo(moreIsBetter ? Direction.IMPROVEMENT : Direction.DETERIORATION);
            assertThat(metric.directionOf(Metric.Change.FELL))
                    .isEqualTo(moreIsBetter ? Direction.DETERIORATION : Direction.IMPROVEMENT);
        }
    }
}
