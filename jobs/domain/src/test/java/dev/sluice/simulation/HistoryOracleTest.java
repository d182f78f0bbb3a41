package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.dora.DeploymentFact;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.IncidentFact;
import dev.sluice.dora.LedgerRows;
import dev.sluice.dora.PeriodRow;
import dev.sluice.dora.PullRequestFact;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generated histories, delivered in any order, amount to what the definitions say. */
class HistoryOracleTest {
    private static final List<String> KINDS = List.of(
            " = ",
            " SEED",
            " NO_COMMITS",
            " CLOCK_SKEW [",
            " CHERRY_PICK",
            "[SQUASHED",
            "[CLOCK_SKEW",
            "[DEPLOYED_BEFORE_MERGE]",
            "CLOCK_SKEW, DEPLOYED_BEFORE_MERGE");

    /** The events of a long history, a year or two. */
    private static final int LONG = 2000;

    /** The zones of services, one for each history: with and without daylight saving time, and not of whole hours. */
    private static final List<ZoneId> ZONES = Stream.of(
                    "UTC",
                    "Europe/Berlin",
                    "America/St_Johns",
                    "Australia/Lord_Howe",
                    "Asia/Kathmandu",
                    "America/New_York")
            .map(ZoneId::of)
            .toList();

    private static ZoneId zone(long seed) {
        return ZONES.get((int) (seed % ZONES.size()));
    }

    @AfterAll
    static void enoughWasThereToBeCompared() {
        OracleComparison.assertEnoughWasCompared();
    }

    static LongStream fewSeeds() {
        return LongStream.rangeClosed(1, 4);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(5, 40);
    }

    static LongStream fewerSeeds() {
        return LongStream.rangeClosed(5, 30);
    }

    static LongStream moreSeeds() {
        return LongStream.rangeClosed(41, 520);
    }

    static LongStream longSeeds() {
        return LongStream.rangeClosed(1001, 1004);
    }

    static LongStream moreLongSeeds() {
        return LongStream.rangeClosed(1005, 1200);
    }

    /** What mutation testing asks beside the unit tests. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("fewSeeds")
    void agreesWithTheOracle_ofAFewHistories(long seed) {
        agreesWithTheOracleAtTheEnd(seed);
        agreesWithTheOracleWhenPublishedOnTheWay(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Tag("many")
    void agreesWithTheOracleAtTheEnd(long seed) {
        History history = HistoryGenerator.of(seed);
        assertAgrees(seed, after(history.delivered(seed), zone(seed)).emit(history.end()), Oracles.of(history));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    @Tag("soak")
    void agreesWithTheOracle_ofManyMoreHistories(long seed) {
        agreesWithTheOracleAtTheEnd(seed);
        agreesWithTheOracleWhenPublishedOnTheWay(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("longSeeds")
    @Tag("many")
    void agreesWithTheOracle_ofLongHistories(long seed) {
        History history = HistoryGenerator.of(seed, LONG);
        Oracles oracles = Oracles.of(history);
        for (List<DeliveryEvent> events :
                List.of(history.inOrder(), history.shuffled(seed), history.delivered(seed * 31))) {
            assertAgrees(seed, after(events, zone(seed)).emit(history.end()), oracles);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreLongSeeds")
    @Tag("soak")
    void agreesWithTheOracle_ofManyMoreLongHistories(long seed) {
        agreesWithTheOracle_ofLongHistories(seed);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("fewerSeeds") // an emission every ten events takes longer than the events
    @Tag("many")
    void agreesWithTheOracleWhenPublishedOnTheWay(long seed) {
        History history = HistoryGenerator.of(seed);
        var pipeline = new Pipeline(zone(seed));
        var random = new Random(seed);
        var latest = new TreeMap<BatchOracle.Place, Published>();
        Instant now = history.end().minus(Duration.ofDays(100));
        for (DeliveryEvent event : history.delivered(seed * 31)) {
            pipeline.accept(event);
            if (random.nextInt(10) == 0) {
                now = now.plus(Duration.ofMinutes(random.nextInt(300)));
                now = now.isAfter(history.end()) ? history.end() : now;
                publish(pipeline, now, zone(seed), latest);
            }
        }
        publish(pipeline, history.end(), zone(seed), latest);
        var once = new TreeMap<BatchOracle.Place, Published>();
        publish(after(history.delivered(seed * 31), zone(seed)), history.end(), zone(seed), once);
        Oracles oracles = Oracles.of(history);
        for (BatchOracle.Place place : oracles.places()) {
            Published published = Objects.requireNonNull(latest.get(place));
            published.assertAgrees(seed, place, oracles);
            assertThat(published.facts())
                    .as("seed %s %s", seed, place)
                    .isEqualTo(Objects.requireNonNull(once.get(place)).facts());
        }
    }

    /** An oracle that finds nothing agrees with a stream that does nothing. */
    @Test
    @Tag("many")
    void historiesHavePullRequestsOfEveryKind() {
        int ranges = 0;
        int withLeadTimes = 0;
        var seen = new TreeMap<String, Integer>();
        for (long seed = 1; seed <= 30; seed++) {
            History history = HistoryGenerator.of(seed);
            var oracle = new BatchOracle(history.events(), history.end());
            for (BatchOracle.Place place : oracle.places()) {
                var numbers = new ArrayList<>(oracle.periods(place).values());
                IntStream.of(7, 30, 90).forEach(days -> numbers.add(oracle.window(place, days)));
                ranges += numbers.size();
                withLeadTimes += (int) numbers.stream()
                        .filter(each -> !each.pullRequests().leadTimes().isEmpty())
                        .count();
                for (String line : oracle.pullRequests().lines(place)) {
                    KINDS.stream().filter(line::contains).forEach(kind -> seen.merge(kind, 1, Integer::sum));
                }
            }
        }
        assertThat(withLeadTimes / (double) ranges).as("of %d ranges", ranges).isGreaterThan(0.05);
        assertThat(seen.keySet()).as("%s", seen).containsAll(KINDS);
    }

