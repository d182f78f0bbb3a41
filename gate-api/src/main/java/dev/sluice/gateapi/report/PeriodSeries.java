package dev.sluice.gateapi.report;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calendar periods one after the other, without gaps: a period in which nothing happened is one of zeros. */
final class PeriodSeries {
    private static final int MAX_PERIODS = 1_000;

    private PeriodSeries() {}

    /**
     * Returns the periods from the first to the last.
     *
     * @param kind weeks, months or quarters
     * @param rows the periods that have data, by time
     * @param from first day of interest; null for the first period with data
     * @param to last day of interest; null for the last period with data
     * @param today the current day in the service's zone: a period that has not ended is provisional
     * @throws ApiException if there are too many
     */
    static List<Period> of(
            PeriodKind kind, List<PeriodRow> rows, @Nullable LocalDate from, @Nullable LocalDate to, LocalDate today) {
        if (rows.isEmpty() && (from == null || to == null)) {
            return List.of();
        }
        Map<LocalDate, PeriodRow> byStart = new HashMap<>();
        rows.forEach(row -> byStart.put(row.start(), row));
        LocalDate start = from == null ? rows.get(0).start() : kind.startOf(from);
        LocalDate last = to == null ? rows.get(rows.size() - 1).start() : kind.startOf(to);
        var series = new ArrayList<Period>();
        while (!start.isAfter(last)) {
            if (series.size() == MAX_PERIODS) {
                throw new ApiException(ErrorType.BAD_REQUEST, "more than " + MAX_PERIODS + " periods; ask for fewer");
            }
            LocalDate end = kind.endOf(start);
            PeriodRow row = byStart.get(start);
            series.add(new Period(
                    kind.label(start),
                    start,
                    end,
                    row == null ? end.isAfter(today) : row.provisional(),
                    row == null ? DeliveryMetrics.empty() : row.metrics()));
            start = end;
        }
        return series;
    }

    /**
     * A period.
     *
     * @param label e.g. {@code 2024-Q1}
     * @param start first day
     * @param end the day after the last
     * @param provisional whether it has not ended
     * @param metrics what it amounts to
     */
    record Period(String label, LocalDate start, LocalDate end, boolean provisional, DeliveryMetrics metrics) {}
}
