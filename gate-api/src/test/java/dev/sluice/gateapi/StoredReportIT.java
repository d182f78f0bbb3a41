package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.get;
import static dev.sluice.gateapi.GateApiFixture.post;
import static dev.sluice.gateapi.GateApiFixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.report.SelfCheck;
import dev.sluice.gateapi.report.StoreQueries;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.registry.Sources;
import dev.sluice.statistics.Interval;
import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.RowMapper;
import dev.sluice.store.Store;
import dev.sluice.store.StoredRow;
import dev.sluice.store.TopicRecord;
import dev.sluice.wire.DeadLetter;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RawDelivery;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ClickHouse feeds; the rows go there as the store job writes them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoredReportIT {
    private static final String EVENT = "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/ci\",\"type\":\"t\"}";
    private static final String NUMBER = "service=checkout&environment=production";
    private static final String PERIODS = "/v1/dora?" + NUMBER + "&period=quarter";
    private static final Instant THROUGH = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static ClickHouseServer clickHouse;
    private static Store store;
    private static GateApi api;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        clickHouse = ClickHouseServer.start(ClickHouseConfig.in(directory.resolve("clickhouse")));
        var settings = ClickHouseSettings.at(clickHouse.httpUrl());
        store = Store.of(settings);
        store.migrate();
        api = GateApi.start(
                GateApiConfig.of(broker.bootstrapServers()).withPort(0).withClickHouse(settings));
        awaitReady(api);
    }

    @AfterAll
    static void stop() {
        if (api != null) {
            api.close();
        }
        if (store != null) {
            store.close();
        }
        if (clickHouse != null) {
            clickHouse.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static void insert(List<StoredRow> rows) {
        for (StoredRow row : rows) {
            assertThat(store.insert(row.table(), List.of(row.json()))).isEmpty();
        }
    }

    private static void insert(Topic topic, int partition, long offset, String key, Object row) {
        insert(topic, partition, offset, Instant.now(), key, row);
    }

    private static void insert(Topic topic, int partition, long offset, Instant appended, String key, Object row) {
        insert(RowMapper.rows(
                new TopicRecord(topic.topicName(), partition, offset, appended, key, Map.of(), Json.bytes(row))));
    }

    private static Answer send(String id) {
        Answer receipt = post(api, "/v1/events", "application/cloudevents+json", EVENT.formatted(id));
        assertThat(receipt.status()).as(receipt.text()).isEqualTo(202);
        return receipt;
    }

    private static ConsumerRecord<String, byte[]> rawRecord(String id) {
        return records(broker.bootstrapServers(), Topic.RAW).stream()
                .filter(found ->
                        "d-%d-%d".formatted(found.partition(), found.offset()).equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void store(ConsumerRecord<String, byte[]> found) {
        var headers = new HashMap<String, String>();
        found.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        insert(RowMapper.rows(new TopicRecord(
                found.topic(),
                found.partition(),
                found.offset(),
                Instant.ofEpochMilli(found.timestamp()),
                found.key(),
                headers,
                found.value())));
        insert(List.of(RowMapper.offset(found.topic(), found.partition(), found.offset() + 1)));
    }

    @Test
    @Order(1)
    void tellsWhatBecameOfADelivery() {
        Answer receipt = send("1");
        String id = receipt.at("/deliveries/0/id");
        String path = receipt.at("/deliveries/0/status_url");

        Answer pending = get(api, path);
        assertThat(pending.status()).as(pending.text()).isEqualTo(200);
        assertThat(pending.at("/status")).isEqualTo("pending");
        assertThat(pending.at("/source")).isEqualTo("cloudevents");
        assertThat(pending.at("/principal")).isEqualTo("local");
        assertThat(pending.at("/received_at")).isEqualTo(receipt.at("/received_at"));

        var found = rawRecord(id);
        store(found);
        assertThat(get(api, path).at("/status")).isEqualTo("pending");

        insert(
                Topic.DEAD_LETTERS,
                0,
                0,
                "cloudevents",
                new DeadLetter(
                        "default",
                        DeadLetter.Disposition.IGNORED,
                        "cloudevents",
                        "events",
                        id,
                        "%2Fci/1",
                        "t",
                        "UNKNOWN_EVENT",
                        "no metric uses this event",
                        null,
                        Instant.ofEpochMilli(found.timestamp())));
        Answer ignored = get(api, path);
        assertThat(ignored.at("/status")).isEqualTo("ignored");
        assertThat(ignored.at("/reason")).isEqualTo("UNKNOWN_EVENT");
        assertThat(ignored.at("/received_at")).isEqualTo(receipt.at("/received_at"));
    }

    @Test
    @Order(1)
    void tellsWhoCorrectedAndWhy() {
        Answer receipt = post(
                api,
                "/v1/corrections",
                "application/json",
                "{\"kind\":\"incident_deleted\",\"incident\":\"pager/1\",\"reason\":\"An exercise\"}");
        var found = rawRecord(receipt.at("/deliveries/0/id"));
        Outcome.Events outcome = (Outcome.Events) Sources.of(Map.of())
                .adapt(Delivery.of(
                        RawDelivery.of(name -> GateApiFixture.header(found, name), found.value()),
                        receipt.at("/deliveries/0/id"),
                        Instant.ofEpochMilli(found.timestamp())));
        store(found);
        insert(
                Topic.EVENTS,
                0,
                0,
                "pager/1",
                Json.read(EventCodec.encode(outcome.events().get(0), outcome.note()), JsonNode.class));

        Answer answer = get(api, receipt.at("/deliveries/0/status_url"));

        assertThat(answer.at("/status")).as(answer.text()).isEqualTo("events");
        assertThat(answer.at("/principal")).isEqualTo("local");
        assertThat(answer.json().at("/events/0/correction"))
                .hasToString("{\"principal\":\"local\",\"reason\":\"An exercise\",\"ticket\":null}");
    }

    @Test
    @Order(2)
    void knowsNoDeliveryThatIsNotThere() throws Exception {
        await(
                () -> records(broker.bootstrapServers(), Topic.RAW).stream()
                        .anyMatch(found -> found.headers().lastHeader(RecordHeaders.HEARTBEAT) != null),
                () -> "no heartbeat");
        var heartbeats = records(broker.bootstrapServers(), Topic.RAW).stream()
                .filter(found -> found.headers().lastHeader(RecordHeaders.HEARTBEAT) != null)
                .toList();
        var last = heartbeats.get(heartbeats.size() - 1);

        assertThat(get(api, "/v1/deliveries/d-%d-%d".formatted(last.partition(), last.offset()))
                        .status())
                .isEqualTo(404);
        assertThat(get(api, "/v1/deliveries/d-0-999999999").status()).isEqualTo(404);
        assertThat(get(api, "/v1/deliveries/d-77-0").status()).isEqualTo(404);
        assertThat(get(api, "/v1/deliveries/d-0-99999999999999999999").status()).isEqualTo(404);
        assertThat(get(api, "/v1/deliveries/1").status()).isEqualTo(404);
    }

    private static PeriodRow quarter(LocalDate start, int count) {
        return new PeriodRow(
                "default",
                "checkout",
                "production",
                "UTC",
                PeriodKind.QUARTER,
                PeriodKind.QUARTER.label(start),
                start,
                PeriodKind.QUARTER.endOf(start),
                false,
                DeliveryMetrics.empty()
                        .with(new DeliveryMetrics.DeploymentFrequency(
                                count, count / 91.0, null, count, 0, null, null, count, 0, 0, 0))
                        .with(new DeliveryMetrics.ChangeLeadTime(3, 3_600_000.0, null, 7_200_000.5, 0, 0, null))
                        .with(new DeliveryMetrics.PullRequestLeadTime(
                                9, 9e7, new Interval(7e7, 1.1e8), 2e8, 1e8, 5e7, 1e7, 3e7, 1e7, 1, 0, 0, null))
                        .with(new DeliveryMetrics.ChangeFailRate(
                                20, 0.1, new Interval(0.028, 0.301), 2, 1, 1, 2, 3, 1, 1, THROUGH, null))
                        .with(new DeliveryMetrics.FailedDeploymentRecoveryTime(
                                2, 2.7e6, null, 4.1e6, 2.7e6, 0, 2, 6.3e6, 4, 3.6e6, null))
                        .with(new DeliveryMetrics.ConfigurationDrift(
                                86_400_000, 0.25, 21_600_000, 288, 2, 2.0, 1, 3.6e6, null, null)),
                false,
                THROUGH);
    }

    private static DoraRow window(int count) {
        LocalDate today = LocalDate.ofInstant(THROUGH, ZoneOffset.UTC);
        DeliveryMetrics metrics = DeliveryMetrics.empty()
                .with(new DeliveryMetrics.DeploymentFrequency(
                        count, count / 30.0, null, count, 0, null, null, count, 0, 0, 0));
        return new DoraRow(
                "default",
                "checkout",
                "production",
                "UTC",
                today,
                List.of(new DoraRow.WindowMetrics(30, today.minusDays(29), today, metrics)),
                false,
                THROUGH);
    }

    @Test
    @Order(5)
    void answersAsOfATimeOnlyWhenTheStoreHasComeSoFar() {
        Instant asOf = THROUGH.plus(Duration.ofHours(2));
        String number = NUMBER + "&metric=deployment_frequency&window=30d";
        List<String> questions = List.of(
                "/v1/dora?" + NUMBER + "&window=30d&as_of=" + asOf,
                PERIODS + "&as_of=" + asOf,
                "/v1/dora/explain?" + number + "&as_of=" + asOf,
                "/v1/dora/diff?" + number + "&since=" + asOf,
                "/v1/dora/diff?" + number + "&since=" + THROUGH + "&as_of=" + asOf);
        String key = Keys.of("default", "checkout", "production");
        insert(Topic.DORA, 0, 0, THROUGH.minus(Duration.ofHours(1)), key, window(5));

        for (String question : questions) {
            Answer early = get(api, question);
            assertThat(early.status()).as(question).isEqualTo(503);
            assertThat(early.at("/detail")).isEqualTo("ClickHouse has not come so far; try again");
        }
        Answer earlier = get(api, "/v1/dora?" + NUMBER + "&window=30d&as_of=" + THROUGH);
        assertThat(earlier.at("/metrics/deployment_frequency/count")).isEqualTo("5");

        insert(Topic.DORA, 0, 1, THROUGH.plus(Duration.ofHours(1)), key, window(6));
        insert(Topic.PERIODS, 0, 2, THROUGH, key + "/quarter/2024-Q4", quarter(LocalDate.of(2024, 10, 1), 9));
        insert(List.of(RowMapper.progress(1, 0, 1, asOf)));
        for (String question : questions) {
            Answer answer = get(api, question);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            if (!question.contains("/diff")) {
                assertThat(answer.at("/stored_through")).isEqualTo(asOf.toString());
            }
        }
        assertThat(get(api, questions.get(0)).at("/metrics/deployment_frequency/count"))
                .isEqualTo("6");
        assertThat(get(api, questions.get(2)).at("/answer/value/count")).isEqualTo("6");
        assertThat(get(api, questions.get(4)).at("/before/value/count")).isEqualTo("5");
    }

    @ParameterizedTest
    @Order(6)
    @ValueSource(
            strings = {
                "1899-12-31T23:59:59.999Z",
                "0001-01-01T00:00:00Z",
                "2299-01-01T00:00:00Z",
                "9999-12-31T00:00:00Z",
                "-999999999-01-01T00:00:00Z",
                "1900-01-01T00:00:00%2B01:00"
            })
    void refusesTimesThatCannotBeStored(String time) {
        String number = NUMBER + "&metric=deployment_frequency&window=30d";
        Map<String, String> questions = Map.of(
                "/v1/dora?" + NUMBER + "&window=30d&as_of=", "as_of",
                PERIODS + "&as_of=", "as_of",
                PERIODS + "&through=", "through",
                "/v1/dora/explain?" + number + "&as_of=", "as_of",
                "/v1/dora/diff?" + number + "&since=", "since",
                "/v1/dora/diff?" + number + "&since=" + THROUGH + "&as_of=", "as_of");

        questions.forEach((question, name) -> {
            Answer answer = get(api, question + time);
            assertThat(answer.status()).as(question).isEqualTo(400);
            assertThat(answer.at("/detail"))
                    .isEqualTo("query parameter " + name + " must be a time (RFC 3339) of the years 1900 to 2298");
        });
    }

    @Test
    @Order(6)
    void takesTheFirstAndTheLastTimeThatCanBeStored() {
        String number = NUMBER + "&metric=deployment_frequency&window=30d";

        assertThat(get(api, "/v1/dora?" + NUMBER + "&window=30d&as_of=1900-01-01T00:00:00Z")
                        .status())
                .isEqualTo(404);
        assertThat(get(api, "/v1/dora/explain?" + number + "&as_of=1900-01-01T00:00:00Z")
                        .status())
                .isEqualTo(404);
        assertThat(get(api, "/v1/dora/diff?" + number + "&since=1900-01-01T00:00:00Z")
                        .status())
                .isEqualTo(200);
        assertThat(get(api, PERIODS + "&as_of=1900-01-01T00:00:00Z").status()).isEqualTo(404);
        assertThat(get(api, PERIODS + "&through=2298-12-31T23:59:59.999Z").status())
                .isEqualTo(503);
    }

    @Test
    @Order(6)
    void selfCheckCountsPeriodsThatHaveNoFacts() {
        var registry = new SimpleMeterRegistry();
        try (var queries = new StoreQueries(Store.of(ClickHouseSettings.at(clickHouse.httpUrl())));
                var check = new SelfCheck(queries, Clock.systemUTC(), Duration.ZERO, registry)) {
            assertThat(check.run()).as("three quarters with five metrics each").isEqualTo(15);
        }
        assertThat(registry.counter("sluice.divergence").count()).isEqualTo(15);
        assertThat(registry.counter("sluice.self.check.compared").count()).isEqualTo(24);
    }

    @Test
    @Order(3)
    void reportsPeriodsWithoutGaps() throws Exception {
        assertThat(get(api, PERIODS).status()).isEqualTo(404);
        long offset = 0;
        for (PeriodRow row : List.of(quarter(LocalDate.of(2024, 1, 1), 5), quarter(LocalDate.of(2024, 7, 1), 7))) {
            insert(
                    Topic.PERIODS,
                    0,
                    offset++,
                    Keys.of("default", "checkout", "production", "quarter", row.label()),
                    row);
        }

        Answer answer = get(api, PERIODS);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().at("/periods").findValuesAsText("label"))
                .containsExactly("2024-Q1", "2024-Q2", "2024-Q3");
        assertThat(answer.at("/periods/2/metrics/deployment_frequency/count")).isEqualTo("7");
        assertThat(answer.at("/periods/1/metrics/deployment_frequency/count")).isEqualTo("0");
        assertThat(answer.at("/periods/0/metrics/change_lead_time/p90_ms")).isEqualTo("7200000.5");
        assertThat(answer.json().at("/periods/0/metrics"))
                .isEqualTo(Json.mapper()
                        .readTree(
                                Json.bytes(quarter(LocalDate.of(2024, 1, 1), 5).metrics())));
        assertThat(answer.json().at("/stored_through").isNull()).isTrue();
        assertThat(get(api, PERIODS + "&from=2024-05-01&to=2024-12-31")
                        .json()
                        .at("/periods")
                        .findValuesAsText("label"))
                .containsExactly("2024-Q2", "2024-Q3", "2024-Q4");
        assertThat(get(api, PERIODS + "&from=2024-05-01&to=2024-04-30").status())
                .isEqualTo(400);
    }

    @Test
    @Order(4)
    void waitsUntilTheStoreHasComeSoFar() {
        Answer early = get(api, PERIODS + "&through=" + THROUGH + "&wait=1s");

        assertThat(early.status()).isEqualTo(503);
        assertThat(early.took()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
        assertThat(early.header("Retry-After")).isEqualTo("1");
        insert(List.of(RowMapper.progress(1, 0, 1, THROUGH)));
        Answer stored = get(api, PERIODS + "&through=" + THROUGH);
        assertThat(stored.status()).as(stored.text()).isEqualTo(200);
        assertThat(stored.at("/stored_through")).isEqualTo(THROUGH.toString());
    }

    /** Each query has the tenant in it: what is stored of one is for another as if it were not. */
    @Test
    @Order(6)
    void whatIsStoredOfATenantIsNotThereForAnother() throws Exception {
        String id = send("theirs").at("/deliveries/0/id");
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: acme, owner: acme, sha256: %s, tenant: acme, scopes: [read]}
                """.formatted(GateApiFixture.sha256("acme")));

        try (GateApi theirs = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withClickHouse(ClickHouseSettings.at(clickHouse.httpUrl()))
                .withFiles(GateApiFiles.NONE.withTokens(tokens)))) {
            awaitReady(theirs);
            for (boolean isStored : List.of(false, true)) {
                if (isStored) {
                    store(rawRecord(id));
                }
                assertThat(get(api, "/v1/deliveries/" + id).status()).isEqualTo(200);
                assertThat(asAcme(theirs, "/v1/deliveries/" + id).at("/detail"))
                        .isEqualTo(
                                asAcme(theirs, "/v1/deliveries/d-0-999999999").at("/detail"));
            }
            assertThat(get(api, PERIODS).text()).contains("2024-Q1");
            for (String path : List.of(
                    PERIODS,
                    "/v1/dora/explain?" + NUMBER + "&metric=change_fail_rate&window=30d",
                    "/v1/dora/diff?" + NUMBER + "&metric=change_fail_rate&window=30d&since=2026-01-01T00:00:00Z",
                    "/reports/dora.json?" + NUMBER,
                    "/reports/dora.csv?" + NUMBER,
                    "/reports/dora?" + NUMBER)) {
                Answer real = asAcme(theirs, path);
                Answer absent = asAcme(theirs, path.replace("checkout", "nobodys"));
                assertThat(withoutInstance(real, "checkout")).as(path).isEqualTo(withoutInstance(absent, "nobodys"));
            }
        }
    }

    private static Answer asAcme(GateApi theirs, String path) {
        return GateApiFixture.send(GateApiFixture.request(theirs, path).header("Authorization", "Bearer acme"));
    }

    private static String withoutInstance(Answer answer, String service) {
        return answer.text()
                .replace(service, "NAME")
                .replaceAll("urn:uuid:[0-9a-f-]{36}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "VOLATILE");
    }

    @Test
    @Order(7)
    void answers503_whileClickHouseIsAway_andReceivesAllTheSame() {
        Answer receipt = send("2");

        clickHouse.close();

        Answer periods = get(api, PERIODS);
        assertThat(periods.status()).as(periods.text()).isEqualTo(503);
        assertThat(periods.at("/detail")).isEqualTo("ClickHouse is away or slow; try again");
        assertThat(get(api, receipt.at("/deliveries/0/status_url")).status()).isEqualTo(503);
        send("3");
        assertThat(get(api, "/readyz").status()).isEqualTo(200);
    }
}
