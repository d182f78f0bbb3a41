package dev.sluice.storejob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.LedgerRows;
import dev.sluice.dora.PeriodRow;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.simulation.Coverage;
import dev.sluice.simulation.History;
import dev.sluice.simulation.HistoryGenerator;
import dev.sluice.simulation.Pipeline;
import dev.sluice.statistics.Interval;
import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.RowMapper;
import dev.sluice.store.Store;
import dev.sluice.store.StoredRow;
import dev.sluice.store.Table;
import dev.sluice.store.TopicRecord;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the views add up of the facts is what the stream publishes of whole periods: counts equal, values and
 * bounds to 1e-9. A frequency is a count a calendar day there and a day of 24 hours here.
 */
class RangesAgreeIT {
    private static final ZoneId ZONE =
            ZoneId.of("America/Sao_Paulo"); // without daylight saving time: its days are alike
    private static final int EVENTS = 2000;
    private static final int PLACES_OF_A_LONG_HISTORY = 3;
    /** Of each metric at least one value in twenty must be there. */
    private static final double LEAST_SHARE = 0.05;

    @TempDir
    private static Path directory;

    private static final Coverage COVERAGE = new Coverage();

    private static ClickHouseServer server;
    private static Store store;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Table, List<byte[]>> rows = new EnumMap<>(Table.class);
    private long offset;

    @BeforeAll
    static void start() {
        server = ClickHouseServer.start(ClickHouseConfig.in(directory));
        store = Store.of(ClickHouseSettings.at(server.httpUrl()));
        store.migrate();
    }

    @AfterAll
    @SuppressWarnings("SystemOut") // the build's log is where one looks for it
    static void enoughWasThereToBeCompared() {
        if (store != null) {
            store.close();
        }
        if (server != null) {
            server.close();
        }
        System.out.print(COVERAGE);
        assertThat(COVERAGE.shares())
                .as("%s", COVERAGE)
                .isNotEmpty()
                .allSatisfy((metric, share) -> assertThat(share).as(metric).isGreaterThan(LEAST_SHARE));
    }

    @Test
    void factsAddUpToThePeriodsOfTheStream() throws Exception {
        agree(HistoryGenerator.of(14), Integer.MAX_VALUE);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Tag("soak") // two seconds each
    void factsAddUpToThePeriodsOfTheStream_inManyLongHistories(long seed) throws Exception {
        agree(HistoryGenerator.of(seed, EVENTS), PLACES_OF_A_LONG_HISTORY);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(2001, 2200);
    }

    /** Compares so many places of a history, which are chosen by its seed. */
    private void agree(History history, int places) throws Exception {
        var pipeline = new Pipeline(ZONE);
        for (DeliveryEvent event : history.delivered(history.seed())) {
            pipeline.accept(event);
        }
        var emitted = new ArrayList<LedgerRows>();
        pipeline.emit(history.end()).values().forEach(of -> {
            keep(of);
            emitted.add(of);
        });
        for (Map.Entry<Table, List<byte[]>> table : rows.entrySet()) {
            post("TRUNCATE TABLE sluice." + table.getKey().name().toLowerCase(Locale.ROOT));
            assertThat(store.insert(table.getKey(), table.getValue())).isEmpty();
        }
        Collections.shuffle(emitted, new Random(history.seed()));
        for (LedgerRows of : emitted.subList(0, Math.min(places, emitted.size()))) {
            var buckets = new HashMap<String, Map<String, JsonNode>>();
            for (PeriodRow period : of.periods()) {
                String view = view(period);
                if (!buckets.containsKey(view)) {
                    buckets.put(view, byStartAndMetric(view));
                }
                assertAgrees("seed " + history.seed(), period, buckets.get(view));
            }
        }
    }

    private static void assertAgrees(String seed, PeriodRow period, Map<String, JsonNode> found) {
        for (DeliveryMetrics.Headline expected : period.metrics().headlines()) {
            JsonNode row = found.get(period.start() + " " + expected.metric());
            String what = seed + ": " + period.tenant() + " " + period.service() + " " + period.environment() + " "
                    + period.label() + " " + expected.metric();
            if (row == null) {
                assertThat(expected.n()).as(what).isZero();
            } else {
                assertIs(what, row, expected);
            }
            COVERAGE.count(expected.metric(), row == null ? null : expected.value());
        }
    }

    private static void assertIs(String what, JsonNode row, DeliveryMetrics.Headline expected) {
        Interval interval = expected.interval();
        assertThat(row.path("n").intValue()).as(what).isEqualTo(expected.n());
        assertNear(what, row.path("value"), expected.value());
        assertNear(what + " lower", row.path("lower"), interval == null ? null : interval.lower());
        assertNear(what + " upper", row.path("upper"), interval == null ? null : interval.upper());
        assertThat(row.path("insufficient").intValue()).as(what).isEqualTo(expected.n() < 5 ? 1 : 0);
    }

    private static void assertNear(String what, JsonNode actual, @Nullable Double expected) {
        if (expected == null) {
            assertThat(actual.isNull()).as(what).isTrue();
        } else {
            assertThat(actual.doubleValue()).as(what).isCloseTo(expected, within(Math.abs(expected) * 1e-9 + 1e-12));
        }
    }

    private void keep(LedgerRows emitted) {
        emitted.deployments().forEach(fact -> keep("deployment", fact));
        emitted.changes().forEach(fact -> keep("change", fact));
        emitted.pullRequests().forEach(fact -> keep("pull_request", fact));
        emitted.incidents().forEach(fact -> keep("incident", fact));
    }

    private void keep(String kind, Object fact) {
        var record = new TopicRecord(
                Topic.FACTS.topicName(),
                0,
                ++offset,
                Instant.EPOCH,
                null,
                Map.of(RowMapper.FACT_HEADER, kind),
                Json.bytes(fact));
        for (StoredRow row : RowMapper.rows(record)) {
            rows.computeIfAbsent(row.table(), table -> new ArrayList<>()).add(row.json());
        }
    }

    private static String view(PeriodRow period) {
        return ("dash.dora_ranges(tenant='%s', scope='service', name='%s', environment='%s', bucket='%s',"
                        + " `from`='2000-01-01', to='2100-01-01')")
                .formatted(
                        period.tenant(),
                        period.service(),
                        period.environment(),
                        period.period().wireName());
    }

    private Map<String, JsonNode> byStartAndMetric(String view) throws IOException, InterruptedException {
        var found = new HashMap<String, JsonNode>();
        var mapper = new ObjectMapper();
        for (String line : post("SELECT * FROM " + view).lines().toList()) {
            JsonNode row = mapper.readTree(line);
            found.put(row.path("start").textValue() + " " + row.path("metric").textValue(), row);
        }
        return found;
    }

    private String post(String query) throws IOException, InterruptedException {
        URI address =
                server.httpUrl().resolve("/?default_format=JSONEachRow&output_format_json_quote_64bit_integers=0");
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(address)
                        .timeout(Duration.ofSeconds(30))
                        .POST(HttpRequest.BodyPublishers.ofString(query))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
