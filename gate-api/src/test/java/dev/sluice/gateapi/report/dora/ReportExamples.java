package dev.sluice.gateapi.report.dora;

import dev.sluice.dora.ShiftFact;
import dev.sluice.shift.Direction;
import dev.sluice.store.DoraScope;
import dev.sluice.store.RangeMetric;
import dev.sluice.store.ReportReader.Member;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Facts of reports, as a reader returns them. */
final class ReportExamples {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Days DAYS = new Days(LocalDate.parse("2025-12-02"), LocalDate.parse("2026-03-01"));
    static final DoraScope CHECKOUT = new DoraScope("default", DoraScope.Kind.SERVICE, "checkout", "PRODUCTION");
    static final DoraScope PAYMENTS = new DoraScope("default", DoraScope.Kind.TEAM, "payments", "PRODUCTION");
    static final DoraScope ALL = new DoraScope("default", DoraScope.Kind.ALL, "", "PRODUCTION");
    private static final double HOUR = 3.6e6;
    private static final long FEW = 5;

    private ReportExamples() {}

    static ReportQuery query(DoraScope scope) {
        return new ReportQuery(scope, DAYS, NOW);
    }

    /** The change lead time, with an interval of half to twice of it. */
    static RangeMetric leadTime(double hours, long n) {
        double ms = hours * HOUR;
        return new RangeMetric("", "change_lead_time", DAYS.from(), n, ms, ms / 2, ms * 2, ms * 3, n < FEW);
    }

    static RangeMetric metric(String service, String metric, String start, long n, double value) {
        return new RangeMetric(service, metric, LocalDate.parse(start), n, value, null, null, null, n < FEW);
    }

    static ShiftFact shift(String metric, Direction direction, String began, @Nullable String withdrawn) {
        return new ShiftFact(
                "default",
                "checkout",
                "production",
                metric,
                direction,
                Instant.parse(began),
                Instant.parse("2026-02-01T10:00:00Z"),
                Instant.parse("2026-02-03T00:00:00Z"),
                90,
                2 * HOUR,
                null,
                null,
                24,
                HOUR,
                null,
                null,
                5.5,
                withdrawn != null,
                withdrawn == null ? null : Instant.parse(withdrawn),
                null,
                false,
                NOW);
    }

    /** Facts of a service that was there long before. */
    static ReportFacts facts(
            List<RangeMetric> now, List<RangeMetric> before, List<RangeMetric> trend, List<ShiftFact> shifts) {
        return facts("2020-01-01", now, before, trend, shifts);
    }

    static ReportFacts facts(
            String began,
            List<RangeMetric> now,
            List<RangeMetric> before,
            List<RangeMetric> trend,
            List<ShiftFact> shifts) {
        return new ReportFacts(
                List.of(new Member("checkout", "production")),
                Map.of("checkout", LocalDate.parse(began)),
                now,
                before,
                trend,
                List.of(),
                List.of(),
                shifts,
                List.of(),
                Optional.of(NOW.minusSeconds(2)));
    }
}
