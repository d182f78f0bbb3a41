package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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

/** Kayenta's API as Spinnaker, Argo Rollouts and a Kayenta call it, against a real log and a stand-in for Prometheus. */
class KayentaIT {
    private static final String TOKEN = "slc_spinnaker";
    private static final String READER = "slc_reader";
    private static final String EVALUATOR = "slc_evaluator";
    private static final String OTHER = "slc_other";
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final int STEPS = 61;

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static StandIn prometheus;
    private static GateApi api;
    private static GateApi replica;
    /** One that has read nothing: its Kafka is not there. */
    private static GateApi unread;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        prometheus = new StandIn();
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: spinnaker, sha256: %s, tenant: acme, scopes: [evaluate, read, operate]}
                  - {id: reader, sha256: %s, tenant: acme, scopes: [read]}
                  - {id: evaluator, sha256: %s, tenant: acme, scopes: [evaluate]}
                  - {id: other, sha256: %s, tenant: other, scopes: [evaluate, read, operate]}
                """.formatted(
                        GateApiFixture.sha256(TOKEN),
                        GateApiFixture.sha256(READER),
                        GateApiFixture.sha256(EVALUATOR),
                        GateApiFixture.sha256(OTHER)));
        Path sources = Files.writeString(directory.resolve("sources.yaml"), """
                sources:
                  - {name: main, type: prometheus, url: "http://127.0.0.1:%d"}
                  - {name: away, type: prometheus, url: "http://127.0.0.1:%d"}
                  - {name: dd, type: datadog, url: "http://127.0.0.1:%d", api_key_file: "%s", application_key_file: "%s"}
                """.formatted(
                        prometheus.port(),
                        FreePorts.pick(),
                        prometheus.port(),
                        Files.writeString(directory.resolve("api-key"), "the-api-key\n"),
                        Files.writeString(directory.resolve("app-key"), "the-app-key\n")));
        GateApiFiles files = GateApiFiles.NONE.withTokens(tokens).withMetricSources(sources);
        GateApiConfig config =
                GateApiConfig.of(broker.bootstrapServers()).withPort(0).withFiles(files);
        api = GateApi.start(config);
        replica = GateApi.start(config);
        unread = GateApi.start(
                GateApiConfig.of("127.0.0.1:" + FreePorts.pick()).withPort(0).withFiles(files));
        awaitReady(api);
        awaitReady(replica);
    }

    @AfterAll
    static void stop() {
        for (@Nullable AutoCloseable one : new AutoCloseable[] {api, replica, unread, broker, prometheus}) {
            close(one);
        }
    }

    private static void close(@Nullable AutoCloseable one) {
        try {
            if (one != null) {
                one.close();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Answer send(GateApi to, String token, String method, String path, @Nullable String body) {
        HttpRequest.Builder request = GateApiFixture.request(to, path).header("Authorization", "Bearer " + token);
        return GateApiFixture.send(
                body == null
                        ? request.method(method, HttpRequest.BodyPublishers.noBody())
                        : request.header("Content-Type", "application/json; charset=UTF-8")
                                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static Answer get(String path) {
        return send(api, TOKEN, "GET", path, null);
    }

    private static Answer post(String path, String body) {
        return send(api, TOKEN, "POST", path, body);
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static ObjectNode config(String name, String... metrics) {
        ObjectNode config = (ObjectNode) json("{'applications': ['app'], 'judge': {'name': 'NetflixACAJudge-v1.0'},"
                + " 'classifier': {'groupWeights': {}}, 'custom': {'kept': [1, null]}}");
        config.put("name", name);
        ArrayNode list = config.putArray("metrics");
        for (String metric : metrics) {
            list.add(json("{'name': '" + metric + "', 'groups': ['" + metric + "'], 'scopeName': 'default',"
                    + " 'query': {'type': 'prometheus', 'customInlineTemplate': 'PromQL:" + metric + "_${scope}'},"
                    + " 'analysisConfigurations': {'canary': {'direction': 'increase'}}}"));
        }
        return config;
    }

    private static String kept(ObjectNode config) {
        Answer answer = post("/canaryConfig", config.toString());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.at("/canaryConfigId");
    }

    private static ObjectNode scope(String version) {
        return Json.mapper()
                .createObjectNode()
                .put("scope", version)
                .putNull("location")
                .put("start", START.toString())
                .put("end", START.plus(Duration.ofMinutes(STEPS - 1)).toString())
                .put("step", 60)
                .set("extendedScopeParams", Json.mapper().createObjectNode());
    }

    private static ObjectNode request(double pass, double marginal) {
        ObjectNode request = Json.mapper().createObjectNode();
        ObjectNode scopes = request.putObject("scopes").putObject("default");
        scopes.set("controlScope", scope("baseline"));
        scopes.set("experimentScope", scope("canary"));
        request.putObject("thresholds").put("pass", pass).put("marginal", marginal);
        request.putObject("siteLocal");
        return request;
    }

    private static String started(String config, ObjectNode request) {
        Answer answer = post(
                "/canary/" + config + "?application=app&parentPipelineExecutionId=01X&metricsAccountName=main",
                request.toString());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.at("/canaryExecutionId");
    }

    /** Polls as Spinnaker's stage does: it goes on at these words, and stops at others. */
    private static JsonNode completed(String id) throws Exception {
        await(
                () -> {
                    JsonNode status = get("/canary/" + id).json();
                    assertThat(status.path("status").asText()).isIn("running", "succeeded", "terminal", "canceled");
                    return status.path("complete").booleanValue();
                },
                () -> get("/canary/" + id).text());
        return get("/canary/" + id).json();
    }

    @Test
    void aStageOfSpinnaker_fromTheConfigsNameToTheScore() throws Exception {
        prometheus.serve("latency_baseline", 1);
        prometheus.serve("latency_canary", 1.01);
        String config = kept(config("orca-flow", "latency"));
        JsonNode listed = get("/canaryConfig").json();
        assertThat(listed).anySatisfy(one -> {
            assertThat(one.path("id").asText()).isEqualTo(config);
            assertThat(one.path("name").asText()).isEqualTo("orca-flow");
            assertThat(one.path("applications")).isEqualTo(json("['app']"));
            assertThat(one.path("updatedTimestamp").isNumber()).isTrue();
            assertThat(one.path("updatedTimestampIso").asText()).isNotEmpty();
        });
        assertThat(get("/credentials").json()).anySatisfy(one -> {
            assertThat(one.path("name").asText()).isEqualTo("main");
            assertThat(one.path("type").asText()).isEqualTo("prometheus");
        });

        String id = started(config, request(95, 75));
        JsonNode done = completed(id);

        assertThat(done.path("status").asText()).isEqualTo("succeeded");
        assertThat(done.path("application").asText()).isEqualTo("app");
        assertThat(done.path("parentPipelineExecutionId").asText()).isEqualTo("01X");
        assertThat(done.at("/result/judgeResult/score"))
                .isEqualTo(json("{'score': 100.0, 'classification': 'Pass', 'classificationReason': ''}"));
        assertThat(done.at("/result/canaryDuration").asText()).isEqualTo("PT1H");
        assertThat(done.at("/result/judgeResult/results")).hasSize(1).allSatisfy(one -> {
            assertThat(one.at("/controlMetadata/stats/count").intValue()).isEqualTo(STEPS);
            assertThat(one.path("classification").asText()).isEqualTo("Pass");
        });
        assertThat(done.at("/result/judgeResult/groupScores/0"))
                .isEqualTo(
                        json("{'name': 'latency', 'score': 100.0, 'classification': '', 'classificationReason': ''}"));
        assertThat(done.at("/canaryExecutionRequest/scopes"))
                .isEqualTo(request(95, 75).path("scopes"));
        assertThat(done.path("stageStatus"))
                .isEqualTo(json(
                        "{'setupContext': 'succeeded', 'fetchControl0': 'succeeded', 'fetchExperiment0': 'succeeded',"
                                + " 'mixMetrics': 'succeeded', 'judge': 'succeeded'}"));
        assertThat(prometheus.asked("latency_canary")).containsEntry("start", START.getEpochSecond() + ".000");

        JsonNode values = get("/metricSetPairList/"
                        + done.path("metricSetPairListId").asText())
                .json();
        assertThat(values).singleElement().satisfies(pair -> {
            assertThat(pair.at("/values/control")).hasSize(STEPS);
            assertThat(pair.at("/values/experiment")).hasSize(STEPS);
            assertThat(pair.at("/attributes/experiment/query").asText()).isEqualTo("latency_canary");
            assertThat(pair.at("/scopes/control/stepMillis").longValue()).isEqualTo(60_000);
        });
        assertThat(send(replica, TOKEN, "GET", "/canary/" + id, null).json()).isEqualTo(done);
    }

    @Test
    void aStageOfSpinnaker_withValuesOfDatadog() throws Exception {
        prometheus.serve("avg:shop.latency{baseline}", 1);
        prometheus.serve("avg:shop.latency{canary}", 3);
        ObjectNode config = config("datadog-flow", "latency");
        ((ObjectNode) config.at("/metrics/0"))
                .set("query", json("{'type': 'datadog', 'metricName': 'avg:shop.latency'}"));
        assertThat(get("/credentials").json()).anySatisfy(one -> {
            assertThat(one.path("name").asText()).isEqualTo("dd");
            assertThat(one.path("type").asText()).isEqualTo("datadog");
            assertThat(one.path("supportedTypes")).isEqualTo(json("['METRICS_STORE']"));
        });
        prometheus.names("shop.latency", "up");
        assertThat(get("/metadata/metricsService?metricsAccountName=dd&filter=shop")
                        .json())
                .isEqualTo(json("[{'name': 'shop.latency'}]"));

        Answer answer = post(
                "/canary/" + kept(config) + "?metricsAccountName=dd",
                request(95, 75).toString());
        JsonNode done = completed(answer.at("/canaryExecutionId"));

        assertThat(done.at("/result/judgeResult/score/classification").asText())
                .as(done.toString())
                .isEqualTo("Fail");
        JsonNode values = get("/metricSetPairList/"
                        + done.path("metricSetPairListId").asText())
                .json();
        assertThat(values.at("/0/attributes/experiment/query").asText()).isEqualTo("avg:shop.latency{canary}");
        assertThat(values.at("/0/values/experiment")).hasSize(STEPS);
        assertThat(prometheus.asked("avg:shop.latency{canary}"))
                .containsEntry("from", Long.toString(START.getEpochSecond()))
                .containsEntry("api key", "the-api-key")
                .containsEntry("application key", "the-app-key");
        assertThat(refusal(kept(config("of-prometheus", "latency")), "dd", request(95, 75)))
                .isEqualTo("metric latency: its query is of type prometheus, and only datadog can be asked");
    }

    /** Marginal to the judge; Spinnaker itself fails on it, as it does not on one more. */
    @ParameterizedTest
    @CsvSource({"95, 50, Marginal", "95, 49.9, Marginal", "95, 50.1, Fail", "50, 50, Pass", "50.1, 20, Marginal"})
    void aScoreThatEqualsAThresholdReachesIt(double pass, double marginal, String label) throws Exception {
        prometheus.serve("steady_baseline", 1);
        prometheus.serve("steady_canary", 1);
        prometheus.serve("worse_baseline", 1);
        prometheus.serve("worse_canary", 3);
        String id = started(kept(config("marginal", "steady", "worse")), request(pass, marginal));

        JsonNode score = completed(id).at("/result/judgeResult/score");

        assertThat(score.path("score").doubleValue()).isEqualTo(50);
        assertThat(score.path("classification").asText()).isEqualTo(label);
    }

    @Test
    void argoRollouts_fromTheConfigsNameToTheScore() throws Exception {
        prometheus.serve("argo_baseline", 1);
        prometheus.serve("argo_canary", 3);
        ObjectNode named = config("argo-flow", "argo");
        named.putArray("applications").add("argo-app");
        String config = kept(named);
        Answer listed = get("/canaryConfig?application=argo-app&configurationAccountName=anything");
        assertThat(listed.status()).isEqualTo(200);
        assertThat(listed.json())
                .singleElement()
                .satisfies(one -> assertThat(one.path("id").asText()).isEqualTo(config));

        Answer answer = post(
                "/canary/" + config
                        + "?application=argo-app&metricsAccountName=main&configurationAccountName=anything&storageAccountName=anything",
                request(90, 60).toString());

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode done = completed(answer.at("/canaryExecutionId"));
        assertThat(done.path("complete").isBoolean()).isTrue();
        assertThat(done.at("/result/judgeResult/score/score").isNumber()).isTrue();
        assertThat(done.at("/result/judgeResult/score/score").intValue()).isZero();
        assertThat(done.at("/result/judgeResult/results/0/classification").asText())
                .isEqualTo("High");
        assertThat(done.at("/result/judgeResult/results/0/classificationReason").asText())
                .isEqualTo("argo was classified as High");
    }

    @Test
    void sluicesOwnJudgeCountsErrorsOfRequests() throws Exception {
        prometheus.serve("failed_baseline", 1);
        prometheus.serve("failed_canary", 4);
        prometheus.serve("all_baseline", 1000);
        prometheus.serve("all_canary", 1000);
        ObjectNode config = config("sluice-v1", "failed", "all");
        config.putObject("judge").put("name", "Sluice-v1");
        ((ObjectNode) config.at("/metrics/0/analysisConfigurations"))
                .putObject("sluice")
                .put("kind", "ratio")
                .put("exposure_metric", "all");
        ((ObjectNode) config.at("/metrics/1/analysisConfigurations"))
                .putObject("sluice")
                .put("kind", "exposure");

        JsonNode result = completed(started(kept(config), request(95, 75))).at("/result/judgeResult");

        assertThat(result.path("judgeName").asText()).isEqualTo("Sluice-v1");
        assertThat(result.at("/score/score").doubleValue()).isZero();
        assertThat(result.at("/score/classification").asText()).isEqualTo("Fail");
        assertThat(result.at("/score/classificationReason").asText()).startsWith("Failed: failed");
        assertThat(result.path("results")).singleElement().satisfies(one -> {
            assertThat(one.path("classification").asText()).isEqualTo("High");
            assertThat(one.at("/controlMetadata/stats/count").intValue()).isEqualTo(STEPS);
        });
    }

    @Test
    void anAdHocCanaryNeedsNoKeptConfig() throws Exception {
        prometheus.serve("adhoc_baseline", 1);
        prometheus.serve("adhoc_canary", 1);
        ObjectNode body = Json.mapper().createObjectNode();
        body.set("canaryConfig", config("adhoc", "adhoc"));
        body.set("executionRequest", request(95, 75));

        Answer answer = post("/canary?metricsAccountName=main", body.toString());

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode done = completed(answer.at("/canaryExecutionId"));
        assertThat(done.path("status").asText()).isEqualTo("succeeded");
        assertThat(done.path("application").asText()).isEqualTo("ad-hoc");
        assertThat(done.has("canaryConfigId")).isFalse();
    }

    @Test
    void seriesArePairedByTheirLabels_andWhatIsMissingIsNoData() throws Exception {
        prometheus.serve("pods_baseline", Map.of("{\"pod\":\"a\"}", 1.0, "{\"pod\":\"b\"}", 1.0));
        prometheus.serve("pods_canary", Map.of("{\"pod\":\"a\"}", 1.0, "{\"pod\":\"c\"}", 1.0));
        JsonNode done = completed(started(kept(config("pairs", "pods", "nothing")), request(95, 75)));

        Map<String, String> found = new HashMap<>();
        done.at("/result/judgeResult/results")
                .forEach(one -> found.put(
                        one.path("name").asText() + one.path("tags"),
                        one.path("classification").asText()));

        assertThat(found)
                .isEqualTo(Map.of(
                        "pods{\"pod\":\"a\"}", "Pass",
                        "pods{\"pod\":\"b\"}", "Nodata",
                        "pods{\"pod\":\"c\"}", "Nodata",
                        "nothing{}", "Nodata"));
        assertThat(done.at("/result/judgeResult/score"))
                .isEqualTo(json("{'score': 0.0, 'classification': 'Fail',"
                        + " 'classificationReason': 'Canary Failed: 50% or more metrics returned NODATA'}"));
    }

    @Test
    void aSourceThatDoesNotAnswerIsTerminal_withTheReason() throws Exception {
        String config = kept(config("broken", "broken"));
        Answer away = post(
                "/canary/" + config + "?application=app&metricsAccountName=away",
                request(95, 75).toString());
        prometheus.fail(
                "broken_canary", 422, "{\"status\":\"error\",\"errorType\":\"execution\",\"error\":\"too much\"}");
        String refused = started(config, request(95, 75));

        JsonNode done = completed(away.at("/canaryExecutionId"));

        assertThat(done.path("status").asText()).isEqualTo("terminal");
        assertThat(done.has("result")).isFalse();
        assertThat(done.at("/exception/details/errors/0").asText()).startsWith("away cannot be reached");
        assertThat(done.at("/exception/shouldRetry").booleanValue()).isFalse();
        assertThat(done.at("/exception/timestamp").isNumber()).isTrue();
        assertThat(completed(refused).at("/exception/details/errors/0").asText())
                .isEqualTo("main answers with status 422: execution: too much");
    }

    @Test
    void aRunOfSluiceIsASource_ofItsOwnTenant() throws Exception {
        ObjectNode config = config("stored", "errors");
        ((ObjectNode) config.at("/metrics/0")).putObject("query").put("metricName", "errors");
        String id = kept(config);
        ObjectNode request = request(95, 75);
        for (String arm : List.of("controlScope", "experimentScope")) {
            ((ObjectNode) request.at("/scopes/default/" + arm)).put("scope", "run-1");
        }
        assertThat(refusal(id, "sluice", request))
                .isEqualTo("there is no canary run run-1, or nothing of it was judged yet");

        judged("other");
        judged("acme");
        await(
                () -> post("/canary/" + id + "?metricsAccountName=sluice", request.toString())
                                .status()
                        == 200,
                () -> "the standing was not read");
        Answer answer = post("/canary/" + id + "?metricsAccountName=sluice", request.toString());

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode done = completed(answer.at("/canaryExecutionId"));
        assertThat(done.path("status").asText()).isEqualTo("terminal");
        assertThat(done.at("/exception/details/errors/0").asText()).isEqualTo("no ClickHouse is configured");
    }

    private static void judged(String tenant) throws Exception {
        var standing = new CanaryStanding(
                tenant, "run-1", "sha256:0", false, 0, Instant.now(), 1, 0, List.of(), null, json("{}"), false);
        try (KafkaProducer<String, byte[]> job = GateApiFixture.jobs(broker.bootstrapServers())) {
            job.send(new ProducerRecord<>(Topic.VERDICTS.topicName(), standing.key(), Json.bytes(standing)))
                    .get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void anInfiniteValueIsTerminal() throws Exception {
        prometheus.serve("endless_baseline", 1);
        prometheus.serve("endless_canary", Double.POSITIVE_INFINITY);

        JsonNode done = completed(started(kept(config("endless", "endless")), request(95, 75)));

        assertThat(done.path("status").asText()).isEqualTo("terminal");
        assertThat(done.at("/exception/details/errors/0").asText())
                .isEqualTo("metric endless: its query has an infinite value");
    }

    @Test
    void whatIsTooMuchIsTerminal() throws Exception {
        Map<String, Double> many = new HashMap<>();
        Map<String, Double> large = new HashMap<>();
        for (int i = 0; i < 101; i++) {
            many.put("{\"pod\":\"" + i + "\"}", 1.0);
            large.put("{\"path\":\"" + "x".repeat(12_000) + i % 90 + "\"}", 1.0);
        }
        prometheus.serve("many_canary", many);
        prometheus.serve("large_canary", large);

        assertThat(completed(started(kept(config("many", "many")), request(95, 75)))
                        .at("/exception/details/errors/0")
                        .asText())
                .isEqualTo("metric many: its query has more than 100 series; let it add them up");
        assertThat(completed(started(kept(config("large", "large")), request(95, 75)))
                        .at("/exception/details/errors/0")
                        .asText())
                .isEqualTo("the result is too large to be kept; let the queries have fewer series");
    }

    @Test
    void tooManyValuesAreTerminal_ofOneQueryAndOfAll() throws Exception {
        ObjectNode hours = request(95, 75);
        for (String arm : List.of("controlScope", "experimentScope")) {
            ((ObjectNode) hours.at("/scopes/default/" + arm))
                    .put("step", 1)
                    .put("end", START.plusSeconds(9_999).toString());
        }
        String[] metrics = new String[5];
        for (int i = 0; i < metrics.length; i++) {
            metrics[i] = "long" + i;
            prometheus.serve(metrics[i] + "_canary", pods(25));
        }
        prometheus.serve("longest_canary", pods(51));

        assertThat(completed(started(kept(config("longest", "longest")), hours))
                        .at("/exception/details/errors/0")
                        .asText())
                .isEqualTo("metric longest: its query has more than 500000 values;"
                        + " let it have fewer series, or longer steps");
        assertThat(completed(started(kept(config("long", metrics)), hours))
                        .at("/exception/details/errors/0")
                        .asText())
                .isEqualTo("the queries have more than 2000000 values together;"
                        + " let them have fewer series, or longer steps");
    }

    private static Map<String, Double> pods(int count) {
        Map<String, Double> pods = new HashMap<>();
        for (int i = 0; i < count; i++) {
            pods.put("{\"pod\":\"" + i + "\"}", 1.0);
        }
        return pods;
    }

    @Test
    void canceledIsCanceled_andWhatIsDoneStays() throws Exception {
        CountDownLatch answering = prometheus.hold("held_baseline");
        prometheus.serve("held_canary", 1);
        String id = started(kept(config("cancel", "held")), request(95, 75));
        assertThat(get("/canary/" + id).at("/status")).isEqualTo("running");

        Answer canceled = send(api, TOKEN, "PUT", "/pipelines/" + id + "/cancel", null);
        Answer again = send(replica, TOKEN, "PUT", "/pipelines/" + id + "/cancel", "");
        answering.countDown();

        assertThat(canceled.text()).isEqualTo("202 {}");
        assertThat(again.status()).as(again.text()).isEqualTo(202);
        assertThat(completed(id).path("status").asText()).isEqualTo("canceled");
        prometheus.serve("quick_baseline", 1);
        prometheus.serve("quick_canary", 1);
        String done = started(kept(config("done", "quick")), request(95, 75));
        completed(done);
        assertThat(send(api, TOKEN, "PUT", "/pipelines/" + done + "/cancel", null)
                        .status())
                .isEqualTo(202);
        assertThat(get("/canary/" + done).at("/status")).isEqualTo("succeeded");
        assertThat(get("/canary/" + id).at("/status")).isEqualTo("canceled");
    }

    /** As it is where the replica that has begun was stopped. */
    @Test
    void whatNobodyHasEndedIsTerminal_inEachReplica() throws Exception {
        ObjectNode document = (ObjectNode) json("""
                {'application': 'lost', 'parent': 'p', 'config_id': null, 'config': {}, 'request': {},
                 'accounts': {'metrics': 'main', 'storage': 'sluice', 'configuration': 'sluice'}, 'state': 'RUNNING',
                 'ended_at': null, 'error': null, 'result': null, 'duration': 3600, 'metrics': 1, 'has_values': false}""");
        document.put("started_at", Instant.now().minus(Duration.ofMinutes(6)).toString());
        var record =
                new Control("acme", Control.KAYENTA_EXECUTION, "lost-1", "spinnaker", Instant.now(), false, document);
        try (KafkaProducer<String, byte[]> before = GateApiFixture.jobs(broker.bootstrapServers())) {
            before.send(new ProducerRecord<>(Topic.CONTROL.topicName(), record.key(), Json.bytes(record)))
                    .get(10, TimeUnit.SECONDS);
        }

        for (GateApi one : List.of(api, replica)) {
            JsonNode status = send(one, TOKEN, "GET", "/canary/lost-1", null).json();

            assertThat(status.path("status").asText()).isEqualTo("terminal");
            assertThat(status.path("complete").booleanValue()).isTrue();
            assertThat(status.at("/exception/details/errors/0").asText()).contains("start the judgement again");
        }
    }

    @Test
    void judgementsAreListed_theNewestFirst() throws Exception {
        prometheus.serve("list_baseline", 1);
        prometheus.serve("list_canary", 1);
        ObjectNode named = config("listed", "list");
        String config = kept(named);
        String path = "/canary/" + config + "?application=listing&metricsAccountName=main";
        String first = post(path, request(95, 75).toString()).at("/canaryExecutionId");
        completed(first);
        String second = post(path, request(95, 75).toString()).at("/canaryExecutionId");
        completed(second);

        assertThat(
                        get("/canary/executions?application=listing&limit=20&page=1&statuses=succeeded,TERMINAL&storageAccountName=x")
                                .json())
                .extracting(one -> one.path("pipelineId").asText())
                .containsExactly(second, first);
        assertThat(get("/canary/executions?application=listing&limit=1&page=2").json())
                .extracting(one -> one.path("pipelineId").asText())
                .containsExactly(first);
        assertThat(get("/canary/executions?application=listing&statuses=running")
                        .json())
                .isEmpty();
        assertThat(get("/canary/executions").text())
                .isEqualTo("400 {\"message\":\"query parameter application is required\"}");
        assertThat(get("/canary/executions?application=x&limit=0").status()).isEqualTo(400);
    }

    @Test
    void configsAreKeptWithAllTheirMembers() {
        ObjectNode config = config("round-trip", "a");
        String id = kept(config);
        JsonNode read = get("/canaryConfig/" + id).json();

        assertThat(read.path("custom")).isEqualTo(json("{'kept': [1, null]}"));
        assertThat(read.path("metrics")).isEqualTo(config.path("metrics"));
        assertThat(read.path("id").asText()).isEqualTo(id);
        assertThat(read.path("createdTimestamp").isNumber()).isTrue();
        assertThat(read.path("updatedTimestampIso").asText())
                .isEqualTo(Instant.ofEpochMilli(read.path("updatedTimestamp").longValue())
                        .toString());

        ObjectNode changed = config.deepCopy();
        changed.put("description", "changed").putArray("applications").add("b").add("c");
        assertThat(send(api, TOKEN, "PUT", "/canaryConfig/" + id, changed.toString())
                        .at("/canaryConfigId"))
                .isEqualTo(id);
        JsonNode after =
                send(replica, TOKEN, "GET", "/canaryConfig/" + id, null).json();
        assertThat(get("/canaryConfig/" + id).at("/description")).isEqualTo("changed");
        assertThat(after.path("createdTimestamp")).isEqualTo(read.path("createdTimestamp"));
        assertThat(get("/canaryConfig?application=b&application=none").json())
                .extracting(one -> one.path("id").asText())
                .containsExactly(id);

        Answer deleted = send(api, TOKEN, "DELETE", "/canaryConfig/" + id, null);
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(get("/canaryConfig/" + id).text())
                .isEqualTo("404 {\"message\":\"there is no canary config " + id + "\"}");
        assertThat(send(api, TOKEN, "DELETE", "/canaryConfig/" + id, null).status())
                .isEqualTo(404);
        assertThat(send(api, TOKEN, "PUT", "/canaryConfig/" + id, changed.toString())
                        .text())
                .isEqualTo("400 {\"message\":\"a canary config " + id + " does not exist\"}");
    }

    @Test
    void aConfigMayHaveItsIdBefore_once() {
        ObjectNode config = config("own-id", "a").put("id", "own.id-1");

        assertThat(kept(config)).isEqualTo("own.id-1");

        assertThat(post("/canaryConfig", config.toString()).text())
                .isEqualTo("400 {\"message\":\"a canary config own.id-1 already exists\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | name is required",
                "{'name': 'a b', 'applications': ['x']} | the name of a canary config must be 1 to 200 letters, digits, dashes and underscores",
                "{'name': 'a'} | a canary config must have at least one application",
                "{'name': 'a', 'applications': []} | a canary config must have at least one application",
                "{'name': 'a', 'applications': ['x'], 'id': 'a/b'} | the id of a canary config must be",
                "{'name': 'a', 'applications': ['x'], 'judge': {'name': 'Sluice-v1'}} | the canary config has no metric that is judged",
                "[] | the body must be an object",
                "{ | not JSON",
            })
    void otherConfigsAreA400(String document, String message) {
        Answer answer = post("/canaryConfig", document.replace('\'', '"'));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.at("/message")).startsWith(message);
    }

    @Test
    void whatCannotBeJudgedIsA400() {
        String config = kept(config("wrong", "wrong"));
        ObjectNode withoutThresholds = request(95, 75);
        withoutThresholds.remove("thresholds");
        ObjectNode withoutScope = request(95, 75);
        withoutScope.putObject("scopes");
        ObjectNode backwards = request(95, 75);
        ((ObjectNode) backwards.at("/scopes/default/controlScope")).put("end", "2026-03-01T11:00:00Z");
        ObjectNode endless = request(95, 75);
        ((ObjectNode) endless.at("/scopes/default/experimentScope")).put("start", "2020-03-01T11:00:00Z");
        ObjectNode noStep = request(95, 75);
        ((ObjectNode) noStep.at("/scopes/default/experimentScope")).remove("step");

        assertThat(refusal(config, "main", withoutThresholds)).isEqualTo("thresholds is required");
        assertThat(refusal(config, "main", withoutScope))
                .isEqualTo("metric wrong is of the scope default, which the request does not have");
        assertThat(refusal(config, "main", backwards)).isEqualTo("the end of a scope must not be before its start");
        assertThat(refusal(config, "main", endless)).isEqualTo("a scope must not have more than 44000 steps");
        ObjectNode farAway = request(95, 75);
        ((ObjectNode) farAway.at("/scopes/default/experimentScope")).put("end", "+999999999-01-01T00:00:00Z");
        assertThat(refusal(config, "main", farAway)).isEqualTo("a scope must be between 1970 and 2300");
        assertThat(refusal(config, "main", noStep)).isEqualTo("scopes.default.experimentScope.step is required");
        assertThat(refusal(config, "http://10.0.0.1:9090", request(95, 75)))
                .isEqualTo("there is no source of metrics http://10.0.0.1:9090");
        assertThat(post("/canary/" + config, request(95, 75).toString()).at("/message"))
                .isEqualTo("metricsAccountName is required: there are several sources of metrics");
        assertThat(post("/canary?metricsAccountName=main", "{\"canaryConfig\": {}}")
                        .at("/message"))
                .isEqualTo("executionRequest is required");
        ObjectNode otherJudge = config("judge", "a");
        otherJudge.putObject("judge").put("name", "dredd-v1.0");
        assertThat(refusal(kept(otherJudge), "main", request(95, 75)))
                .isEqualTo("there is no judge dredd-v1.0; there are NetflixACAJudge-v1.0, Sluice-v1");
    }

    private static String refusal(String config, String account, ObjectNode request) {
        Answer answer = post("/canary/" + config + "?metricsAccountName=" + account, request.toString());
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        return answer.at("/message");
    }

    @Test
    void unknownIdsAreA404_withAMessage() {
        for (String path : List.of("/canary/none", "/canaryConfig/none", "/metricSetPairList/none")) {
            Answer answer = get(path);

            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.at("/message")).as(path).contains("none");
        }
        assertThat(post("/canary/none?metricsAccountName=main", request(95, 75).toString())
                        .text())
                .isEqualTo("404 {\"message\":\"there is no canary config none\"}");
        assertThat(send(api, TOKEN, "PUT", "/pipelines/none/cancel", "").text())
                .isEqualTo("404 {\"message\":\"there is no canary execution none\"}");
    }

    @Test
    void otherTenantsSeeNothing() throws Exception {
        prometheus.serve("mine_baseline", 1);
        prometheus.serve("mine_canary", 1);
        String config = kept(config("mine", "mine"));
        String id = started(config, request(95, 75));
        completed(id);

        for (String path : List.of("/canary/" + id, "/canaryConfig/" + config, "/metricSetPairList/" + id)) {
            assertThat(send(api, OTHER, "GET", path, null).status()).as(path).isEqualTo(404);
        }
        assertThat(send(api, OTHER, "GET", "/canaryConfig", null).json()).isEmpty();
        assertThat(send(api, OTHER, "GET", "/canary/executions?application=app", null)
                        .json())
                .isEmpty();
        assertThat(send(api, OTHER, "PUT", "/pipelines/" + id + "/cancel", null).status())
                .isEqualTo(404);
        assertThat(send(api, OTHER, "DELETE", "/canaryConfig/" + config, null).status())
                .isEqualTo(404);
        assertThat(send(
                                api,
                                OTHER,
                                "POST",
                                "/canary/" + config + "?metricsAccountName=main",
                                request(95, 75).toString())
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /judge, true, false",
        "GET, /judges, false, true",
        "GET, /credentials, false, true",
        "GET, /metadata/metricsService?metricsAccountName=main, false, true",
        "GET, /canaryConfig, false, true",
        "POST, /canaryConfig, false, false",
        "GET, /canaryConfig/none, false, true",
        "PUT, /canaryConfig/none, false, false",
        "DELETE, /canaryConfig/none, false, false",
        "POST, /canary, true, false",
        "GET, /canary/executions?application=x, false, true",
        "POST, /canary/none, true, false",
        "GET, /canary/none, false, true",
        "PUT, /pipelines/none/cancel, true, false",
        "GET, /metricSetPairList/none, false, true",
    })
    void eachCallNeedsItsScope(String method, String path, boolean forEvaluator, boolean forReader) {
        String body = method.equals("GET") || method.equals("DELETE") ? null : "{}";

        assertThat(send(api, EVALUATOR, method, path, body).status() != 403).isEqualTo(forEvaluator);
        assertThat(send(api, READER, method, path, body).status() != 403).isEqualTo(forReader);
        assertThat(send(api, TOKEN, method, path, body).status()).isNotEqualTo(403);
        assertThat(send(api, "slc_unknown", method, path, body).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/canary/x",
                "/canaryConfig",
                "/canaryConfig/x",
                "/canary/executions?application=a",
                "/metricSetPairList/x"
            })
    void beforeTheLogIsReadNothingIsSaid(String path) {
        Answer answer = send(unread, TOKEN, "GET", path, null);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.at("/message")).isEqualTo("what was set up has not been read from the log yet");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void theJudgesAndTheMetricsAreListed() {
        prometheus.names("http_requests_total", "up");

        assertThat(get("/judges").json())
                .isEqualTo(json(
                        "[{'name': 'NetflixACAJudge-v1.0', 'visible': true}, {'name': 'Sluice-v1', 'visible': true}]"));
        assertThat(get("/metadata/metricsService?metricsAccountName=main&filter=REQUESTS")
                        .json())
                .isEqualTo(json("[{'name': 'http_requests_total'}]"));
        assertThat(get("/metadata/metricsService?metricsAccountName=main&filter=")
                        .json())
                .hasSize(2);
        assertThat(get("/metadata/metricsService?metricsAccountName=away").status())
                .isEqualTo(503);
        assertThat(get("/metadata/metricsService?metricsAccountName=none").text())
                .isEqualTo("400 {\"message\":\"there is no source of metrics none\"}");
    }

    @Test
    void judgesForAKayenta() {
        ObjectNode request = judgeRequest("RemoteJudge-v1.0");

        JsonNode result = post("/judge", request.toString()).json();

        assertThat(result.path("judgeName").asText()).isEqualTo("NetflixACAJudge-v1.0");
        assertThat(result.path("score"))
                .isEqualTo(json("{'score': 50.0, 'classification': 'Marginal', 'classificationReason': ''}"));
        assertThat(result.at("/results/0")).isEqualTo(json("""
                {'name': 'a', 'id': 'id-a', 'tags': {'t': '1'}, 'classification': 'Pass',
                 'classificationReason': 'The Canary and Baseline data are identical', 'groups': ['a'],
                 'experimentMetadata': {'stats': {'count': 3, 'mean': 2.0, 'min': 1.0, 'max': 3.0, 'std': 1.0}},
                 'controlMetadata': {'stats': {'count': 3, 'mean': 2.0, 'min': 1.0, 'max': 3.0, 'std': 1.0}},
                 'resultMetadata': {'ratio': 1.0}, 'critical': false, 'muted': false}"""));
        assertThat(result.at("/results/1/classification").asText()).isEqualTo("High");
        assertThat(result.path("groupScores")).hasSize(2);
        assertThat(post("/judge", request.toString()).json()).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({
        "NetflixACAJudge-v1.0, , NetflixACAJudge-v1.0",
        "Sluice-v1, , Sluice-v1",
        "RemoteJudge-v1.0, Sluice-v1, Sluice-v1"
    })
    void theConfigNamesTheJudge(String name, @Nullable String choice, String expected) {
        ObjectNode request = judgeRequest(name);
        if (choice != null) {
            ((ObjectNode) request.at("/canaryConfig/judge/judgeConfigurations")).put("judge", choice);
        }

        Answer answer = post("/judge", request.toString());

        assertThat(answer.at("/judgeName")).as(answer.text()).isEqualTo(expected);
    }

    private static ObjectNode judgeRequest(String judge) {
        ObjectNode request = Json.mapper().createObjectNode();
        ObjectNode config = config("remote", "a", "b");
        config.putObject("judge").put("name", judge).putObject("judgeConfigurations");
        request.set("canaryConfig", config);
        request.putObject("scoreThresholds").put("pass", 95).put("marginal", 50);
        request.set("metricSetPairList", json("""
                [{'name': 'a', 'id': 'id-a', 'tags': {'t': '1'}, 'values': {'control': [1, 2, 3, 'NaN'], 'experiment': ['NaN', 3, 2, 1]},
                  'scopes': {'control': {'stepMillis': 60000}, 'experiment': {'stepMillis': 60000}}, 'attributes': {}},
                 {'name': 'b', 'id': 'id-b', 'tags': {}, 'values': {'control': [1, 1.1, 1.2, 1.05, 1.15, 1.07],
                  'experiment': [5, 5.1, 5.2, 5.05, 5.15, 5.07]}, 'attributes': {}, 'scopes': {}}]"""));
        return request;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/metricSetPairList/0/name | 'other' | there are values of a metric that the config does not have: other",
                "/canaryConfig/metrics/0/analysisConfigurations/canary/outliers | {'strategy': 'remove', 'outlierFactor': -1} | metric a: the factor of outliers must be above 0",
                "/canaryConfig/metrics/0/analysisConfigurations/canary/effectSize | {'allowedDecrease': 'NaN'} | metric a: allowedDecrease is not a number",
                "/canaryConfig/judge/name | 'other' | there is no judge other",
                "/metricSetPairList/0/values/control | ['x'] | metricSetPairList[0].values.control must be a number",
                "/scoreThresholds/pass | 'NaN' | a threshold must be a finite number",
                "/scoreThresholds | null | scoreThresholds is required",
                "/scoreThresholds/marginal | null | scoreThresholds.marginal is required",
                "/canaryConfig | 1 | canaryConfig must be an object",
            })
    void whatTheJudgeRefusesIsA400_asOfKayenta(String pointer, String value, String message) {
        ObjectNode request = judgeRequest("NetflixACAJudge-v1.0");
        int end = pointer.lastIndexOf('/');
        ((ObjectNode) request.at(pointer.substring(0, end))).set(pointer.substring(end + 1), json(value));

        Answer answer = post("/judge", request.toString());

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.at("/message")).startsWith(message);
    }

    @Test
    void bodiesOfOtherTypesAreRefused() {
        Answer answer = GateApiFixture.post(api, "/judge", "text/plain", "{}", "Authorization", "Bearer " + TOKEN);

        assertThat(answer.text()).isEqualTo("415 {\"message\":\"the content type must be application/json\"}");
    }

    /** A Prometheus that knows expressions by their text, each a level with some variation. */
    private static final class StandIn implements AutoCloseable {
        private final HttpServer server;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final Map<String, Map<String, Double>> levels = new ConcurrentHashMap<>();
        private final Map<String, Map<String, String>> asked = new ConcurrentHashMap<>();
        private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
        private final Map<String, Failure> failures = new ConcurrentHashMap<>();
        private volatile List<String> names = List.of();

        StandIn() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/api/v1/query_range", this::range);
            server.createContext(
                    "/api/v1/label/__name__/values",
                    exchange -> answer(
                            exchange,
                            200,
                            "{\"status\":\"success\",\"data\":" + Json.mapper().valueToTree(names) + "}"));
            server.createContext("/api/v1/query", this::points);
            server.createContext(
                    "/api/v1/metrics",
                    exchange -> answer(
                            exchange,
                            200,
                            "{\"from\":\"1\",\"metrics\":" + Json.mapper().valueToTree(names) + "}"));
            server.setExecutor(threads);
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        void serve(String query, double level) {
            serve(query, Map.of("{}", level));
        }

        void serve(String query, Map<String, Double> byLabels) {
            levels.put(query, byLabels);
        }

        CountDownLatch hold(String query) {
            var latch = new CountDownLatch(1);
            held.put(query, latch);
            return latch;
        }

        void fail(String query, int status, String body) {
            failures.put(query, new Failure(status, body));
        }

        void names(String... given) {
            names = List.of(given);
        }

        Map<String, String> asked(String query) {
            return asked.getOrDefault(query, Map.of());
        }

        private record Failure(int status, String body) {}

        private void range(HttpExchange exchange) throws IOException {
            Map<String, String> form =
                    fields(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            String query = form.getOrDefault("query", "");
            asked.put(query, form);
            CountDownLatch latch = held.get(query);
            if (latch != null) {
                try {
                    assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            Failure failure = failures.get(query);
            if (failure != null) {
                answer(exchange, failure.status(), failure.body());
                return;
            }
            var series = new StringBuilder();
            levels.getOrDefault(query, Map.of()).forEach((labels, level) -> {
                series.append(series.length() == 0 ? "" : ",")
                        .append("{\"metric\":")
                        .append(labels)
                        .append(",\"values\":[");
                long start = (long) Double.parseDouble(form.getOrDefault("start", ""));
                for (int i = 0; i < STEPS; i++) {
                    // the same steps in each arm, so that only the level differs
                    double value = level * (1 + 0.05 * Math.sin(7.0 * i));
                    series.append(i == 0 ? "" : ",")
                            .append("[")
                            .append(start + 60L * i)
                            .append(",\"")
                            .append(Double.isInfinite(value) ? "+Inf" : String.valueOf(value))
                            .append("\"]");
                }
                series.append("]}");
            });
            answer(
                    exchange,
                    200,
                    "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[" + series + "]}}");
        }

        /** As Datadog: a value a minute, one interval without. */
        private void points(HttpExchange exchange) throws IOException {
            Map<String, String> fields = fields(exchange.getRequestURI().getRawQuery());
            String query = fields.getOrDefault("query", "");
            fields.put("api key", String.valueOf(exchange.getRequestHeaders().getFirst("DD-API-KEY")));
            fields.put(
                    "application key",
                    String.valueOf(exchange.getRequestHeaders().getFirst("DD-APPLICATION-KEY")));
            asked.put(query, fields);
            double level = levels.getOrDefault(query, Map.of()).getOrDefault("{}", 0.0);
            long start = Long.parseLong(fields.getOrDefault("from", "")) * 1000;
            var points = new StringBuilder();
            for (int i = 0; i < STEPS; i++) {
                if (i != 7) {
                    points.append(i == 0 ? "" : ",")
                            .append("[" + (start + 60_000L * i) + ".0," + level * (1 + 0.05 * Math.sin(7.0 * i)) + "]");
                }
            }
            answer(
                    exchange,
                    200,
                    "{\"status\":\"ok\",\"res_type\":\"time_series\",\"series\":[{\"interval\":60,\"query_index\":0,\"tag_set\":[],\"start\":"
                            + start + ",\"end\":" + (start + 60_000L * STEPS - 1000) + ",\"pointlist\":[" + points
                            + "]}]}");
        }

        private static Map<String, String> fields(String encoded) {
            Map<String, String> fields = new HashMap<>();
            for (String field : encoded.split("&", -1)) {
                int end = field.indexOf('=');
                fields.put(
                        field.substring(0, end), URLDecoder.decode(field.substring(end + 1), StandardCharsets.UTF_8));
            }
            return fields;
        }

        private static void answer(HttpExchange exchange, int status, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
