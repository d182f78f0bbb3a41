package dev.sluice.simulation;

import static dev.sluice.delivery.IncidentFixture.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.IncidentFixture.Said;
import dev.sluice.delivery.IncidentState;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DeliveryMetrics.Headline;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.LedgerRows;
import dev.sluice.dora.ShiftFact;
import dev.sluice.simulation.BatchOracle.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An incident that was added last changes numbers, and its deletion restores each of them: windows, periods, what runs, and
 * all facts. On the way no rate is above 1, and nothing that was not counted is 0.
 */
class LastIncidentTest {
    private static final Set<String> SHARES =
            Set.of("change_fail_rate", "deployment_rework_rate", "deployment_success_rate");
    private static final int INCIDENTS = 5;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void deletingItRestoresEveryNumber(long seed) {
        History history = HistoryGenerator.of(seed);
        var random = new Random(seed);
        var pipeline = new Pipeline(ZoneId.of("America/New_York"));
        var read = new Published();
        history.delivered(seed).forEach(pipeline::accept);
        Instant now = history.end();
        read.add(pipeline.emit(now));
        List<Place> places = new BatchOracle(history.events(), history.end())
                .places().stream()
                        .filter(place -> !deployments(history, place).isEmpty())
                        .toList();
        int changed = 0;
        for (int i = 0; i < INCIDENTS; i++) {
            Map<String, String> before = Map.copyOf(read.rows);
            String id = "last-" + i;
            Place place = places.get(random.nextInt(places.size()));
            Instant began = now.minus(Duration.ofHours(random.nextInt(24 * 60)));

            incident(id, place, began, deployments(history, place), random).forEach(pipeline::accept);
            now = now.plusMillis(1);
            read.add(pipeline.emit(now));
            changed += read.rows.equals(before) ? 0 : 1;

            pipeline.accept(said(id, IncidentState.DELETED, now)
                    .of(place.service(), place.environment())
                    .revision(1)
                    .build());
            now = now.plusMillis(1);
            read.add(pipeline.emit(now));
            assertThat(read.rows).as("seed %d, %s in %s", seed, id, place).isEqualTo(before);
        }
        assertThat(changed)
                .as("seed %d: incidents that changed something", seed)
                .isEqualTo(INCIDENTS);
    }

    private static List<String> deployments(History history, Place place) {
        return history.events().stream()
                .filter(DeploymentObserved.class::isInstance)
                .map(DeploymentObserved.class::cast)
                .filter(each -> new Place(each.service(), each.environment()).equals(place))
                .map(DeploymentObserved::deploymentId)
                .toList();
    }

    /** It names a deployment, or says only that a change caused it, or not even that; and it may have ended. */
    private static List<DeliveryEvent> incident(
            String id, Place place, Instant began, List<String> deployments, Random random) {
        var words = new ArrayList<DeliveryEvent>();
        Said detected = said(id, IncidentState.DETECTED, began).of(place.service(), place.environment());
        Said told = switch (random.nextInt(3)) {
            case 0 -> detected.causedBy(deployments.get(random.nextInt(deployments.size())));
            case 1 -> detected.changeCaused(true);
            default -> detected;
        };
        words.add(told.build());
        if (random.nextBoolean()) {
            words.add(said(id, IncidentState.RESOLVED, began.plus(Duration.ofMinutes(1 + random.nextInt(500))))
                    .of(place.service(), place.environment())
                    .rank(3)
                    .build());
        }
        return words;
    }

    /** What a reader has: the newest row of each key that is not deleted, without when it was computed. */
    private static final class Published {
        private final Map<String, String> rows = new TreeMap<>();

        void add(Map<Place, LedgerRows> emitted) {
            emitted.forEach(this::add);
        }

        private void add(Place place, LedgerRows emitted) {
            DoraRow dora = emitted.dora();
            if (dora != null) {
                dora.windows().forEach(window -> check(place + " " + window.days(), window.metrics()));
                put(place + " windows", dora, dora.deleted());
            }
            if (emitted.current() != null) {
                put(place + " current", emitted.current(), emitted.current().deleted());
            }
            emitted.periods().forEach(row -> {
                check(place + " " + row.label(), row.metrics());
                put(place + " " + row.period() + " " + row.label(), row, row.deleted());
            });
            emitted.deployments().forEach(fact -> put(place + " deployment " + fact.id(), fact, fact.deleted()));
            emitted.changes()
                    .forEach(fact ->
                            put(place + " change " + fact.repository() + " " + fact.sha(), fact, fact.deleted()));
            emitted.pullRequests()
                    .forEach(fact ->
                            put(place + " pull request " + fact.repository() + " " + fact.id(), fact, fact.deleted()));
            emitted.incidents().forEach(fact -> put(place + " incident " + fact.id(), fact, fact.deleted()));
            for (ShiftFact fact : emitted.shifts()) {
                String key = place + " shift " + fact.metric() + " " + fact.direction() + " " + fact.began();
                // one that came with the incident and was withdrawn with it stays visible, as it should
                put(key, fact, fact.deleted() || (fact.withdrawn() && !rows.containsKey(key)));
            }
        }

        private void put(String key, Object row, boolean deleted) {
            if (deleted) {
                rows.remove(key);
            } else {
                rows.put(key, row.toString().replaceAll("computedAt=[^,\\]]*", ""));
            }
        }

        private static void check(String what, DeliveryMetrics metrics) {
            for (Headline headline : metrics.headlines()) {
                String metric = what + " " + headline;
                Double value = headline.value();
                if (value != null && SHARES.contains(headline.metric())) {
                    assertThat(value).as(metric).isBetween(0.0, 1.0);
                }
                if (!headline.metric().equals("deployment_frequency")) {
                    assertThat(value == null).as(metric).isEqualTo(headline.n() == 0);
                }
            }
        }
    }
}