    private static Pipeline after(List<DeliveryEvent> events, ZoneId zone) {
        var pipeline = new Pipeline(zone);
        events.forEach(pipeline::accept);
        return pipeline;
    }

    private static void publish(Pipeline pipeline, Instant now, ZoneId zone, Map<BatchOracle.Place, Published> latest) {
        pipeline.emit(now)
                .forEach((place, rows) -> latest.computeIfAbsent(place, key -> new Published(zone))
                        .add(rows));
    }

    private static void assertAgrees(long seed, Map<BatchOracle.Place, LedgerRows> rows, Oracles oracles) {
        oracles.places().forEach(place -> {
            var published = new Published(oracles.zone());
            published.add(Objects.requireNonNull(rows.get(place)));
            published.assertAgrees(seed, place, oracles);
        });
    }

    /** What each oracle says of a history. */
    private record Oracles(BatchOracle deliveries, DriftOracle drift, ZoneId zone) {
        static Oracles of(History history) {
            ZoneId zone = HistoryOracleTest.zone(history.seed());
            return new Oracles(
                    new BatchOracle(history.events(), history.end(), zone), new DriftOracle(history.events()), zone);
        }

        Set<BatchOracle.Place> places() {
            var places = new TreeSet<>(deliveries.places());
            places.addAll(drift.places());
            return places;
        }
    }

    /** What a reader that keeps the latest row of each key has seen. */
    private static final class Published {
        private static final Pattern JUDGED = Pattern.compile("computedAt=[^,\\]]*");

        private final Map<String, DoraRow> windows = new TreeMap<>();
        private final Map<String, PeriodRow> periods = new TreeMap<>();
        private final Map<String, DeploymentFact> deployments = new TreeMap<>();
        private final Map<String, IncidentFact> incidents = new TreeMap<>();
        private final Map<String, PullRequestFact> pullRequests = new TreeMap<>();
        private final PublishedDrift drift;

        Published(ZoneId zone) {
            this.drift = new PublishedDrift(zone);
        }

        void add(LedgerRows rows) {
            if (rows.dora() != null) {
                windows.put("", rows.dora());
            }
            rows.periods().forEach(row -> periods.put(row.period() + " " + row.label(), row));
            rows.deployments().forEach(fact -> deployments.put(fact.id(), fact));
            rows.incidents().forEach(fact -> incidents.put(fact.id(), fact));
            rows.pullRequests().forEach(fact -> pullRequests.put(fact.repository() + "#" + fact.id(), fact));
            drift.add(rows);
        }

        /** Returns all that the facts say but for when they were judged. */
        List<String> facts() {
            var lasting = new ArrayList<Object>();
            deployments.values().stream().filter(fact -> !fact.deleted()).forEach(lasting::add);
            incidents.values().stream().filter(fact -> !fact.deleted()).forEach(lasting::add);
            pullRequests.values().stream().filter(fact -> !fact.deleted()).forEach(lasting::add);
            return lasting.stream()
                    .map(fact -> JUDGED.matcher(fact.toString()).replaceFirst(""))
                    .toList();
        }

        void assertAgrees(long seed, BatchOracle.Place place, Oracles oracles) {
            String where = "seed " + seed + " " + place;
            assertDeliveriesAgree(where, place, oracles.deliveries());
            drift.assertAgrees(where, place, oracles.drift());
        }

        private void assertDeliveriesAgree(String where, BatchOracle.Place place, BatchOracle oracle) {
            List<String> lines = deployments.values().stream()
                    .filter(fact -> !fact.deleted())
                    .map(OracleComparison::line)
                    .sorted()
                    .toList();
            assertThat(lines).as(where).isEqualTo(oracle.lines(place));
            assertThat(incidents.values().stream()
                            .filter(fact -> !fact.deleted())
                            .map(OracleComparison::line)
                            .sorted()
                            .toList())
                    .as(where)
                    .isEqualTo(oracle.incidentLines(place));
            assertThat(pullRequests.values().stream()
                            .filter(fact -> !fact.deleted())
                            .map(PullRequestChecks::line)
                            .sorted())
                    .as(where)
                    .isEqualTo(oracle.pullRequests().lines(place));
            for (DoraRow.WindowMetrics window :
                    Objects.requireNonNull(windows.get("")).windows()) {
                OracleComparison.assertSame(
                        where + " " + window.days() + " d", window.metrics(), oracle.window(place, window.days()));
            }
            Map<String, BatchOracle.Numbers> expected = oracle.periods(place);
            periods.forEach((label, row) -> {
                BatchOracle.Numbers numbers = expected.get(label);
                if (numbers != null) {
                    OracleComparison.assertSame(where + " " + label, row.metrics(), numbers);
                } else {
                    assertThat(row.metrics().deploymentFrequency().count())
                            .as("%s %s is empty now", where, label)
                            .isZero();
                }
            });
            assertThat(periods.keySet()).as(where).containsAll(expected.keySet());
        }
    }
}
