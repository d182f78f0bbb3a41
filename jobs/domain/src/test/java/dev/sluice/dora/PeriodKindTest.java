package dev.sluice.dora;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Alone, since it changes the locale of all. */
@Isolated
class PeriodKindTest {
    @ParameterizedTest
    @CsvSource({
        "WEEK, 2024-02-15, 2024-02-12, 2024-02-19, 2024-W07",
        "WEEK, 2024-12-29, 2024-12-23, 2024-12-30, 2024-W52",
        "WEEK, 2024-12-30, 2024-12-30, 2025-01-06, 2025-W01",
        "WEEK, 2025-01-05, 2024-12-30, 2025-01-06, 2025-W01",
        "WEEK, 2021-01-03, 2020-12-28, 2021-01-04, 2020-W53",
        "WEEK, 2021-01-04, 2021-01-04, 2021-01-11, 2021-W01",
        "MONTH, 2024-02-29, 2024-02-01, 2024-03-01, 2024-02",
        "MONTH, 2025-12-31, 2025-12-01, 2026-01-01, 2025-12",
        "QUARTER, 2024-01-01, 2024-01-01, 2024-04-01, 2024-Q1",
        "QUARTER, 2024-03-31, 2024-01-01, 2024-04-01, 2024-Q1",
        "QUARTER, 2024-11-15, 2024-10-01, 2025-01-01, 2024-Q4",
    })
    void holdsADay(PeriodKind kind, LocalDate day, LocalDate start, LocalDate end, String label) {
        assertThat(kind.startOf(day)).isEqualTo(start);
        assertThat(kind.endOf(start)).isEqualTo(end);
        assertThat(kind.label(start)).isEqualTo(label);
    }

    @ParameterizedTest
    @EnumSource(PeriodKind.class)
    void followsWithoutGapsUnderDifferentNames(PeriodKind kind) {
        var labels = new HashSet<String>();
        LocalDate start = kind.startOf(LocalDate.of(2015, 6, 15));
        while (start.getYear() < 2031) {
            LocalDate end = kind.endOf(start);
            assertThat(kind.startOf(start)).isEqualTo(start);
            assertThat(kind.startOf(end.minusDays(1))).isEqualTo(start);
            assertThat(kind.startOf(end)).isEqualTo(end);
            assertThat(labels.add(kind.label(start))).as("label of %s", start).isTrue();
            start = end;
        }
    }

    @Test
    void isSpelledAlikeInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR-u-nu-arab"));
            assertThat(PeriodKind.WEEK.label(LocalDate.of(2024, 2, 12))).isEqualTo("2024-W07");
            assertThat(PeriodKind.values())
                    .extracting(PeriodKind::wireName)
                    .containsExactly("week", "month", "quarter");
        } finally {
            Locale.setDefault(before);
        }
    }
}
