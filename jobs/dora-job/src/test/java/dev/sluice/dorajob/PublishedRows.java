package dev.sluice.dorajob;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DeploymentFact;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.DriftEpisodeFact;
import dev.sluice.dora.IncidentFact;
import dev.sluice.dora.LedgerRows;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.dora.PullRequestFact;
import dev.sluice.simulation.BatchOracle;
import dev.sluice.simulation.DriftOracle;
import dev.sluice.simulation.History;
import dev.sluice.simulation.OracleComparison;
import dev.sluice.simulation.PullRequestChecks;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a reader of the job's topics knows: the latest row of each key. */
final class PublishedRows {
    /** A history has many more; none would be like any. */
    private static final int LEAST_ROWS = 100;

    private final NavigableMap<String, byte[]> rows;

    /**
     * Creates it.
     *
     * @param rows by topic, space, key; not copied
     */
    PublishedRows(NavigableMap<String, byte[]> rows) {
        this.rows = rows;
    }

    /** Returns the keys, each behind its topic. */
    Collection<String> keys() {
        return rows.keySet();
    }

    /** Returns the windows of a place. */
    DoraRow dora(String tenant, BatchOracle.Place place) {
        return row(Topic.DORA, Keys.of(tenant, place.service(), place.environment()), DoraRow.class);
    }

    /** Asserts that the rows of a history's tenant are what the oracles say of it. */
    void assertAgreeWithTheOracle(History history, Instant asOf) {
        var oracle = new BatchOracle(history.events(), asOf);
        for (BatchOracle.Place place : oracle.places()) {
            assertDeliveriesAgree(history.tenant(), place, oracle);
            assertWindowsAgree(history, asOf, place, oracle);
        }
        var drift = new DriftOracle(history.events());
        for (BatchOracle.Place place : drift.places()) {
            assertDriftAgrees(history.tenant(), place, drift);
        }
    }

    private void assertWindowsAgree(History history, Instant asOf, BatchOracle.Place place, BatchOracle oracle) {
        String where = where(history.tenant(), place);
        DoraRow row = dora(history.tenant(), place);
        boolean old = row.asOfDay().isBefore(LocalDate.ofInstant(asOf, ZoneOffset.UTC));
        // a row whose windows are empty stays as it is while the days go by
        BatchOracle then = old ? new BatchOracle(history.events(), row.computedAt()) : oracle;
        for (DoraRow.WindowMetrics window : row.windows()) {
            OracleComparison.assertSame(where, window.metrics(), then.window(place, window.days()));
            if (old) {
                assertThat(oracle.window(place, window.days()).isEmpty())
                        .as(where)
                        .isTrue();
            }
        }
    }

    private void assertDeliveriesAgree(String tenant, BatchOracle.Place place, BatchOracle oracle) {
        String where = where(tenant, place);
        oracle.periods(place).forEach((label, numbers) -> {
            int space = label.indexOf(' ');
            String kind = label.substring(0, space).toLowerCase(Locale.ROOT);
            PeriodRow period = period(tenant, place, kind, label.substring(space + 1));
            OracleComparison.assertSame(where + " " + label, period.metrics(), numbers);
        });
        assertThat(lines(
                        facts("deployment", tenant, place, DeploymentFact.class),
                        fact -> !fact.deleted(),
                        OracleComparison::line))
                .as(where)
                .isEqualTo(oracle.lines(place));
        assertThat(lines(
                        facts("incident", tenant, place, IncidentFact.class),
                        fact -> !fact.deleted(),
                        OracleComparison::line))
                .as(where)
                .isEqualTo(oracle.incidentLines(place));
        assertThat(lines(
                        facts("pull_request", tenant, place, PullRequestFact.class),
                        fact -> !fact.deleted(),
                        PullRequestChecks::line))
                .as(where)
                .isEqualTo(oracle.pullRequests().lines(place));
    }

