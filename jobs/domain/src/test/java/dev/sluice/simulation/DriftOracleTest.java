package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.dora.PeriodKind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks for drift alone, delivered in any order to services in zones whose days are not those of UTC. */
class DriftOracleTest {
    private static final int SEEDS = 40;
    private static final int SEEDS_A_ZONE = 15;

    static Stream<Arguments> seedsAndZones() {
        return LongStream.rangeClosed(1, SEEDS_A_ZONE)
                .boxed()
                .flatMap(seed -> Stream.of("Asia/Kolkata", "America/St_Johns", "Europe/Berlin", "Pacific/Auckland")
                        .map(zone -> Arguments.of(seed, ZoneId.of(zone))));
    }

    @ParameterizedTest(name = "seed {0}, {1}")
    @MethodSource("seedsAndZones")
    void agreesWithTheOracleInEveryZone(long seed, ZoneId zone) {
        History history = HistoryGenerator.of(seed);
        var pipeline = new Pipeline(zone);
        var random = new Random(seed);
        Map<BatchOracle.Place, PublishedDrift> published = new TreeMap<>();
        for (DeliveryEvent event : history.delivered(seed * 17)) {
            if (event instanceof DriftChecked) {
                pipeline.accept(event);
                if (random.nextInt(20) == 0) {
                    publish(pipeline, history.end(), zone, published);
                }
            }
        }
        publish(pipeline, history.end(), zone, published);
        var oracle = new DriftOracle(history.events());
        assertThat(published.keySet()).isEqualTo(oracle.places());
        published.forEach((place, rows) -> rows.assertAgrees("seed " + seed + " " + zone + " " + place, place, oracle));
    }

    private static void publish(
            Pipeline pipeline, Instant now, ZoneId zone, Map<BatchOracle.Place, PublishedDrift> published) {
        pipeline.emit(now)
                .forEach((place, rows) -> published
                        .computeIfAbsent(place, key -> new PublishedDrift(zone))
                        .add(rows));
    }

    /** What is compared says something only where there is something. */
    @Test
    void enoughOfWhatIsComparedIsNotNull() {
        int compared = 0;
        int shares = 0;
        int reconciled = 0;
        int intervals = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            History history = HistoryGenerator.of(seed);
            var oracle = new DriftOracle(history.events());
            for (BatchOracle.Place place : oracle.places()) {
                for (Range range : ranges(history, place, oracle)) {
                    DriftOracle.Numbers numbers = oracle.numbers(place, range.from(), range.to(), ZoneOffset.UTC);
                    compared++;
                    shares += numbers.driftedMs() > 0 && numbers.driftedMs() < numbers.observedMs() ? 1 : 0;
                    reconciled += numbers.reconcileTimes().isEmpty() ? 0 : 1;
                    intervals += numbers.reconcileTimes().size() >= 6 ? 1 : 0;
                }
            }
        }
        assertThat(compared).isGreaterThan(3000);
        assertThat(List.of(shares / (double) compared, reconciled / (double) compared, intervals / (double) compared))
                .as("shares between 0 and 1, medians, intervals, of %d", compared)
                .allSatisfy(share -> assertThat(share).isGreaterThan(0.05));
    }

    private record Range(LocalDate from, LocalDate to) {}

    private static Set<Range> ranges(History history, BatchOracle.Place place, DriftOracle oracle) {
        LocalDate today = LocalDate.ofInstant(history.end(), ZoneOffset.UTC);
        Set<Range> ranges = new HashSet<>();
        for (int days : new int[] {7, 30, 90}) {
            ranges.add(new Range(today.minusDays(days - 1L), today.plusDays(1)));
        }
        for (LocalDate day : oracle.days(place, ZoneOffset.UTC)) {
            for (PeriodKind kind : PeriodKind.values()) {
                LocalDate start = kind.startOf(day);
                ranges.add(new Range(start, kind.endOf(start)));
            }
        }
        return ranges;
    }
}
