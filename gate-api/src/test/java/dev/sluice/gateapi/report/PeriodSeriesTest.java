package dev.sluice.gateapi.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.gateapi.http.ApiException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeriodSeriesTest {
    private static final LocalDate TODAY = LocalDate.of(2024, 8, 15);

    private static PeriodRow quarter(int year, int month, boolean provisional) {
        LocalDate start = LocalDate.of(year, month, 1);
        return new PeriodRow(
                "default",
                "checkout",
                "production",
                "UTC",
                PeriodKind.QUARTER,
                PeriodKind.QUARTER.label(start),
                start,
                PeriodKind.QUARTER.endOf(start),
                provisional,
                DeliveryMetrics.empty()
                        .with(new DeliveryMetrics.DeploymentFrequency(7, 0.1, null, 7, 0, null, null, 7, 0, 0, 0))
                        .with(DeliveryMetrics.empty().changeLeadTime())
                        .with(DeliveryMetrics.empty().deploymentSuccessRate()),
                false,
                Instant.EPOCH);
    }

    @Test
    void fillsTheGapsBetweenPeriodsWithData() {
        var series = PeriodSeries.of(
                PeriodKind.QUARTER, List.of(quarter(2023, 10, false), quarter(2024, 7, true)), null, null, TODAY);

        assertThat(series)
                .extracting(PeriodSeries.Period::label)
                .containsExactly("2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3");
        assertThat(series).extracting(PeriodSeries.Period::provisional).containsExactly(false, false, false, true);
        assertThat(series)
                .extracting(period -> period.metrics().deploymentFrequency().count())
                .containsExactly(7, 0, 0, 7);
    }

    @Test
    void reachesFromTheFirstToTheLastDayOfInterest() {
        var series = PeriodSeries.of(
                PeriodKind.MONTH, List.of(), LocalDate.of(2024, 6, 30), LocalDate.of(2024, 8, 1), TODAY);

        assertThat(series).extracting(PeriodSeries.Period::label).containsExactly("2024-06", "2024-07", "2024-08");
        assertThat(series).extracting(PeriodSeries.Period::provisional).containsExactly(false, false, true);
    }

    @Test
    void isEmptyWithoutDataAndRange() {
        assertThat(PeriodSeries.of(PeriodKind.WEEK, List.of(), null, null, TODAY))
                .isEmpty();
        assertThat(PeriodSeries.of(PeriodKind.WEEK, List.of(), TODAY, null, TODAY))
                .isEmpty();
    }

    @Test
    void refusesARangeThatNobodyReads() {
        assertThatThrownBy(() -> PeriodSeries.of(
                        PeriodKind.WEEK, List.of(), LocalDate.of(1970, 1, 1), LocalDate.of(9999, 1, 1), TODAY))
                .isInstanceOf(ApiException.class)
                .hasMessage("more than 1000 periods; ask for fewer");
    }
}
