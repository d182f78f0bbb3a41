package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.PeriodKind;
import dev.sluice.embedded.FreePorts;
import dev.sluice.simulation.BatchOracle;
import dev.sluice.simulation.DriftOracle;
import dev.sluice.simulation.History;
import dev.sluice.simulation.HistoryGenerator;
import dev.sluice.simulation.OracleComparison;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Generated histories through the whole process, which is killed in the middle of each. Every calendar period that the API
 * reads from the views of ClickHouse afterwards, and every deployment, must be as the oracles say.
 */
class HistoryKillIT {
    private static final int EVENTS = 2000;
    private static final int BATCH = 100;
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir
    private Path data;

    @AfterAll
    static void enoughWasThereToBeCompared() {
        OracleComparison.assertEnoughWasCompared();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {3001, 3002, 3003, 3004, 3005})
    @Tag("soak") // a minute and a half each; in the normal run RealHistoryKillIT kills the process, and
    // StagesOracleTest
    // restarts
    void theViewsAgreeWithTheOracles(long seed) throws Exception {
        History history = HistoryGenerator.of(seed, EVENTS);
        List<SentEvent> events =
                history.delivered(seed).stream().map(SentEvent::of).toList();
        int middle = events.size() / 3 + new Random(seed).nextInt(events.size() / 3);
        int port = FreePorts.pick();
        var client = new GateClient(URI.create("http://127.0.0.1:" + port));
        try (SluiceProcess sluice = SluiceProcess.launch(data, port).awaitReady()) {
            send(client, events.subList(0, middle / 2));
            sluice.awaitCheckpoints(1);
            send(client, events.subList(middle / 2, middle));
            sluice.kill();
        }
        try (SluiceProcess sluice = SluiceProcess.launch(data, port).awaitReady()) {
            assertThat(sluice.output()).contains("job dora goes on from checkpoint");
            Instant received = send(client, events.subList(middle, events.size()));
            var understood = events.stream().map(SentEvent::understood).toList();
            var views = new StoredViews(client, sluice, received.plusMillis(1));
            assertAgrees("seed " + seed, views, understood);
        }
    }

    /** Sends all, and returns when the last was received. */
    private static Instant send(GateClient client, List<SentEvent> events) throws InterruptedException {
        Instant received = Instant.EPOCH;
        for (int from = 0; from < events.size(); from += BATCH) {
            var batch = Json.mapper().createArrayNode();
            events.subList(from, Math.min(from + BATCH, events.size())).forEach(each -> batch.add(each.cloudEvent()));
            GateClient.Answer answer = client.sendBatch(batch.toString()).orElseThrow();
            assertThat(answer.status()).as(answer.text()).isEqualTo(GateClient.ACCEPTED);
            received = Instant.parse(answer.json().path("received_at").asText());
        }
        return received;
    }

    private static void assertAgrees(String seed, StoredViews views, List<DeliveryEvent> events)
            throws IOException, InterruptedException {
        var oracle = new BatchOracle(events, Instant.now());
        var drift = new DriftOracle(events);
        var places = new TreeSet<>(oracle.places());
        places.addAll(drift.places());
        for (BatchOracle.Place place : places) {
            String where = seed + " " + place;
            var missing = new TreeMap<>(oracle.places().contains(place) ? oracle.periods(place) : Map.of());
            for (PeriodKind kind : PeriodKind.values()) {
                for (JsonNode period : views.periods(place, kind)) {
                    String label = kind + " " + period.path("label").asText();
                    DeliveryMetrics metrics = Json.read(Json.bytes(period.path("metrics")), DeliveryMetrics.class);
                    BatchOracle.Numbers numbers = missing.remove(label);
                    if (numbers != null) {
                        OracleComparison.assertSame(where + " " + label, metrics, numbers);
                    } else {
                        assertThat(metrics.deploymentSuccessRate().n())
                                .as("%s %s", where, label)
                                .isZero();
                    }
                    OracleComparison.assertSame(
                            where + " " + label,
                            metrics.configurationDrift(),
                            drift.numbers(
                                    place,
                                    LocalDate.parse(period.path("start").asText()),
                                    LocalDate.parse(period.path("end").asText()),
                                    ZoneOffset.UTC));
                }
            }
            assertThat(missing.keySet())
                    .as("%s: periods that no view has", where)
                    .isEmpty();
            assertThat(views.deployments(place))
                    .as(where)
                    .isEqualTo(oracle.places().contains(place) ? oracle.lines(place) : List.of());
        }
    }

    /** What is stored of everything that was received before a moment. */
    private record StoredViews(GateClient client, SluiceProcess sluice, Instant through) {
        JsonNode periods(BatchOracle.Place place, PeriodKind kind) throws InterruptedException {
            String query = "/v1/dora?wait=9s&service=%s&environment=%s&period=%s&through=%s"
                    .formatted(place.service(), place.environment(), kind.wireName(), through);
            var answers = new ArrayList<GateClient.Answer>();
            SluiceProcess.await("all of %s is stored".formatted(place), LIMIT, () -> {
                try {
                    client.get(query).ifPresent(answers::add);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return !answers.isEmpty() && answers.get(answers.size() - 1).status() != GateClient.UNAVAILABLE;
            });
            GateClient.Answer answer = answers.get(answers.size() - 1);
            assertThat(answer.status()).as("%s: %s", query, answer.text()).isEqualTo(GateClient.OK);
            return answer.json().path("periods");
        }

        /** Returns the deployments of a place as the oracle writes them. */
        List<String> deployments(BatchOracle.Place place) throws IOException, InterruptedException {
            String query = """
                    SELECT id, result, kind, seed ? 'seed' : '-', toUnixTimestamp64Milli(finished_at), commits
                    FROM dash.deployments WHERE service = '%s' AND environment = '%s'""".formatted(place.service(), place.environment());
            return SluiceAssembly.rows(sluice.sql(query)).stream()
                    .map(row -> String.join(
                            " ",
                            text(row.get(0)),
                            row.get(1),
                            text(row.get(2)),
                            row.get(3),
                            time(row.get(4)),
                            row.get(5)))
                    .sorted()
                    .toList();
        }

        private static String text(String field) {
            return field.equals("\\N") ? "null" : field;
        }

        private static String time(String field) {
            return field.equals("\\N")
                    ? "null"
                    : Instant.ofEpochMilli(Long.parseLong(field)).toString();
        }
    }
}