    private void assertDriftAgrees(String tenant, BatchOracle.Place place, DriftOracle oracle) {
        String where = where(tenant, place);
        for (DoraRow.WindowMetrics window : dora(tenant, place).windows()) {
            OracleComparison.assertSame(
                    where + " " + window.days() + " d",
                    window.metrics().configurationDrift(),
                    oracle.numbers(place, window.from(), window.to().plusDays(1), ZoneOffset.UTC));
        }
        for (LocalDate day : oracle.days(place, ZoneOffset.UTC)) {
            for (PeriodKind kind : PeriodKind.values()) {
                LocalDate start = kind.startOf(day);
                PeriodRow period = period(tenant, place, kind.wireName(), kind.label(start));
                OracleComparison.assertSame(
                        where + " " + kind.label(start),
                        period.metrics().configurationDrift(),
                        oracle.numbers(place, start, kind.endOf(start), ZoneOffset.UTC));
            }
        }
        CurrentRow current =
                row(Topic.CURRENT, Keys.of(tenant, place.service(), place.environment()), CurrentRow.class);
        assertThat(current.drifted()).as(where).isEqualTo(oracle.drifted(place));
        assertThat(current.lastDriftCheckAt()).as(where).isEqualTo(oracle.lastCheckAt(place));
        assertThat(lines(
                        facts("drift", tenant, place, DriftEpisodeFact.class),
                        fact -> !fact.deleted(),
                        OracleComparison::line))
                .as(where)
                .isEqualTo(oracle.lines(place));
    }

    /**
     * Asserts that the rows are the very ones that the stages emit in memory, but for when they were computed. The
     * windows are left out: they are those of the day on which they were published.
     */
    void assertAreThoseOf(Map<BatchOracle.Place, LedgerRows> pipeline, String where) {
        Set<String> emitted = pipeline.values().stream()
                .flatMap(PublishedRows::all)
                .map(Json::bytes)
                .flatMap(PublishedRows::content)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> published = rows.entrySet().stream()
                .filter(row -> !row.getKey().startsWith(Topic.DORA.topicName()))
                .flatMap(row -> content(row.getValue()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(published).as(where).hasSizeGreaterThan(LEAST_ROWS);
        assertThat(beside(published, emitted)).as("published only, %s", where).isEmpty();
        assertThat(beside(emitted, published))
                .as("emitted in memory only, %s", where)
                .isEmpty();
    }

    private static Set<String> beside(Set<String> all, Set<String> others) {
        var beside = new TreeSet<>(all);
        beside.removeAll(others);
        return beside;
    }

    private static Stream<Object> all(LedgerRows rows) {
        return Stream.of(
                        Stream.ofNullable(rows.current()),
                        rows.periods().stream(),
                        rows.deployments().stream(),
                        rows.changes().stream(),
                        rows.pullRequests().stream(),
                        rows.incidents().stream(),
                        rows.driftEpisodes().stream(),
                        rows.shifts().stream())
                .flatMap(Function.identity());
    }

    /**
     * What a row says; nothing if it is deleted, or a report that was withdrawn: who was told at the end only never heard
     * of that.
     */
    private static Stream<String> content(byte[] row) {
        ObjectNode json = Json.read(row, ObjectNode.class);
        boolean gone =
                json.path("deleted").asBoolean() || json.path("withdrawn").asBoolean();
        return gone
                ? Stream.empty()
                : Stream.of(json.without(List.of("computed_at", "reported_at")).toString());
    }

    /** Returns a period of a place. */
    PeriodRow period(String tenant, BatchOracle.Place place, String kind, String label) {
        String key = Keys.of(tenant, place.service(), place.environment()) + "/" + Keys.of(kind, label);
        return row(Topic.PERIODS, key, PeriodRow.class);
    }

    private <T> T row(Topic topic, String key, Class<T> type) {
        String name = topic.topicName() + " " + key;
        return Json.read(Objects.requireNonNull(rows.get(name), name), type);
    }

    private <T> Stream<T> facts(String kind, String tenant, BatchOracle.Place place, Class<T> type) {
        String keys = Topic.FACTS.topicName() + " " + Keys.of(tenant, kind, place.service(), place.environment()) + "/";
        return rows.subMap(keys, keys + Character.MAX_VALUE).values().stream().map(fact -> Json.read(fact, type));
    }

    private static <T> List<String> lines(Stream<T> facts, Predicate<T> there, Function<T, String> line) {
        return facts.filter(there).map(line).sorted().toList();
    }

    private static String where(String tenant, BatchOracle.Place place) {
        return "seed in the tenant's name: " + Keys.of(tenant, place.service(), place.environment());
    }
}
