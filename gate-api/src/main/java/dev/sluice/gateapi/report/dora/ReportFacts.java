package dev.sluice.gateapi.report.dora;

import dev.sluice.dora.ShiftFact;
import dev.sluice.store.Excluded;
import dev.sluice.store.RangeMetric;
import dev.sluice.store.ReportReader.Member;
import dev.sluice.store.StoredWindow;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the store knows of what is asked for.
 *
 * @param members the services that belonged to the scope in the days
 * @param began the first day of each service of which anything is known, as far as it belonged to the scope
 * @param now the metrics of the days; none of all services together
 * @param before the metrics of as many days before
 * @param trend the metrics by week or month; one that nothing happened in is not there
 * @param services the metrics of each service in the days, where they were added up from the facts
 * @param windows the rolling windows that are the same days, where there are such; only those of members are kept
 * @param shifts the shifts that were found in the days or those before, the withdrawn ones too; only those of members are
 *     kept
 * @param excluded what is in no metric
 * @param storedThrough everything that was received before is stored; empty before the first report
 */
record ReportFacts(
        List<Member> members,
        Map<String, LocalDate> began,
        List<RangeMetric> now,
        List<RangeMetric> before,
        List<RangeMetric> trend,
        List<RangeMetric> services,
        List<StoredWindow> windows,
        List<ShiftFact> shifts,
        List<Excluded> excluded,
        Optional<Instant> storedThrough) {
    ReportFacts {
        began = Map.copyOf(began);
        Set<Member> known = Set.copyOf(members);
        windows = windows.stream()
                .filter(window -> known.contains(new Member(window.service(), window.environment())))
                .toList();
        shifts = shifts.stream()
                .filter(shift -> known.contains(new Member(shift.service(), shift.environment())))
                .toList();
    }
}
