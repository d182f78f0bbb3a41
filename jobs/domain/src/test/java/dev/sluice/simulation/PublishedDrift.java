package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.DriftEpisodeFact;
import dev.sluice.dora.LedgerRows;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a reader that keeps the latest row of each key has seen of the drift in a place. */
final class PublishedDrift {
    private final ZoneId zone;
    private final Map<String, PeriodRow> periods = new TreeMap<>();
    private final Map<String, DriftEpisodeFact> episodes = new TreeMap<>();
    private @Nullable DoraRow windows;
    private @Nullable CurrentRow current;

    PublishedDrift(ZoneId zone) {
        this.zone = zone;
    }

    void add(LedgerRows rows) {
        windows = rows.dora() == null ? windows : rows.dora();
        current = rows.current() == null ? current : rows.current();
        rows.periods().forEach(row -> periods.put(row.period() + " " + row.label(), row));
        rows.driftEpisodes().forEach(fact -> episodes.put(fact.resource() + " " + fact.openedAt(), fact));
    }

    void assertAgrees(String where, BatchOracle.Place place, DriftOracle oracle) {
        assertThat(episodes.values().stream()
                        .filter(fact -> !fact.deleted())
                        .map(OracleComparison::line)
                        .sorted()
                        .toList())
                .as(where)
                .isEqualTo(oracle.lines(place));
        CurrentRow now = Objects.requireNonNull(current, where);
        assertThat(now.drifted()).as(where).isEqualTo(oracle.drifted(place));
        assertThat(now.lastDriftCheckAt()).as(where).isEqualTo(oracle.lastCheckAt(place));
        for (DoraRow.WindowMetrics window :
                Objects.requireNonNull(windows, where).windows()) {
            OracleComparison.assertSame(
                    where + " " + window.days() + " d",
                    window.metrics().configurationDrift(),
                    oracle.numbers(place, window.from(), window.to().plusDays(1), zone));
        }
        periods.forEach((label, row) -> {
            DriftOracle.Numbers expected = oracle.numbers(place, row.start(), row.end(), zone);
            OracleComparison.assertSame(where + " " + label, row.metrics().configurationDrift(), expected);
            assertThat(row.deleted() && !expected.isEmpty())
                    .as("%s %s is deleted", where, label)
                    .isFalse();
        });
        for (LocalDate day : oracle.days(place, zone)) {
            for (PeriodKind kind : PeriodKind.values()) {
                assertThat(periods).as(where).containsKey(kind + " " + kind.label(kind.startOf(day)));
            }
        }
    }
}
