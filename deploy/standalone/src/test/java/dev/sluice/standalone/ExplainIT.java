package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** From a number to the deliveries that it is made of, and back; and what it was before it was corrected. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExplainIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int DEPLOYMENTS = 8;
    private static final int CORRECTIONS = 100;
    private static final String SERIES = "service=checkout&environment=production";
    private static final String NUMBER = SERIES + "&metric=change_fail_rate&window=30d";

    @TempDir
    static Path directory;

    private static SluiceAssembly sluice;
    private static GateClient api;
    private static Instant first;
    private static Instant then;

    @BeforeAll
    static void start() throws Exception {
        first = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(2L * DEPLOYMENTS));
        sluice = SluiceAssembly.withStore(directory, Duration.ofSeconds(60));
        api = sluice.client();
        for (int i = 1; i <= DEPLOYMENTS; i++) {
            send("deployment.observed", "d" + i, at(i), """
                    {"service":"checkout","environment":"production","state":"success","version":"v%d"}""".formatted(i));
        }
        send("incident.observed", "i1", at(3).plus(Duration.ofHours(2)), """
                {"service":"checkout","environment":"production","state":"detected","severity":"major"}""");
        send("incident.observed", "i1", at(3).plus(Duration.ofHours(3)), """
                {"service":"checkout","environment":"production","state":"resolved"}""");
        send("incident.observed", "i2", at(1).minus(Duration.ofHours(5)), """
                {"service":"checkout","environment":"production","state":"detected"}""");
        SluiceProcess.await(
                "all is stored",
                LIMIT,
                () -> get("/v1/dora/explain?" + NUMBER).path("counted_total").intValue() == DEPLOYMENTS
                        && get("/v1/dora/explain?" + NUMBER)
                                        .at("/answer/value/unattributed")
                                        .intValue()
                                == 1
                        && get("/v1/dora/explain?" + NUMBER)
                                        .at("/answer/value/failed")
                                        .intValue()
                                == 1);
        then = Instant.now();
    }

    @AfterAll
    static void stop() {
        if (sluice != null) {
            sluice.close();
        }
    }

    @Test
    @Order(1)
    void leadsFromTheNumberToEveryDelivery_andBack() {
        JsonNode explanation = get("/v1/dora/explain?" + NUMBER);
        assertThat((Object) explanation.at("/answer/value"))
                .as("the number is that of the gate's memory")
                .isEqualTo(get("/v1/dora?" + SERIES + "&window=30d").at("/metrics/change_fail_rate"));
        assertThat(explanation.at("/answer/value/n").intValue()).isEqualTo(DEPLOYMENTS);
        List<JsonNode> counted = list(explanation.path("counted"));
        assertThat(counted).hasSize(DEPLOYMENTS);
        List<JsonNode> failed = counted.stream()
                .filter(item -> item.path("value").doubleValue() == 1)
                .toList();
        assertThat(failed).hasSize(explanation.at("/answer/value/failed").intValue());
        assertThat(failed.get(0).path("id").textValue()).isEqualTo("it/d3");
        assertThat(list(failed.get(0).path("reasons")))
                .extracting(JsonNode::textValue)
                .containsExactly("TIME");
        assertThat(list(failed.get(0).path("related")))
                .extracting(JsonNode::textValue)
                .containsExactly("it/i1");
        assertThat(list(explanation.path("excluded")))
                .extracting(item ->
                        item.path("kind").textValue() + " " + item.path("id").textValue() + " "
                                + item.at("/reasons/0").textValue())
                .containsExactly("incident it/i2 NO_DEPLOYMENT", "incident it/i1 TIME");

        int followed = 0;
        for (JsonNode item : counted) {
            assertThat(list(item.path("events"))).as(item.toString()).isNotEmpty();
            for (JsonNode event : item.path("events")) {
                JsonNode delivery = get(event.path("delivery_url").textValue());
                assertThat(delivery.path("status").textValue()).isEqualTo("events");
                assertThat(list(delivery.path("events")))
                        .as("the delivery leads back to what it told of")
                        .anySatisfy(derived -> {
                            assertThat(derived.path("id")).isEqualTo(event.path("id"));
                            var about = new TreeSet<String>();
                            about.add(item.path("id").textValue());
                            item.path("related").forEach(other -> about.add(other.textValue()));
                            assertThat(about).contains(derived.path("subject").textValue());
                        });
                followed++;
            }
        }
        assertThat(followed).as("each deployment, and the two of the incident").isEqualTo(DEPLOYMENTS + 2);
    }

    @Test
    @Order(2)
    void pagesAreOfTheSize_andBeginWhereAsked() {
        JsonNode page = get("/v1/dora/explain?" + NUMBER + "&limit=3&offset=6");

        assertThat(list(page.path("counted")))
                .extracting(item -> item.path("id").textValue())
                .containsExactly("it/d7", "it/d8");
        assertThat(page.path("counted_total").intValue()).isEqualTo(DEPLOYMENTS);
    }

    @Test
    @Order(3)
    void answersAsItWouldHaveThen_whateverWasCorrectedSince() throws Exception {
        JsonNode answerThen = window("");
        JsonNode quartersThen = quarters("");
        for (int i = 0; i < CORRECTIONS; i++) {
            int deployment = 1 + i % DEPLOYMENTS;
            boolean failed = i >= CORRECTIONS - DEPLOYMENTS ? deployment <= 2 : i % 3 == 0;
            String correction = """
                    {"kind":"deployment_failed","deployment":"it/d%d","service":"checkout","environment":"production",
                     "failed":%s,"reason":"Correction %d"}""".formatted(deployment, failed, i);
            assertThat(api.correct(correction))
                    .map(GateClient.Answer::status)
                    .as(correction)
                    .contains(GateClient.ACCEPTED);
        }
        SluiceProcess.await("the last corrections are stored", LIMIT, () -> {
            JsonNode explanation = get("/v1/dora/explain?" + NUMBER);
            return failedIds(explanation).equals(List.of("it/d1", "it/d2"))
                    && explanation.at("/answer/value/failed").intValue() == 2
                    && Instant.parse(explanation.path("stored_through").textValue())
                            .isAfter(then);
        });

        assertThat((Object) window("")).isNotEqualTo(answerThen);
        assertThat((Object) window("&as_of=" + then)).isEqualTo(answerThen);
        assertThat((Object) quarters("&as_of=" + then)).isEqualTo(quartersThen);
        JsonNode explained = get("/v1/dora/explain?" + NUMBER + "&as_of=" + then);
        assertThat(failedIds(explained)).containsExactly("it/d3");
        assertThat(list(explained.path("counted")))
                .allSatisfy(item -> assertThat(list(item.path("events")))
                        .isNotEmpty()
                        .allSatisfy(event -> assertThat(
                                        Instant.parse(event.path("received_at").textValue()))
                                .isBefore(then)));
        assertThat(list(get("/v1/dora/explain?" + NUMBER).path("counted")))
                .allSatisfy(item ->
                        assertThat(corrections(item.path("events"))).hasSizeGreaterThan(CORRECTIONS / DEPLOYMENTS - 1));
        assertThat((Object) explained.at("/answer/value")).isEqualTo(answerThen.at("/metrics/change_fail_rate"));
    }

    @Test
    @Order(4)
    void namesWhatHasChangedTheAnswer() {
        JsonNode diff = get("/v1/dora/diff?" + NUMBER + "&since=" + then);

        assertThat(diff.at("/before/value/failed").intValue()).isEqualTo(1);
        assertThat(diff.at("/after/value/failed").intValue()).isEqualTo(2);
        List<JsonNode> changed = list(diff.path("changed"));
        assertThat(changed)
                .filteredOn(item -> item.path("kind").textValue().equals("deployment"))
                .extracting(item -> item.path("id").textValue() + " "
                        + item.at("/before/value").intValue() + " "
                        + item.at("/after/value").intValue())
                .containsExactly("it/d1 0 1", "it/d2 0 1", "it/d3 1 0");
        for (JsonNode item : changed) {
            if (item.path("kind").textValue().equals("deployment")) {
                assertThat(corrections(item.path("events")))
                        .as(item.path("id").textValue())
                        .hasSizeGreaterThan(10);
            }
        }
        List<JsonNode> corrections = corrections(diff.path("events"));
        assertThat(corrections).hasSize(CORRECTIONS);
        JsonNode delivery = get(corrections.get(0).path("delivery_url").textValue());
        assertThat(delivery.path("principal").textValue()).isEqualTo("local");
        assertThat(delivery.at("/events/0/correction/reason").textValue()).startsWith("Correction ");
    }

    @Test
    @Order(5)
    void refusesWhatIsNoQuestion() throws Exception {
        for (String question : List.of(
                SERIES + "&window=30d",
                SERIES + "&metric=happiness&window=30d",
                SERIES + "&metric=change_fail_rate",
                SERIES + "&metric=change_fail_rate&period=month",
                SERIES + "&metric=change_fail_rate&window=30d&period=month&day=2026-01-01",
                NUMBER + "&limit=-1",
                NUMBER + "&as_of=yesterday")) {
            assertThat(api.get("/v1/dora/explain?" + question))
                    .map(GateClient.Answer::status)
                    .as(question)
                    .contains(400);
        }
        assertThat(api.get("/v1/dora/explain?service=nobody&environment=production&metric=change_fail_rate&window=7d"))
                .map(GateClient.Answer::status)
                .contains(GateClient.NOT_FOUND);
        assertThat(api.get("/v1/dora/explain?" + NUMBER + "&as_of=2001-01-01T00:00:00Z"))
                .map(GateClient.Answer::status)
                .contains(GateClient.NOT_FOUND);
        assertThat(api.get("/v1/dora/diff?" + NUMBER))
                .map(GateClient.Answer::status)
                .contains(400);
    }

    @Test
    @Order(6)
    void explainsThePeriodThatHoldsADay() {
        LocalDate day = LocalDate.ofInstant(at(5), ZoneOffset.UTC);
        JsonNode explanation =
                get("/v1/dora/explain?" + SERIES + "&metric=deployment_frequency&period=week&day=" + day);

        assertThat(explanation.path("counted_total").intValue())
                .isEqualTo(explanation.at("/answer/value/count").intValue())
                .isPositive();
        assertThat(LocalDate.parse(explanation.at("/answer/from").textValue()).plusDays(6))
                .isEqualTo(explanation.at("/answer/to").textValue());
    }

    @Test
    @Order(7)
    void rebuildFromClickHouseAloneGivesTheSameRows() throws Exception {
        sendOneOfEachOtherKind();
        JsonNode explained = explanation("");
        JsonNode explainedThen = explanation("&as_of=" + then);
        Map<String, List<List<String>>> rows = rows();
        sluice.close();
        sluice = SluiceAssembly.rebuilt(directory, Duration.ofSeconds(60));
        api = sluice.client();

        SluiceProcess.await("the rows are there again", LIMIT, () -> rows().equals(rows));
        SluiceProcess.await(
                "the store has come as far as then",
                LIMIT,
                () -> get("/v1/dora/explain?" + NUMBER + "&as_of=" + then).has("answer"));
        assertThat(rows.values()).allSatisfy(table -> assertThat(table).isNotEmpty());
        assertThat((Object) window("")).as("from memory").isNotNull();
        assertThat((Object) explanation("")).isEqualTo(explained);
        assertThat((Object) explanation("&as_of=" + then)).isEqualTo(explainedThen);
        JsonNode event = explained.at("/counted/0/events/0");
        assertThat(list(get(event.path("delivery_url").textValue()).path("events")))
                .as("a delivery to the Kafka of before")
                .anySatisfy(derived -> assertThat(derived.path("id")).isEqualTo(event.path("id")));
    }

    @Test
    @Order(8)
    void aDeliveryIsUnderstoodByTheMappingOfAConnectionThatTheApiHasSetUp() throws Exception {
        Instant startedAt = first.plus(Duration.ofHours(9));
        assertThat(api.connect("alerts", """
                        {"source": "alertmanager", "service": "mapped", "secret_env": "%s"}""".formatted(SluiceAssembly.SECRET_VARIABLE)))
                .map(GateClient.Answer::status)
                .contains(GateClient.OK);

        GateClient.Answer receipt = api.webhook("alerts", SluiceAssembly.SECRET, """
                        {"version": "4", "alerts": [{"status": "firing", "fingerprint": "f1", "startsAt": "%s",
                         "labels": {"alertname": "ErrorRateHigh", "environment": "production"}}]}""".formatted(startedAt))
                .orElseThrow();

        assertThat(receipt.status()).as(receipt.text()).isEqualTo(GateClient.ACCEPTED);
        String delivery = receipt.json().at("/deliveries/0/status_url").textValue();
        SluiceProcess.await(
                "the delivery is understood",
                LIMIT,
                () -> get(delivery).path("status").textValue().equals("events"));
        assertThat(get(delivery).at("/events/0/subject").textValue()).isEqualTo("alertmanager/f1@" + startedAt);
        assertThat(TopicRecords.values(sluice.bootstrap(), Topic.EVENTS))
                .filteredOn(event -> event.at("/data/subject/id").asText().contains("f1@"))
                .extracting(event -> event.at("/data/subject/content/service").textValue())
                .containsExactly("mapped");
    }

    /** Of another service what fills the tables that deployments and incidents leave empty; returns when it is stored. */
    private static void sendOneOfEachOtherKind() throws Exception {
        String root = "1".repeat(40);
        String change = "2".repeat(40);
        send("commit.recorded", root, at(1), """
                {"repository":"acme/search","authoredAt":"%s","parents":[]}""".formatted(at(1)));
        send("commit.recorded", change, at(2), """
                {"repository":"acme/search","authoredAt":"%s","parents":["%s"]}""".formatted(at(2), root));
        send("pullrequest.observed", "7", at(3), """
                {"repository":"acme/search","state":"merged","mergeSha":"%s","headSha":"%s"}""".formatted(change, change));
        for (String sha : List.of(root, change)) {
            send("deployment.observed", "s" + sha.charAt(0), sha.equals(root) ? at(2) : at(4), """
                    {"service":"search","environment":"production","state":"success","repository":"acme/search","sha":"%s"}""".formatted(sha));
        }
        for (boolean drifted : new boolean[] {true, false}) {
            send("drift.checked", "check-" + drifted, drifted ? at(2) : at(3), """
                    {"service":"search","environment":"production","resource":"terraform/search","drifted":%s}""".formatted(drifted));
        }
        send("service.described", "search", at(5), """
                {"zone":"Europe/Berlin"}""");
        send("catalogue.assigned", "search", at(5), """
                {"kind":"service_team","value":"finders","from":"%s"}""".formatted(LocalDate.ofInstant(at(2), ZoneOffset.UTC)));
        Instant sent = Instant.now();
        SluiceProcess.await("all of them are stored", LIMIT, () -> {
            try {
                return sluice.sql("SELECT stored_through > parseDateTime64BestEffort('%s', 3) FROM dash.freshness"
                                .formatted(sent))
                        .equals(List.of(List.of("1")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** The rows of all tables that jobs make but shifts, without when and by which attempt. */
    private static Map<String, List<List<String>>> rows() {
        var rows = new TreeMap<String, List<List<String>>>();
        for (String view : List.of(
                "deployments",
                "changes",
                "incidents",
                "pull_requests",
                "drift_episodes",
                "service_settings",
                "assignments",
                "dora_windows",
                "periods",
                "current")) {
            try {
                rows.put(view, sluice.sql("SELECT * EXCEPT computed_at FROM dash." + view + " ORDER BY ALL"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return rows;
    }

    /** Without what passes with the time. */
    private static JsonNode explanation(String parameters) {
        ObjectNode explanation = (ObjectNode) get("/v1/dora/explain?" + NUMBER + parameters);
        explanation.remove("stored_through");
        ((ObjectNode) explanation.path("answer")).remove("computed_at");
        return explanation;
    }

    private static List<String> failedIds(JsonNode explanation) {
        return list(explanation.path("counted")).stream()
                .filter(item -> item.path("value").doubleValue() == 1)
                .map(item -> item.path("id").textValue())
                .toList();
    }

    private static List<JsonNode> corrections(JsonNode events) {
        return list(events).stream()
                .filter(event -> event.path("source").textValue().equals("sluice"))
                .toList();
    }

    /** The window, without how old the answer is and how far the store has come. */
    private static JsonNode window(String parameters) {
        ObjectNode answer = (ObjectNode) get("/v1/dora?" + SERIES + "&window=30d" + parameters);
        answer.remove(List.of("freshness_ms", "stored_through"));
        return answer;
    }

    private static JsonNode quarters(String parameters) {
        return get("/v1/dora?" + SERIES + "&period=quarter" + parameters).path("periods");
    }

    private static List<JsonNode> list(JsonNode array) {
        return new ArrayList<>(StreamSupport.stream(array.spliterator(), false).toList());
    }

    /** Returns what is answered once the store has come as far as is asked: until then it is 503. */
    private static JsonNode get(String path) {
        var answers = new ArrayList<GateClient.Answer>();
        SluiceProcess.await(path + " is answered", LIMIT, () -> {
            answers.add(answer(path));
            return answers.get(answers.size() - 1).status() != GateClient.UNAVAILABLE;
        });
        return answers.get(answers.size() - 1).json();
    }

    private static GateClient.Answer answer(String path) {
        try {
            return api.get(path).orElseThrow();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Instant at(int day) {
        return first.plus(Duration.ofDays(day)).plus(Duration.ofHours(10));
    }

    private static void send(String type, String subject, Instant at, String content) throws Exception {
        String event = """
                {"specversion":"1.0","id":"%1$s","source":"it","type":"dev.cdeventsx.sluice-%2$s.0.1.0",
                 "time":"%3$s","data":{
                   "context":{"specversion":"0.5.1","id":"%1$s","source":"it","timestamp":"%3$s",
                              "type":"dev.cdeventsx.sluice-%2$s.0.1.0"},
                   "subject":{"id":"%4$s","content":%5$s}}}""".formatted(type + "-" + subject + "-" + at, type, at, subject, content);
        assertThat(api.send(event)).map(GateClient.Answer::status).contains(GateClient.ACCEPTED);
    }
}
