package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dora.CurrentRow;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.Topic;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Canary runs by the API, against a real log; how they stand is written by the test, in place of the job that judges. */
class CanariesIT {
    private static final String ACME = "slc_acme";
    private static final String OTHER = "slc_other";
    private static final String READER = "slc_reader";
    private static final String CONFIG = "{'metrics':[{'name':'errors','kind':'ratio'},"
            + "{'name':'duration','kind':'histogram'},{'name':'cpu','kind':'gauge'}],'alpha':0.010}";

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static GateApiConfig config;
    private static GateApi api;
    private static KafkaProducer<String, byte[]> job;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: ann, sha256: %s, tenant: acme, scopes: [evaluate, read, receive]}
                  - {id: bob, sha256: %s, tenant: other, scopes: [evaluate, read, receive]}
                  - {id: eve, sha256: %s, tenant: acme, scopes: [read, correct, admin, operate]}
                """.formatted(
                        GateApiFixture.sha256(ACME), GateApiFixture.sha256(OTHER), GateApiFixture.sha256(READER)));
        Path sources = Files.writeString(
                directory.resolve("sources.yaml"),
                "sources: [{name: main, type: prometheus, url: 'http://127.0.0.1:9', tenants: [acme]}]");
        config = GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withFiles(GateApiFiles.NONE.withTokens(tokens).withMetricSources(sources));
        api = GateApi.start(config);
        awaitReady(api);
        job = GateApiFixture.jobs(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        if (api != null) {
            api.close();
        }
        if (job != null) {
            job.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static Answer get(String token, String path) {
        return GateApiFixture.send(GateApiFixture.request(api, path)
                .header("Authorization", "Bearer " + token)
                .GET());
    }

    private static Answer post(String token, String path, String body) {
        return post(api, token, path, body);
    }

    private static Answer post(GateApi replica, String token, String path, String body) {
        return GateApiFixture.send(GateApiFixture.request(replica, path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    private static String run(String id, String more) {
        return "{'id':'" + id + "','service':'checkout','environment':'production','config':" + CONFIG + more + "}";
    }

    private static Answer started(String token, String id) {
        Answer answer = post(token, "/v1/canaries", run(id, ""));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    private static Instant startOf(Answer run) {
        return Instant.parse(run.at("/started_at"));
    }

    /** A run is judged by what a name stood for at its start, whatever becomes of the name. */
    @Test
    void aConfigMayHaveAName() {
        String named = "/v1/canary-configs/default";
        String first = "{'selectors':{'baseline':'{v=\\\"${baseline}\\\"}','canary':'{v=\\\"${canary}\\\"}'},"
                + "'metrics':[{'name':'errors','kind':'ratio','series':{'events':'e','exposure':'r'}}]}";
        String start = "{'id':'by-name','service':'checkout','environment':'production','baseline':'1','canary':'2',"
                + "'config':'default'}";
        assertThat(post(ACME, "/v1/canaries", start).text()).contains("there is no canary config of this name");
        assertThat(put(ACME, named, first).status()).isEqualTo(403);
        Answer kept = put(READER, named, first);
        assertThat(kept.status()).as(kept.text()).isEqualTo(200);
        assertThat(kept.at("/changed_by")).isEqualTo("eve");
        assertThat(get(ACME, "/v1/canary-configs").at("/canary_configs/0/name")).isEqualTo("default");
        assertThat(get(OTHER, named).status()).isEqualTo(404);

        Answer run = post(ACME, "/v1/canaries", start);
        assertThat(run.status()).as(run.text()).isEqualTo(201);
        assertThat(run.at("/config_name")).isEqualTo("default");
        assertThat(run.at("/config/selectors/canary")).isEqualTo("{v=\"2\"}");
        assertThat(put(READER, named, "{'metrics':[{'name':'cpu','kind':'gauge'}]}")
                        .status())
                .isEqualTo(200);
        Answer again = post(ACME, "/v1/canaries", start);
        assertThat(again.status()).as(again.text()).isEqualTo(200);
        assertThat(again.at("/config_digest")).isEqualTo(run.at("/config_digest"));
        Answer later = post(ACME, "/v1/canaries", start.replace("by-name", "by-name-later"));
        assertThat(later.at("/config/metrics/0/name")).isEqualTo("cpu");

        assertThat(delete(READER, named).status()).isEqualTo(200);
        assertThat(get(ACME, named).status()).isEqualTo(404);
        assertThat(post(ACME, "/v1/canaries", start.replace("by-name", "by-no-name"))
                        .status())
                .isEqualTo(400);
    }

    /** A deployment of the canary begins a stage, one of what was there before ends the run; both as soon as they are known. */
    @Test
    void deploymentsAreFollowed() throws Exception {
        String start = "{'id':'followed','service':'followed','environment':'production','baseline':'1','canary':'2',"
                + "'config':{'deployments':'stages','metrics':[{'name':'errors','kind':'ratio'}]}}";
        Answer run = post(ACME, "/v1/canaries", start);
        assertThat(run.status()).as(run.text()).isEqualTo(201);
        Answer other = post(
                ACME,
                "/v1/canaries",
                start.replace("'id':'followed'", "'id':'not-followed'").replace("'deployments':'stages',", ""));
        assertThat(other.status()).as(other.text()).isEqualTo(201);

        Instant first = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        deployed("followed", "2", first);
        awaitFollowed("/stages/0", first);
        Instant second = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        deployed("followed", "1", second);
        awaitFollowed("/ended_at", second);

        assertThat(get(ACME, "/v1/canaries/followed").at("/stages/1")).isEmpty();
        assertThat(get(ACME, "/v1/canaries/not-followed").at("/stages/0")).isEmpty();
        assertThat(get(ACME, "/v1/canaries/not-followed").at("/ended_at")).isEqualTo("null");
    }

    private static void awaitFollowed(String pointer, Instant expected) throws Exception {
        await(
                () -> get(ACME, "/v1/canaries/followed").at(pointer).equals(expected.toString()),
                () -> get(ACME, "/v1/canaries/followed").text());
    }

    private static void deployed(String service, String version, Instant since) throws Exception {
        var current = new CurrentRow(
                "acme",
                service,
                "production",
                "d-" + version,
                version,
                null,
                null,
                since,
                null,
                null,
                0,
                null,
                0,
                null,
                null,
                null,
                false,
                since);
        job.send(new ProducerRecord<>(
                        Topic.CURRENT.topicName(), Keys.of("acme", service, "production"), Json.bytes(current)))
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void aConfigWithoutSenseHasNoName() {
        Answer wrong = put(
                READER,
                "/v1/canary-configs/wrong",
                "{'selectors':{'baseline':'{v=\\\"${old}\\\"}','canary':'{v=\\\"2\\\"}'},'metrics':[{'name':'errors',"
                        + "'kind':'ratio','series':{'events':'e','exposure':'r'}}]}");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("/selectors/baseline", "${old} is none of");
        assertThat(put(READER, "/v1/canary-configs/wrong", "{'metrics':[]}").status())
                .isEqualTo(400);
        assertThat(put(READER, "/v1/canary-configs/Wrong", "{'metrics':[{'name':'cpu','kind':'gauge'}]}")
                        .status())
                .isEqualTo(400);
        assertThat(delete(READER, "/v1/canary-configs/wrong").status()).isEqualTo(404);
    }

    @Test
    void aRunThatPullsFromASourceThatIsNotThereIsRefused() {
        String pulls = "{'id':'pulls','service':'checkout','environment':'production','config':"
                + "{'pull':{'source':'main'},'selectors':{'baseline':'{v=\\\"1\\\"}','canary':'{v=\\\"2\\\"}'},"
                + "'metrics':[{'name':'errors','kind':'ratio','series':{'events':'e','exposure':'r'}}]}}";

        Answer unknown = post(ACME, "/v1/canaries", pulls.replace("main", "mian"));
        Answer ofOthers = post(OTHER, "/v1/canaries", pulls);

        for (Answer refused : List.of(unknown, ofOthers)) {
            assertThat(refused.status()).as(refused.text()).isEqualTo(400);
            assertThat(refused.at("/pointer")).isEqualTo("/config/pull/source");
        }
        assertThat(unknown.at("/detail")).contains("is named mian; the file that SLUICE_METRIC_SOURCES names");
        assertThat(controls("pulls")).isEmpty();
        assertThat(post(ACME, "/v1/canaries", pulls).status()).isEqualTo(201);
        assertThat(post(ACME, "/v1/canaries", pulls).status()).isEqualTo(200);
    }

    private static Answer put(String token, String path, String body) {
        return GateApiFixture.send(GateApiFixture.request(api, path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
    }

    private static Answer delete(String token, String path) {
        return GateApiFixture.send(GateApiFixture.request(api, path)
                .header("Authorization", "Bearer " + token)
                .DELETE());
    }

    private static CanaryStanding standing(String tenant, String id, String state) throws Exception {
        JsonNode verdict = Json.mapper().readTree("""
                {"state": "%s", "at": "2026-03-01T12:00:00Z", "reasons": ["because"], "log_e": 4.5,
                 "log_e_to_fail": 5, "log_e_to_pass": null, "seconds_to_pass": 12.5, "seconds_to_fail": null,
                 "metrics": [{"name": "errors", "kind": "ratio", "verdict": "%s", "direction": "increase",
                   "estimate": 1.5, "interval": [1.1, null], "tolerance": 0.1, "margin": 0.5, "log_e_fail": 4.5,
                   "log_e_pass": -2, "baseline": {"n": 100, "events": 1}, "canary": {"n": 10, "events": 3},
                   "resolution_floor": null, "reason": "more"}]}""".formatted(state, state));
        return new CanaryStanding(
                tenant,
                id,
                "sha256:0",
                false,
                0,
                Instant.now().plusSeconds(3600),
                12,
                7,
                List.of(),
                null,
                verdict,
                false);
    }

    private static void write(CanaryStanding standing) throws Exception {
        job.send(new ProducerRecord<>(Topic.VERDICTS.topicName(), standing.key(), Json.bytes(standing)))
                .get(10, TimeUnit.SECONDS);
    }

    private static List<Control> controls(String id) {
        return records(broker.bootstrapServers(), Topic.CONTROL).stream()
                .map(found -> Json.read(found.value(), Control.class))
                .filter(control -> control.id().equals(id))
                .toList();
    }

    private static List<ConsumerRecord<String, byte[]>> samples(String run) {
        return records(broker.bootstrapServers(), Topic.SAMPLES).stream()
                .filter(found -> found.headers().lastHeader(RecordHeaders.HEARTBEAT) == null)
                .filter(found -> Keys.split(found.key())[1].equals(run))
                .toList();
    }

    @Test
    void aStartStandsInTheLog_andIsShown() throws Exception {
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        Answer answer = post(ACME, "/v1/canaries", run("first", ",'baseline':'1.4.0','canary':'1.5.0'"));

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.header("Location")).isEqualTo("/v1/canaries/first");
        assertThat(get(ACME, answer.header("Location")).json()).isEqualTo(answer.json());
        assertThat(answer.at("/state")).isEqualTo("Pending");
        assertThat(answer.at("/config/metrics/2/name")).isEqualTo("cpu");
        assertThat(startOf(answer)).isBetween(before, Instant.now());
        assertThat(controls("first")).singleElement().satisfies(control -> {
            assertThat(control.key()).isEqualTo("acme/canary/first");
            assertThat(control.principal()).isEqualTo("ann");
            CanaryRunDocument document = CanaryRunDocument.of(control);
            assertThat(document.service()).isEqualTo("checkout");
            assertThat(document.environment()).isEqualTo("production");
            assertThat(document.baseline()).isEqualTo("1.4.0");
            assertThat(document.canary()).isEqualTo("1.5.0");
            assertThat(document.startedAt()).isEqualTo(startOf(answer));
            assertThat(document.stages()).isEmpty();
            assertThat(document.isEnded()).isFalse();
            assertThat(document.configDigest())
                    .isEqualTo("sha256:"
                            + GateApiFixture.sha256(
                                    "{\"alpha\":0.01,\"metrics\":[{\"kind\":\"ratio\",\"name\":\"errors\"},"
                                            + "{\"kind\":\"histogram\",\"name\":\"duration\"},"
                                            + "{\"kind\":\"gauge\",\"name\":\"cpu\"}]}"));
        });
    }

    @Test
    void aRunWithoutAnIdIsGivenOne() {
        Answer first = post(ACME, "/v1/canaries", run("x", "").replace("'id':'x',", ""));
        Answer second = post(ACME, "/v1/canaries", run("x", "").replace("'id':'x',", ""));

        assertThat(List.of(first.status(), second.status())).containsOnly(201);
        assertThat(first.at("/id")).isNotEqualTo(second.at("/id")).matches("[0-9a-f-]{36}");
    }

    @Test
    void theSameStartAgainIsHarmless_andAnotherOneAConflict() {
        Answer first = started(ACME, "again");
        assertThat(post(ACME, "/v1/canaries/again/stages", "{}").status()).isEqualTo(200);

        Answer same = post(ACME, "/v1/canaries", run("again", "").replace("0.010", "1e-2"));
        Answer withTime = post(ACME, "/v1/canaries", run("again", ",'started_at':'" + first.at("/started_at") + "'"));

        assertThat(same.status()).as(same.text()).isEqualTo(200);
        assertThat(same.at("/started_at")).isEqualTo(first.at("/started_at"));
        assertThat(same.json().path("stages")).hasSize(1);
        assertThat(withTime.status()).isEqualTo(200);
        for (String other : List.of(
                run("again", ",'canary':'1.5.0'"),
                run("again", "").replace("0.010", "0.02"),
                run("again", "").replace("production", "staging"),
                run("again", ",'started_at':'" + startOf(first).minusSeconds(1) + "'"))) {
            assertThat(post(ACME, "/v1/canaries", other).status()).as(other).isEqualTo(409);
        }
        assertThat(controls("again")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'service':'a','environment':'b','config':{'metrics':[{'name':'x','kind':'ratio'}]},'stages':[]} | /stages | is not known",
                "{'service':'a','environment':'b','config':{'alpha':0.01}} | /config/metrics | is required",
                "{'service':'a','environment':'b','config':{'metrics':[]}} | /config/metrics | at least",
                "{'service':'a','environment':'b','config':{'metrics':[{'name':'x','kind':'counter'}]}} | /config/metrics/0/kind | ratio",
                "{'service':'a','environment':'b','config':{'metrics':[{'name':'x','kind':'ratio','margin':0.01}]}} | /config/metrics/0 | margin",
                "{'service':'a','environment':'b','started_at':'2026-03-01T12:00:00Z','config':{'metrics':[{'name':'x','kind':'ratio'}]}} | /started_at | an hour ago",
                "{'service':'a','environment':'b','started_at':'2999-03-01T12:00:00Z','config':{'metrics':[{'name':'x','kind':'ratio'}]}} | /started_at | in the future",
                "{'service':'\\ud800','environment':'b','config':{'metrics':[{'name':'x','kind':'ratio'}]}} | /service | surrogate",
                "[] | `` | an object",
            })
    void whatIsWrongWithAStartIsRefused_withAPointer(String body, String pointer, String detail) {
        Answer answer = post(ACME, "/v1/canaries", body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.at("/pointer")).isEqualTo(pointer);
        assertThat(answer.at("/detail")).contains(detail);
    }

    @Test
    void howARunStandsIsShown() throws Exception {
        Answer run = started(ACME, "shown");
        write(standing("other", "shown", "Failed"));
        write(standing("acme", "shown", "Running"));

        await(
                () -> get(ACME, "/v1/canaries/shown").at("/state").equals("Running"),
                () -> get(ACME, "/v1/canaries/shown").text());

        Answer shown = get(ACME, "/v1/canaries/shown");
        assertThat(shown.at("/config_digest")).isEqualTo(run.at("/config_digest"));
        assertThat(shown.at("/late")).isEqualTo("7");
        assertThat(shown.at("/at")).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(shown.at("/reasons/0")).isEqualTo("because");
        assertThat(shown.at("/log_e")).isEqualTo("4.5");
        assertThat(shown.json().path("log_e_to_pass").isNull()).isTrue();
        assertThat(shown.at("/seconds_to_pass")).isEqualTo("12.5");
        assertThat(shown.at("/metrics/0/canary/events")).isEqualTo("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Successful", "Failed", "Inconclusive", "Error"})
    void whoWaitsIsToldOfAVerdictThatStays_andNotOfOneBeforeIt(String state) throws Exception {
        String id = "awaited-" + state.toLowerCase(Locale.ROOT);
        started(ACME, id);
        CompletableFuture<Answer> waiting =
                CompletableFuture.supplyAsync(() -> get(ACME, "/v1/canaries/" + id + "?wait=9s"));
        write(standing("acme", id, "Running"));
        await(
                () -> get(ACME, "/v1/canaries/" + id).at("/state").equals("Running"),
                () -> get(ACME, "/v1/canaries/" + id).text());
        assertThat(waiting).isNotDone();

        write(standing("acme", id, state));

        Answer told = waiting.get(20, TimeUnit.SECONDS);
        assertThat(told.at("/state")).isEqualTo(state);
        assertThat(told.took()).isLessThan(Duration.ofSeconds(8));
        assertThat(get(ACME, "/v1/canaries/" + id + "?wait=9s").took()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void whoWaitsForLongerThanAllowedGetsTheRunAsItStands() {
        started(ACME, "patient");

        Answer late = get(ACME, "/v1/canaries/patient?wait=700ms");

        assertThat(late.status()).isEqualTo(200);
        assertThat(late.at("/state")).isEqualTo("Pending");
        assertThat(late.took()).isBetween(Duration.ofMillis(690), Duration.ofSeconds(8));
        assertThat(get(ACME, "/v1/canaries/patient?wait=9001ms").status()).isEqualTo(400);
        assertThat(get(ACME, "/v1/canaries/patient?wait=soon").status()).isEqualTo(400);
    }

    /** More than the API has threads for requests. */
    @Test
    void manyMayWait_andOthersAreAnsweredMeanwhile() {
        started(ACME, "crowded");
        List<CompletableFuture<Answer>> waiting = IntStream.range(0, 60)
                .mapToObj(i -> GateApiFixture.request(api, "/v1/canaries/crowded?wait=4s")
                        .header("Authorization", "Bearer " + ACME)
                        .GET())
                .map(request -> CompletableFuture.supplyAsync(
                        () -> GateApiFixture.send(request), task -> new Thread(task).start()))
                .toList();

        Answer other = get(ACME, "/v1/canaries/crowded");

        assertThat(other.status()).as(other.text()).isEqualTo(200);
        assertThat(waiting).allSatisfy(one -> assertThat(one.join().status()).isIn(200, 503));
        assertThat(waiting.stream().filter(one -> one.join().status() == 200).count())
                .isGreaterThan(24);
    }

    @Test
    void aRunThatIsForgottenIsPendingAgain() throws Exception {
        started(ACME, "forgotten");
        write(standing("acme", "forgotten", "Failed"));
        await(
                () -> get(ACME, "/v1/canaries/forgotten").at("/state").equals("Failed"),
                () -> get(ACME, "/v1/canaries/forgotten").text());

        write(new CanaryStanding(
                "acme", "forgotten", "sha256:0", true, 0, Instant.now(), 12, 0, List.of(), null, null, true));

        await(
                () -> get(ACME, "/v1/canaries/forgotten").at("/state").equals("Pending"),
                () -> get(ACME, "/v1/canaries/forgotten").text());
    }

    @Test
    void runsAreListed_theNewestFirst_withoutTheirMetrics() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        for (int i = 1; i <= 3; i++) {
            post(OTHER, "/v1/canaries", run("listed-" + i, ",'started_at':'" + now.minusSeconds(i * 60L) + "'"));
        }
        post(
                OTHER,
                "/v1/canaries",
                run("listed-4", "").replace("checkout", "cart").replace("production", "staging"));

        Answer all = get(OTHER, "/v1/canaries");
        assertThat(ids(all)).containsExactly("listed-4", "listed-1", "listed-2", "listed-3");
        assertThat(all.json().path("canaries")).allSatisfy(run -> {
            assertThat(run.has("config")).isFalse();
            assertThat(run.has("metrics")).isFalse();
        });
        assertThat(ids(get(OTHER, "/v1/canaries?service=cart"))).containsExactly("listed-4");
        assertThat(ids(get(OTHER, "/v1/canaries?environment=production")))
                .containsExactly("listed-1", "listed-2", "listed-3");
        assertThat(ids(get(OTHER, "/v1/canaries?service=cart&environment=production")))
                .isEmpty();
    }

    private static List<String> ids(Answer listed) {
        return StreamSupport.stream(listed.json().path("canaries").spliterator(), false)
                .map(run -> run.path("id").asText())
                .toList();
    }

    @Test
    void stagesFollowEachOther_untilTheEnd() {
        Instant start = startOf(started(ACME, "staged"));
        String stages = "/v1/canaries/staged/stages";
        String at = start.plusSeconds(20).toString();

        assertThat(post(ACME, stages, "{'at':'" + start.minusMillis(1) + "'}").at("/pointer"))
                .isEqualTo("/at");
        assertThat(post(ACME, stages, "{'at':'" + start.plusSeconds(600) + "'}").status())
                .isEqualTo(400);
        Answer first = post(ACME, stages, "{'at':'" + at + "'}");
        Answer again = post(ACME, stages, "{'at':'" + at + "'}");
        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(first.json().path("stages")).hasSize(1);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(post(ACME, stages, "{'at':'" + start.plusSeconds(19) + "'}").status())
                .isEqualTo(400);
        assertThat(post(ACME, "/v1/canaries/staged/end", "{'at':'" + start.plusSeconds(19) + "'}")
                        .status())
                .isEqualTo(400);

        Answer ended = post(ACME, "/v1/canaries/staged/end", "{}");
        assertThat(ended.status()).as(ended.text()).isEqualTo(200);
        assertThat(Instant.parse(ended.at("/ended_at"))).isAfterOrEqualTo(start.plusSeconds(20));
        assertThat(ended.at("/reasons/0"))
                .startsWith("ended at " + ended.at("/ended_at") + "; waits for its last bucket");
        assertThat(ended.at("/closed")).isEqualTo("false");
        assertThat(post(ACME, "/v1/canaries/staged/end", "{'at':'" + start + "'}")
                        .json())
                .isEqualTo(ended.json());
        assertThat(post(ACME, stages, "{}").status()).isEqualTo(409);
        assertThat(post(ACME, stages, "{'at':'" + at + "'}").status()).isEqualTo(409);
        assertThat(controls("staged")).hasSize(3);
        assertThat(CanaryRunDocument.of(controls("staged").get(2)).stages()).containsExactly(Instant.parse(at));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{'when':'now'} | /when", "{'at':'now'} | /at", "{'at':5} | /at", "[] | ``"})
    void whatIsWrongWithAChangeIsRefused(String body, String pointer) {
        post(ACME, "/v1/canaries", run("changed", ""));

        Answer answer = post(ACME, "/v1/canaries/changed/end", body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.at("/pointer")).isEqualTo(pointer);
    }

    @Test
    void pointsStandInTheLog_oneRecordForEachMetric() {
        Instant at = startOf(started(ACME, "measured")).plusSeconds(1);

        Answer answer = post(ACME, "/v1/samples", """
                {'run': 'measured', 'samples': [
                  {'metric': 'errors', 'arm': 'baseline', 'at': '%1$s', 'count': 2, 'exposure': 1204},
                  {'metric': 'cpu', 'arm': 'canary', 'series': 'pod-1', 'at': '%1$s', 'value': 0.42},
                  {'metric': 'errors', 'arm': 'canary', 'series': {'zone': 'a', 'pod': 'x'}, 'at': '%1$s',
                   'count': 3, 'exposure': 121, 'cumulative': true},
                  {'metric': 'duration', 'arm': 'canary', 'at': '%1$s', 'le': {'+Inf': 9, '0.1': 5}}]}""".formatted(at));

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.at("/accepted")).isEqualTo("4");
        List<SampleBatch> batches = samples("measured").stream()
                .peek(found -> assertThat(found.key())
                        .isEqualTo(Json.read(found.value(), SampleBatch.class).key()))
                .map(found -> Json.read(found.value(), SampleBatch.class))
                .toList();
        assertThat(batches)
                .containsExactlyInAnyOrder(
                        new SampleBatch(
                                "acme",
                                "measured",
                                "errors",
                                0,
                                List.of(
                                        point("baseline", null, at, null, 2.0, 1204.0, null),
                                        point("canary", "pod=\"x\",zone=\"a\"", at, null, 3.0, 121.0, true))),
                        new SampleBatch(
                                "acme",
                                "measured",
                                "cpu",
                                0,
                                List.of(point("canary", "pod-1", at, 0.42, null, null, null))),
                        new SampleBatch(
                                "acme",
                                "measured",
                                "duration",
                                0,
                                List.of(new SampleBatch.Point(
                                        "canary", null, at, null, null, 9.0, null, List.of(0.1), List.of(5L), null))));
    }

    private static SampleBatch.Point point(
            String arm,
            @Nullable String series,
            Instant at,
            @Nullable Double value,
            @Nullable Double count,
            @Nullable Double exposure,
            @Nullable Boolean cumulative) {
        return new SampleBatch.Point(arm, series, at, value, null, count, exposure, null, null, cumulative);
    }

    @Test
    void onePointThatIsWrongRefusesAll() {
        Instant at = startOf(started(ACME, "partly")).plusSeconds(1);
        String good = "{'metric':'cpu','arm':'canary','at':'" + at + "','value':1}";

        Answer kind = post(
                ACME,
                "/v1/samples",
                "{'run':'partly','samples':[" + good + ","
                        + good.replace("cpu", "errors") + "," + good.replace("cpu", "memory") + ","
                        + good.replace(at.toString(), at.plusSeconds(900).toString()) + "]}");
        Answer strict = post(ACME, "/v1/samples", "{'run':'partly','samples':[" + good + ",{'metric':'cpu'}]}");

        assertThat(kind.status()).as(kind.text()).isEqualTo(400);
        assertThat(StreamSupport.stream(kind.json().path("errors").spliterator(), false)
                        .map(error -> error.path("pointer").asText()))
                .containsExactly("/samples/1", "/samples/2/metric", "/samples/3/at");
        assertThat(strict.status()).isEqualTo(400);
        assertThat(samples("partly")).isEmpty();
    }

    @Test
    void pointsAreOfARunThatGoesOn_andNotTooMany() {
        Instant at = startOf(started(ACME, "over"));
        String point = "{'metric':'cpu','arm':'canary','at':'" + at + "','value':1}";
        String many = IntStream.rangeClosed(0, 10_000)
                .mapToObj(i -> "{}")
                .collect(Collectors.joining(",", "{'run':'over','samples':[", "]}"));

        assertThat(post(ACME, "/v1/samples", "{'run':'nosuch','samples':[" + point + "]}")
                        .status())
                .isEqualTo(404);
        assertThat(post(ACME, "/v1/samples", many).status()).isEqualTo(413);
        assertThat(post(ACME, "/v1/samples", " ".repeat((1 << 20) + 1)).status())
                .isEqualTo(413);
        assertThat(post(ACME, "/v1/canaries/over/end", "{}").status()).isEqualTo(200);
        assertThat(post(ACME, "/v1/samples", "{'run':'over','samples':[" + point + "]}")
                        .status())
                .isEqualTo(409);
        assertThat(samples("over")).isEmpty();
    }

    @Test
    void asManyPointsAsMayBeAreTaken() {
        Instant at = startOf(started(ACME, "many")).truncatedTo(ChronoUnit.SECONDS);
        String many = IntStream.range(0, 10_000)
                .mapToObj(i -> "{'metric':'cpu','arm':'canary','series':'" + i + "','at':'" + at + "','value':1}")
                .collect(Collectors.joining(",", "{'run':'many','samples':[", "]}"));

        Answer answer = post(ACME, "/v1/samples", many);

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.at("/accepted")).isEqualTo("10000");
        assertThat(answer.took()).isLessThan(Duration.ofSeconds(10));
        assertThat(samples("many"))
                .singleElement()
                .satisfies(found -> assertThat(
                                Json.read(found.value(), SampleBatch.class).points())
                        .hasSize(10_000));
    }

    /** Numbers may be longer in the log than in the request. */
    @Test
    void whatIsTooMuchForARecordIsRefused_andAsMuchAsMayBeIsTaken() {
        Instant at = startOf(started(ACME, "large"));
        String head = "{'run':'large','samples':[{'metric':'duration','arm':'canary','at':'" + at + "','values':[1";

        assertThat(post(ACME, "/v1/samples", head + ",1".repeat(523_000) + "]}]}")
                        .status())
                .isEqualTo(413);
        Answer taken = post(ACME, "/v1/samples", head + ",1".repeat(500_000) + "]}]}");

        assertThat(taken.status()).as(taken.text()).isEqualTo(202);
        assertThat(samples("large")).hasSize(1);
    }

    @Test
    void anotherTenantsRunIsInvisible_andItsIdFree() {
        started(ACME, "mine");
        String point = "{'metric':'cpu','arm':'canary','at':'" + Instant.now() + "','value':1}";

        assertThat(get(OTHER, "/v1/canaries/mine").status()).isEqualTo(404);
        assertThat(get(OTHER, "/v1/canaries/mine?wait=9s").status()).isEqualTo(404);
        assertThat(post(OTHER, "/v1/canaries/mine/stages", "{}").status()).isEqualTo(404);
        assertThat(post(OTHER, "/v1/canaries/mine/end", "{}").status()).isEqualTo(404);
        assertThat(post(OTHER, "/v1/samples", "{'run':'mine','samples':[" + point + "]}")
                        .status())
                .isEqualTo(404);
        assertThat(ids(get(OTHER, "/v1/canaries"))).doesNotContain("mine");
        assertThat(post(OTHER, "/v1/canaries", run("mine", "").replace("checkout", "cart"))
                        .status())
                .isEqualTo(201);
        assertThat(get(ACME, "/v1/canaries/mine").at("/service")).isEqualTo("checkout");
    }

    @Test
    void eachRouteNeedsItsScope() {
        started(ACME, "scoped");

        assertThat(post(READER, "/v1/canaries", run("refused", "")).status()).isEqualTo(403);
        assertThat(post(READER, "/v1/canaries/scoped/stages", "{}").status()).isEqualTo(403);
        assertThat(post(READER, "/v1/canaries/scoped/end", "{}").status()).isEqualTo(403);
        assertThat(post(READER, "/v1/samples", "{}").status()).isEqualTo(403);
        assertThat(get(READER, "/v1/canaries/scoped").status()).isEqualTo(200);
        assertThat(get(READER, "/v1/canaries").status()).isEqualTo(200);
        assertThat(get("slc_nobody", "/v1/canaries").status()).isEqualTo(401);
    }

    @Test
    void aStartThatIsNotReadBackIsNotAnswered_andNoOtherIsMadeBeforeItIs() throws Exception {
        api.viewReader().pause();
        try {
            Answer late = post(ACME, "/v1/canaries", run("late", ""));
            Answer other = post(ACME, "/v1/canaries", run("late", ",'canary':'1.5.0'"));

            assertThat(late.status()).as(late.text()).isEqualTo(503);
            assertThat(late.took()).isLessThan(Duration.ofSeconds(10));
            assertThat(other.status()).as(other.text()).isEqualTo(503);
            assertThat(other.at("/type")).isEqualTo("urn:sluice:problem:busy");
        } finally {
            api.viewReader().resume();
        }
        await(
                () -> post(ACME, "/v1/canaries", run("late", "")).status() == 200,
                () -> get(ACME, "/v1/canaries/late").text());
        assertThat(controls("late")).hasSize(1);
    }

    @Test
    void aReplicaChangesNothing_beforeItHasReadWhatOthersHaveChanged() throws Exception {
        try (GateApi second = GateApi.start(config)) {
            awaitReady(second);
            second.viewReader().pause();
            try {
                started(ACME, "shared");
                assertThat(post(second, ACME, "/v1/canaries/shared/end", "{}").status())
                        .isEqualTo(503);
            } finally {
                second.viewReader().resume();
            }

            for (GateApi replica : List.of(second, api, second, api)) {
                Answer stage = post(replica, ACME, "/v1/canaries/shared/stages", "{}");
                assertThat(stage.status()).as(stage.text()).isEqualTo(200);
            }
            Answer ended = post(second, ACME, "/v1/canaries/shared/end", "{}");

            assertThat(ended.json().path("stages")).hasSize(4);
            assertThat(post(api, ACME, "/v1/canaries/shared/stages", "{}").status())
                    .isEqualTo(409);
        }
    }

    @Test
    void heartbeatsStandInEachPartitionOfTheSamples() throws Exception {
        int partitions = job.partitionsFor(Topic.SAMPLES.topicName()).size();

        await(() -> heartbeats().stream().distinct().count() == partitions, () -> new ArrayList<>(heartbeats()));
    }

    private static List<Integer> heartbeats() {
        return records(broker.bootstrapServers(), Topic.SAMPLES).stream()
                .filter(found -> found.headers().lastHeader(RecordHeaders.HEARTBEAT) != null)
                .map(ConsumerRecord::partition)
                .toList();
    }
}
