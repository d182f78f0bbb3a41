package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.ServiceDescribed;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.LedgerRows;
import dev.sluice.dora.PeriodRow;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is set for a service in the middle of its history amounts to what it would have, set at the beginning. */
class HistorySettingsTest {
    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("Pacific/Kiritimati"),
            ZoneId.of("America/Sao_Paulo"),
            ZoneId.of("Asia/Kathmandu"),
            ZoneId.of("Europe/Berlin"));
    private static final List<Duration> WINDOWS =
            List.of(Duration.ofHours(1), Duration.ofHours(24), Duration.ofDays(5), Duration.ofDays(10));

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 15);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void changesWhatItWouldHaveFromTheStart(long seed) {
        History history = HistoryGenerator.of(seed);
        var random = new Random(seed);
        List<DeliveryEvent> events = history.delivered(seed);
        var last = new ArrayList<DeliveryEvent>();
        var overruled = new ArrayList<DeliveryEvent>();
        for (String service : services(events)) {
            last.add(described(service, random, 2, history));
            overruled.add(described(service, random, 1, history));
        }
        var changed = new Pipeline(ZoneOffset.UTC);
        var seen = new Published();
        Instant now = history.end().minus(Duration.ofDays(60));
        int first = random.nextInt(events.size());
        int second = random.nextInt(events.size());
        for (int i = 0; i < events.size(); i++) {
            changed.accept(events.get(i));
            if (i == first) {
                last.forEach(changed::accept);
            }
            if (i == second) { // comes before it, after it, or with it; always it is the older word
                overruled.forEach(changed::accept);
            }
            if (random.nextInt(40) == 0 || i == first || i == second) {
                now = now.plus(Duration.ofMinutes(random.nextInt(600)));
                seen.add(changed.emit(now.isAfter(history.end()) ? history.end() : now));
            }
        }
        seen.add(changed.emit(history.end()));

        var expected = new Published();
        var fromTheStart = new Pipeline(ZoneOffset.UTC);
        last.forEach(fromTheStart::accept);
        events.forEach(fromTheStart::accept);
        expected.add(fromTheStart.emit(history.end()));

        assertThat(seen.withoutDeleted()).as("seed %d", seed).isEqualTo(expected.withoutDeleted());
        assertThat(seen.facts).as("seed %d", seed).isEqualTo(expected.facts);
    }

    private static Set<String> services(List<DeliveryEvent> events) {
        var services = new HashSet<String>();
        for (DeliveryEvent event : events) {
            String service = serviceOf(event);
            if (service != null) {
                services.add(service);
            }
        }
        return services;
    }

    private static @Nullable String serviceOf(DeliveryEvent event) {
        if (event instanceof DeploymentObserved deployment) {
            return deployment.service();
        }
        return event instanceof DriftChecked check ? check.service() : null;
    }

    private static ServiceDescribed described(String service, Random random, int minute, History history) {
        Instant at = history.end().minus(Duration.ofMinutes(10L - minute));
        String id = "settings-" + minute + "-" + service;
        return new ServiceDescribed(
                new EventHeader(id, "default", "test", "d-" + id, at, at),
                service,
                ZONES.get(random.nextInt(ZONES.size())),
                random.nextBoolean() ? null : WINDOWS.get(random.nextInt(WINDOWS.size())),
                0,
                false);
    }

    /** The newest of each row, without when it was computed. */
    private static final class Published {
        private final Map<String, String> rows = new TreeMap<>();
        private final Map<String, String> facts = new TreeMap<>();

        void add(Map<BatchOracle.Place, LedgerRows> emitted) {
            emitted.forEach(this::add);
        }

        private void add(BatchOracle.Place place, LedgerRows emitted) {
            DoraRow dora = emitted.dora();
            if (dora != null) {
                rows.put(
                        place + " windows", dora.deleted() ? "deleted" : dora.zone() + dora.asOfDay() + dora.windows());
            }
            for (PeriodRow row : emitted.periods()) {
                String key = place + " " + row.period() + " " + row.label();
                rows.put(
                        key,
                        row.deleted()
                                ? "deleted"
                                : row.zone() + row.start() + row.end() + row.provisional() + row.metrics());
            }
            emitted.deployments()
                    .forEach(fact -> facts.put(
                            place + fact.id(),
                            fact.deleted()
                                    + OracleComparison.line(fact)
                                    + fact.failureRules()
                                    + fact.recoveryMs()
                                    + fact.failureLifetimeMs()));
            emitted.incidents()
                    .forEach(fact -> facts.put(place + fact.id(), fact.deleted() + OracleComparison.line(fact)));
            emitted.shifts()
                    .forEach(fact -> facts.put(
                            place + fact.metric() + fact.direction() + fact.began(),
                            fact.withdrawn() || fact.deleted()
                                    ? ""
                                    : fact.detected().toString()));
        }

        /** What only the earlier settings had, or an incident that has moved, is deleted; elsewhere it was never there. */
        Map<String, String> withoutDeleted() {
            var left = new TreeMap<>(rows);
            left.values().removeIf("deleted"::equals);
            facts.values().removeIf(String::isEmpty);
            return left;
        }
    }
}
