package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.deliveries;
import static dev.sluice.gateapi.GateApiFixture.evaluate;
import static dev.sluice.gateapi.GateApiFixture.get;
import static dev.sluice.gateapi.GateApiFixture.post;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.records;
import static dev.sluice.gateapi.GateApiFixture.row;
import static dev.sluice.gateapi.GateApiFixture.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.wire.Json;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateApiIT {
    private static final String CLOUD_EVENTS = "application/cloudevents+json";
    private static final String CLOUD_EVENTS_BATCH = "application/cloudevents-batch+json";
    private static final String SECRET = "It's a Secret to Everybody";
    private static final String PUBLISHED_SIGNATURE =
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private static final String OTHER_EVENT = """
            {"specversion":"1.0","id":"%s","source":"/ci","type":"com.example.build","data":{"n":1.10}}""";

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static GateApi api;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path connections = Files.writeString(directory.resolve("connections.yaml"), """
                connections:
                  - id: github
                    source: github
                    tenant: default
                    secret_env: GITHUB_SECRET
                    secret_env_next: NEXT_SECRET
                """);
        Path policies = Files.createDirectory(directory.resolve("policies"));
        Files.writeString(policies.resolve("production.yaml"), policy("production", "60s"));
        Files.writeString(policies.resolve("impatient.yaml"), policy("impatient", "2s"));
        api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withFiles(GateApiFiles.NONE.withPolicies(policies).withConnections(connections))
                .withEnvironment(Map.of("GITHUB_SECRET", SECRET, "NEXT_SECRET", "the next one")));
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        awaitReady(api);
    }

    private static String policy(String gate, String staleAfter) {
        return """
               name: %s
               version: "1"
               gates: [%s]
               expires_after: 10m
               stale_after: %s
               stale_outcome: pending
               rules:
                 - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=",
                    threshold: 0.8, minimum_n: 5, when_missing: deny}
               """.formatted(gate, gate, staleAfter);
    }

    @AfterAll
    static void stop() {
        if (api != null) {
            api.close();
        }
        if (jobs != null) {
            jobs.close(Duration.ZERO);
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static String signature(String secret, String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static Answer webhook(String body, String delivery, String... signature) {
        var headers = new ArrayList<>(List.of("X-GitHub-Event", "ping", "X-GitHub-Delivery", delivery));
        for (String value : signature) {
            headers.addAll(List.of("X-Hub-Signature-256", value));
        }
        return post(api, "/v1/webhooks/github", "application/json", body, headers.toArray(String[]::new));
    }

    private static double counter(String line) {
        return get(api, "/metrics")
                .text()
                .lines()
                .filter(metric -> metric.startsWith(line + " "))
                .mapToDouble(metric -> Double.parseDouble(metric.substring(line.length())))
                .sum();
    }

    @Test
    void takesAWebhookWithThePublishedSignature_andKeepsItsBytes() {
        Answer answer = webhook("Hello, World!", "g-1", PUBLISHED_SIGNATURE);

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.at("/deliveries/0/event_id")).isEqualTo("g-1");
        assertThat(answer.at("/received_at")).isEqualTo(answer.at("/deliveries/0/received_at"));
        assertThat(deliveries(broker.bootstrapServers()))
                .filteredOn(found ->
                        "d-%d-%d".formatted(found.partition(), found.offset()).equals(answer.at("/deliveries/0/id")))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.value()).asString(StandardCharsets.UTF_8).isEqualTo("Hello, World!");
                    assertThat(found.key()).isEqualTo("default/github/g-1");
                    assertThat(Instant.ofEpochMilli(found.timestamp())).hasToString(answer.at("/received_at"));
                    assertThat(found.headers().lastHeader(RecordHeaders.EVENT).value())
                            .asString(StandardCharsets.UTF_8)
                            .isEqualTo("ping");
                });
    }

    @Test
    void takesTheNextSecretToo_whileTheSecretIsReplaced() throws Exception {
        assertThat(webhook("{}", "g-next", signature("the next one", "{}")).status())
                .isEqualTo(202);
    }

    @Test
    void refusesAWebhookWithoutTheRightSignature_andKeepsNothingOfIt() throws Exception {
        String counted = "sluice_receive_rejected_total{reason=\"signature\"}";
        double before = counter(counted);
        String flipped = PUBLISHED_SIGNATURE.substring(0, PUBLISHED_SIGNATURE.length() - 1) + "6";

        List<Answer> answers = List.of(
                webhook("Hello, World!", "g-bad", flipped),
                webhook("Hello, World?", "g-bad", PUBLISHED_SIGNATURE),
                webhook("Hello, World!", "g-bad"),
                webhook("Hello, World!", "g-bad", signature("another secret", "Hello, World!")),
                webhook("Hello, World!", "g-bad", ""),
                webhook("Hello, World!", "g-bad", PUBLISHED_SIGNATURE, PUBLISHED_SIGNATURE));

        assertThat(answers).extracting(Answer::status).containsOnly(401);
        assertThat(answers).extracting(answer -> answer.at("/type")).containsOnly("urn:sluice:problem:unauthenticated");
        assertThat(counter(counted) - before).isEqualTo(6);
        assertThat(deliveries(broker.bootstrapServers()))
                .extracting(found -> found.key())
                .doesNotContain("default/github/g-bad");
    }

    @Test
    void refusesAWebhookOfAnUnknownConnectionOrWithoutItsHeaders() throws Exception {
        assertThat(post(api, "/v1/webhooks/gitlab", "application/json", "{}").status())
                .isEqualTo(404);
        assertThat(post(
                                api,
                                "/v1/webhooks/github",
                                "application/json",
                                "{}",
                                "X-Hub-Signature-256",
                                signature(SECRET, "{}"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void refusesAParameterThatTheSourceDoesNotHave() throws Exception {
        Answer answer = post(
                api,
                "/v1/webhooks/github?run=7",
                "application/json",
                "{}",
                "X-GitHub-Event",
                "push",
                "X-GitHub-Delivery",
                "g-parameter",
                "X-Hub-Signature-256",
                signature(SECRET, "{}"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.at("/detail")).isEqualTo("the URL of this webhook takes no parameters");
    }

    @Test
    void takesABatchOfCloudEvents() {
        String batch = "[" + OTHER_EVENT.formatted("b-1") + "," + OTHER_EVENT.formatted("b-2") + "]";

        Answer answer = post(api, "/v1/events", CLOUD_EVENTS_BATCH, batch);

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.json().at("/deliveries")).hasSize(2);
        assertThat(deliveries(broker.bootstrapServers()))
                .filteredOn(found -> found.key().equals("default/events/%252Fci%2Fb-1"))
                .singleElement()
                .satisfies(found -> assertThat(found.value())
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo(OTHER_EVENT.formatted("b-1").strip()));
    }

    @Test
    void refusesTheWholeBatch_forOneBadEvent() {
        String batch =
                "[" + OTHER_EVENT.formatted("c-1") + ",{\"specversion\":\"1.0\",\"id\":\"c-2\",\"source\":\"/ci\"}]";

        Answer answer = post(api, "/v1/events", CLOUD_EVENTS_BATCH, batch);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.at("/pointer")).isEqualTo("/1/type");
        assertThat(answer.at("/errors/0/pointer")).isEqualTo("/1/type");
        assertThat(deliveries(broker.bootstrapServers()))
                .extracting(found -> new String(found.value(), StandardCharsets.UTF_8))
                .noneMatch(body -> body.contains("c-1"));
    }

    @Test
    void refusesBodiesThatAreNoJson_tooLarge_orOfAnotherType() {
        assertThat(post(api, "/v1/events", CLOUD_EVENTS, "{\"id\":1,\"id\":2}").text())
                .startsWith("400")
                .contains("the body is not JSON at line 1")
                .contains("Duplicate field");
        assertThat(post(api, "/v1/events", CLOUD_EVENTS, "[".repeat(10_000)).status())
                .isEqualTo(400);
        assertThat(post(api, "/v1/events", CLOUD_EVENTS, "x".repeat((1 << 20) + 1))
                        .status())
                .isEqualTo(413);
        assertThat(post(api, "/v1/events", "text/plain", "{}").status()).isEqualTo(415);
        assertThat(post(api, "/v1/events", CLOUD_EVENTS, "{}", "Content-Encoding", "gzip")
                        .status())
                .isEqualTo(415);
    }

    @Test
    void writesHeartbeatsToEachPartitionOfRaw() throws Exception {
        await(
                () -> records(broker.bootstrapServers(), Topic.RAW).stream()
                                .filter(found -> found.headers().lastHeader(RecordHeaders.HEARTBEAT) != null)
                                .map(found -> found.key() + " in " + found.partition())
                                .distinct()
                                .count()
                        == 2,
                () -> records(broker.bootstrapServers(), Topic.RAW));

        assertThat(records(broker.bootstrapServers(), Topic.RAW))
                .filteredOn(found -> found.headers().lastHeader(RecordHeaders.HEARTBEAT) != null)
                .allSatisfy(found -> {
                    assertThat(found.key()).isEqualTo("~heartbeat/" + found.partition());
                    long beat = Long.parseLong(new String(
                            found.headers().lastHeader(RecordHeaders.HEARTBEAT).value(), StandardCharsets.UTF_8));
                    assertThat(beat).isLessThanOrEqualTo(found.timestamp());
                });
    }

    @Test
    void allowsAHealthyService_andHasLoggedTheDecisionBeforeItAnswers() throws Exception {
        var place = put(jobs, row("healthy", 19, 20), 1);
        progress(jobs, Instant.now());
        await(
                () -> evaluate(api, "healthy").at("/decision").equals("allow"),
                () -> evaluate(api, "healthy").text());
        progress(jobs, Instant.now());

        Answer answer = post(api, "/v1/gates/production/evaluate", "application/json", """
                {"service":"healthy","environment":"production","artifact":{"version":"1.2.3","digest":"sha256:1"}}""");

        List<String> logged = records(broker.bootstrapServers(), Topic.DECISIONS).stream()
                .map(found -> new String(found.value(), StandardCharsets.UTF_8))
                .toList();
        String answered = new String(answer.response().body(), StandardCharsets.UTF_8);
        assertThat(logged)
                .anySatisfy(record ->
                        assertThat(record).startsWith("{\"kind\":\"decision\"").endsWith(answered.substring(1)));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/allowed").booleanValue()).isTrue();
        assertThat(answer.at("/status")).isEqualTo("SUCCEEDED");
        assertThat(answer.at("/artifact/version")).isEqualTo("1.2.3");
        assertThat(answer.at("/principal")).isEqualTo("local");
        assertThat(answer.at("/rules/0/value")).isEqualTo("0.95");
        assertThat(answer.at("/policies/0/digest")).startsWith("sha256:");
        assertThat(answer.at("/inputs/0/topic")).isEqualTo("sluice.dora.v1");
        assertThat(answer.at("/inputs/0/partition")).isEqualTo(Integer.toString(place.partition()));
        assertThat(answer.at("/inputs/0/offset")).isEqualTo(Long.toString(place.offset()));
        String path = "/v1/decisions/" + answer.at("/id");
        assertThat(get(api, path).json()).isEqualTo(answer.json());
        Answer replayed = post(api, path + "/replay", "application/json", "{}");
        assertThat(replayed.status()).as(replayed.text()).isEqualTo(200);
        assertThat(replayed.json().at("/same").booleanValue()).isTrue();
        assertThat(replayed.json().at("/result/allowed").booleanValue()).isFalse();
        Answer stricter = post(
                api,
                path + "/what-if",
                "application/json",
                Json.mapper()
                        .writeValueAsString(Map.of(
                                "policies",
                                List.of(Map.of(
                                        "yaml", policy("production", "60s").replace("0.8", "0.99"))))));
        assertThat(stricter.at("/recorded/decision")).isEqualTo("allow");
        assertThat(stricter.at("/replayed/decision")).isEqualTo("deny");
        assertThat(stricter.at("/differences/0/rule")).isEqualTo("success");
        Answer mistaken = post(
                api,
                path + "/what-if",
                "application/json",
                "{\"policies\":[{\"yaml\":\"name: x\"},{\"digest\":\"sha256:0\"}]}");
        assertThat(mistaken.status()).isEqualTo(400);
        assertThat(mistaken.text()).contains("/policies/0/yaml", "/policies/1/digest");
    }

    @Test
    void deniesWithReasons_andWith403ForCallersThatSeeTheStatusOnly() throws Exception {
        put(jobs, row("failing", 10, 20), 1);
        progress(jobs, Instant.now());
        await(
                () -> evaluate(api, "failing").at("/code").equals("threshold"),
                () -> evaluate(api, "failing").text());

        Answer answer = evaluate(api, "failing");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("/decision")).isEqualTo("deny");
        assertThat(answer.at("/reason"))
                .isEqualTo("deployment success rate over 30 d is 0.50 of 20 attempts; at least 0.80 is required");
        String body = GateApiFixture.EVALUATION.formatted("failing");
        assertThat(post(api, "/v1/gates/production/evaluate?fail_with=403", "application/json", body)
                        .status())
                .isEqualTo(403);
        assertThat(post(api, "/v1/gates/nosuch/evaluate", "application/json", body)
                        .at("/code"))
                .isEqualTo("no_policy");
        progress(jobs, Instant.now());
        await(
                () -> evaluate(api, "nosuch").at("/code").equals("unknown_service"),
                () -> evaluate(api, "nosuch").text());
    }

    @Test
    void refusesAQuestionThatIsNotUnderstood() {
        Answer answer = post(api, "/v1/gates/production/evaluate", "application/json", """
                {"service":"","environment":"production","tenant":"other","artifact":{"sha":1}}""");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/errors").findValuesAsText("pointer"))
                .containsExactly("/tenant", "/service", "/artifact/sha");
        assertThat(post(api, "/v1/gates/production/evaluate", "text/plain", "{}")
                        .status())
                .isEqualTo(415);
    }

    @Test
    void holdsAPendingDecisionUntilItsDataIsFresh_andAnswersTheSameFromThenOn() throws Exception {
        put(jobs, row("waiting", 20, 20), 1);
        await(() -> get(api, "/v1/dora?service=waiting&environment=production").status() == 200, () -> "no row");
        progress(jobs, Instant.now().minusSeconds(3600));
        await(
                () -> impatient("waiting").status() == 202,
                () -> impatient("waiting").text());

        Answer pending = impatient("waiting");
        String path = pending.header("Location");
        assertThat(path).isEqualTo("/v1/decisions/" + pending.at("/id"));
        assertThat(pending.header("Retry-After")).isNotEmpty();
        assertThat(pending.at("/status")).isEqualTo("RUNNING");
        assertThat(pending.at("/code")).isEqualTo("stale");
        assertThat(pending.json().at("/freshness/stale").booleanValue()).isTrue();
        assertThat(get(api, path).status()).isEqualTo(202);
        assertThat(get(api, path + "?fail_with=403").status()).isEqualTo(403);
        await(
                () -> {
                    progress(jobs, Instant.now());
                    return get(api, path).status() == 200;
                },
                () -> get(api, path).text());
        Answer decided = get(api, path);
        assertThat(decided.at("/decision")).isEqualTo("allow");
        assertThat(decided.at("/id")).isEqualTo(pending.at("/id"));
        try (GateApi replica =
                GateApi.start(GateApiConfig.of(broker.bootstrapServers()).withPort(0))) {
            assertThat(get(replica, path).json()).isEqualTo(decided.json());
        }
    }

    private static Answer impatient(String service) {
        return post(
                api, "/v1/gates/impatient/evaluate", "application/json", GateApiFixture.EVALUATION.formatted(service));
    }

    @Test
    void growsStale_whenItsOwnReaderIsStuck() throws Exception {
        put(jobs, row("stuck", 20, 20), 1);
        await(
                () -> {
                    progress(jobs, Instant.now());
                    return impatient("stuck").at("/decision").equals("allow");
                },
                () -> impatient("stuck").text());

        api.viewReader().pause();
        try {
            await(
                    () -> {
                        progress(jobs, Instant.now());
                        return impatient("stuck").at("/code").equals("stale");
                    },
                    () -> impatient("stuck").text());
        } finally {
            api.viewReader().resume();
        }
        await(
                () -> {
                    progress(jobs, Instant.now());
                    return impatient("stuck").at("/decision").equals("allow");
                },
                () -> impatient("stuck").text());
    }

    @Test
    void growsStale_whenThePartitionOfItsRowIsStuck_whateverProgressSays() throws Exception {
        var place = put(jobs, row("apart", 20, 20), 1);
        await(
                () -> {
                    progress(jobs, Instant.now());
                    return impatient("apart").at("/decision").equals("allow");
                },
                () -> impatient("apart").text());

        await(
                () -> {
                    GateApiFixture.heartbeat(jobs, 1 - place.partition(), Instant.now());
                    GateApiFixture.publishedProgress(jobs, Instant.now());
                    return impatient("apart").at("/code").equals("stale");
                },
                () -> impatient("apart").text());

        GateApiFixture.heartbeat(jobs, place.partition(), Instant.now());
        await(
                () -> {
                    progress(jobs, Instant.now());
                    return impatient("apart").at("/decision").equals("allow");
                },
                () -> impatient("apart").text());
    }

    @Test
    void listsServices_andForgetsWhatWasDeletedOrIsOfAnOlderGeneration() throws Exception {
        put(jobs, running("listed", "2.0", false), 5);
        put(jobs, running("listed", "1.0", false), 4);
        put(jobs, running("gone", "1.0", false), 5);
        put(jobs, running("gone", "1.0", true), 5);
        put(jobs, running("gone", "0.9", false), 4);
        put(jobs, running("last", "1.0", false), 5);

        await(
                () -> get(api, "/v1/services").text().contains("\"last\""),
                () -> get(api, "/v1/services").text());
        await(
                () -> get(api, "/v1/services").text().contains("\"listed\""),
                () -> get(api, "/v1/services").text());
        await(
                () -> !get(api, "/v1/services").text().contains("\"gone\""),
                () -> get(api, "/v1/services").text());

        assertThat(get(api, "/v1/services").text())
                .contains(
                        "{\"service\":\"listed\",\"environments\":[{\"environment\":\"production\",\"deployment_id\":\"github/1\","
                                + "\"version\":\"2.0\"")
                .contains(
                        "\"open_failures\":1,\"oldest_open_failure_at\":\"2026-01-02T04:00:00Z\",\"open_incidents\":2,"
                                + "\"open_incidents_by_severity\":{\"\":1,\"sev1\":1},\"drifted\":true,\"last_drift_check_at\":\"2026-01-02T05:00:00Z\"");
    }

    @Test
    void reportsWindowsFromMemory() throws Exception {
        put(jobs, row("reported", 19, 20), 1);
        await(() -> get(api, "/v1/dora?service=reported&environment=production").status() == 200, () -> "no row");

        Answer one = get(api, "/v1/dora?service=reported&environment=production&window=30d");
        Answer all = get(api, "/v1/dora?service=reported&environment=production");

        assertThat(one.at("/metrics/deployment_success_rate/value")).isEqualTo("0.95");
        assertThat(one.at("/window")).isEqualTo("30d");
        assertThat(one.at("/metrics/pull_request_lead_time/coding_mean_ms")).isEqualTo("5.0E7");
        assertThat(one.at("/metrics/change_fail_rate/failed_within_three_days")).isEqualTo("2");
        assertThat(one.at("/metrics/change_fail_rate/interval/upper")).isEqualTo("0.301");
        assertThat(one.at("/metrics/failed_deployment_recovery_time/median_ms")).isEqualTo("2700000.0");
        assertThat(one.at("/metrics/configuration_drift/drifted_share")).isEqualTo("0.25");
        assertThat(one.json().at("/provisional").booleanValue()).isTrue();
        assertThat(all.json().at("/windows").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("7d", "30d", "90d");
        assertThat(get(api, "/v1/dora?service=nosuch&environment=production").status())
                .isEqualTo(404);
        assertThat(get(api, "/v1/dora?service=reported&environment=production&window=31d")
                        .status())
                .isEqualTo(400);
        assertThat(get(api, "/v1/dora?service=reported&environment=production&period=month")
                        .status())
                .isEqualTo(503);
        assertThat(get(api, "/v1/dora?environment=production").status()).isEqualTo(400);
    }

    @Test
    void letsNoForeignPageOrProxyIn() {
        String counted = "sluice_access_refused_total{reason=\"origin\"}";
        double before = counter(counted);

        assertThat(GateApiFixture.send(
                                GateApiFixture.request(api, "/v1/services").header("Origin", "https://evil.example"))
                        .status())
                .isEqualTo(401);
        assertThat(GateApiFixture.send(
                                GateApiFixture.request(api, "/v1/services").header("X-Forwarded-For", "127.0.0.1"))
                        .status())
                .isEqualTo(401);
        assertThat(counter(counted) - before).isEqualTo(1);
    }

    @Test
    void refusesAHostNameThatWasReboundToThisMachine() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write("GET /v1/services HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void answersHealth_whileAllRequestSlotsAreTakenBySlowSenders() throws Exception {
        var slow = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 60; i++) {
                var socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
                slow.add(socket);
                socket.getOutputStream()
                        .write(("POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: 1000\r\n\r\n{")
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            }
            await(
                    () -> get(api, "/v1/services").status() == 503,
                    () -> get(api, "/v1/services").text());

            Answer health = get(api, "/healthz");

            assertThat(health.status()).isEqualTo(200);
            assertThat(health.took()).isLessThan(Duration.ofSeconds(2));
            assertThat(get(api, "/v1/services").header("Retry-After")).isNotEmpty();
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        await(
                () -> get(api, "/v1/services").status() == 200,
                () -> get(api, "/v1/services").text());
    }

    @Test
    void answersProblemsForWhatDoesNotExist() throws Exception {
        assertThat(get(api, "/nowhere").at("/type")).isEqualTo("urn:sluice:problem:not-found");
        assertThat(get(api, "/v1/events").status()).isEqualTo(405);
        assertThat(get(api, "/v1/decisions/1").status()).isEqualTo(404);
        assertThat(get(api, "/v1/decisions/0190a0a0-0000-7000-8000-000000000000")
                        .status())
                .isEqualTo(404);
        assertThat(get(api, "/healthz").header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(Json.mapper()
                        .readTree(get(api, "/readyz").response().body())
                        .at("/ready")
                        .booleanValue())
                .isTrue();
    }
}
