package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.deliveries;
import static dev.sluice.gateapi.GateApiFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is received, in each form in which it may come, and what of it stands in the log. */
class ReceiveIT {
    private static final String JSON = "application/json";
    private static final String SECRET = "a secret";
    private static final String UMLAUT = "der Schlüssel";
    private static final int MEBIBYTE = 1 << 20;
    private static final String[] ATTRIBUTES = {"ce-specversion", "1.0", "ce-source", "/ci", "ce-type", "com.example"};

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static GateApi api;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path connections = Files.writeString(directory.resolve("connections.yaml"), """
                connections:
                  - {id: github, source: github, secret_env: S}
                  - {id: gitlab, source: gitlab, secret_env: S, secret_env_next: N}
                  - {id: umlaut, source: gitlab, secret_env: U}
                  - {id: terraform, source: terraform, secret_env: S}
                  - id: releases
                    source: json
                    secret_env: S
                    options: {document: change, signature_header: X-Sign, fields: {
                              repository: acme/checkout, sha: /sha, authored_at: /at}}
                """);
        api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withFiles(GateApiFiles.NONE.withConnections(connections))
                .withEnvironment(Map.of("S", SECRET, "N", "the next one", "U", UMLAUT)));
        awaitReady(api);
    }

    @AfterAll
    static void stop() {
        if (api != null) {
            api.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static Answer binary(String contentType, String body, String id, String... more) {
        String[] headers = Stream.of(ATTRIBUTES, new String[] {"ce-id", id}, more)
                .flatMap(Arrays::stream)
                .toArray(String[]::new);
        return post(api, "/v1/events", contentType, body, headers);
    }

    private static ConsumerRecord<String, byte[]> stored(Answer receipt) {
        assertThat(receipt.status()).as(receipt.text()).isEqualTo(202);
        String[] id = receipt.at("/deliveries/0/id").split("-", -1);
        return GateApiFixture.record(
                broker.bootstrapServers(), Topic.RAW, Integer.parseInt(id[1]), Long.parseLong(id[2]));
    }

    private static String text(ConsumerRecord<String, byte[]> record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    @Test
    void storesABinaryEventInTheStructuredForm_withTheBytesOfItsData() {
        Answer answer = binary("application/vnd.acme+json; charset=utf-8", "{\"n\": 1.10}", "b-1", "ce-subject", "s");

        ConsumerRecord<String, byte[]> record = stored(answer);
        assertThat(answer.at("/deliveries/0/event_id")).isEqualTo("b-1");
        assertThat(record.key()).isEqualTo(Keys.of("default", "events", Keys.of("/ci", "b-1")));
        assertThat(record.headers().lastHeader(RecordHeaders.CONTENT_TYPE).value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("application/cloudevents+json");
        assertThat(text(record)).isEqualTo("""
                        {"specversion":"1.0","datacontenttype":"application/vnd.acme+json; charset=utf-8","id":"b-1",\
                        "source":"/ci","subject":"s","type":"com.example","data":{"n": 1.10}}""");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "Euro%20%E2%82%AC%20%F0%9F%98%80, Euro € 😀",
                "%41%62c, Abc",
                "100%, 100%",
                "%zz%4, %zz%4",
                "%2541, %41",
                "\"quoted \\\"text\\\"\", quoted \"text\"",
            })
    void decodesTheValuesOfHeaders(String header, String value) throws IOException {
        JsonNode event = Json.mapper()
                .readTree(stored(binary(JSON, "1", "decoded", "ce-subject", header))
                        .value());

        assertThat(event.path("subject").asText()).isEqualTo(value);
        assertThat(event.path("data").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ce-subject, %C0%A0, /subject",
        "ce-subject, %E2%82, /subject",
        "ce-data, 1, /data",
        "ce-datacontenttype, application/json, /datacontenttype",
        "ce-a-b, 1, /a-b",
        "ce-time, yesterday, /time",
        "ce-id, another, /id",
    })
    void refusesHeadersThatAreNoAttributes(String name, String value, String pointer) {
        Answer answer = binary(JSON, "{}", "refused", name, value);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.at("/pointer")).isEqualTo(pointer);
    }

    @Test
    void checksABinaryEventLikeAStructuredOne() {
        Answer withoutType =
                post(api, "/v1/events", JSON, "{}", "ce-specversion", "1.0", "ce-id", "1", "ce-source", "/ci");
        Answer ofUnknownVersion = post(
                api,
                "/v1/events",
                JSON,
                "{}",
                "ce-specversion",
                "0.2",
                "ce-id",
                "1",
                "ce-source",
                "/ci",
                "ce-type",
                "t");
        Answer withoutVersion = post(api, "/v1/events", JSON, "{}", "ce-id", "1", "ce-source", "/ci", "ce-type", "t");
        Answer notJson = binary(JSON, "{\"a\":1,\"a\":2}", "twice");
        Answer deep = binary(JSON, "[".repeat(64) + "]".repeat(64), "deep");
        Answer broken = binary(JSON, "1},{\"id\":2", "broken");
        Answer cdEvent = post(
                api,
                "/v1/events",
                JSON,
                "{\"context\":{}}",
                "ce-specversion",
                "1.0",
                "ce-id",
                "1",
                "ce-source",
                "/ci",
                "ce-type",
                "dev.cdevents.service.deployed.0.3.0");

        assertThat(List.of(withoutType, ofUnknownVersion, withoutVersion, notJson, deep, broken, cdEvent))
                .extracting(Answer::status)
                .containsOnly(400);
        assertThat(withoutType.at("/pointer")).isEqualTo("/type");
        assertThat(ofUnknownVersion.at("/pointer")).isEqualTo("/specversion");
        assertThat(withoutVersion.at("/pointer")).isEqualTo("/specversion");
        assertThat(notJson.at("/detail")).contains("Duplicate field");
        assertThat(cdEvent.at("/pointer")).startsWith("/data/");
        assertThat(binary("text/plain", "hello", "plain").status()).isEqualTo(415);
        assertThat(binary("application/cloudevents+avro", "{}", "avro").status())
                .isEqualTo(415);
    }

    @Test
    void takesABinaryEventWithoutData_andOneOfTheOlderVersion() {
        HttpRequest.Builder empty = GateApiFixture.request(api, "/v1/events")
                .headers(ATTRIBUTES)
                .header("ce-id", "empty")
                .POST(HttpRequest.BodyPublishers.noBody());
        Answer older = post(
                api,
                "/v1/events",
                JSON,
                "{}",
                "ce-specversion",
                "0.3",
                "ce-id",
                "old",
                "ce-source",
                "/ci",
                "ce-type",
                "t");

        assertThat(text(stored(GateApiFixture.send(empty))))
                .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"empty\",\"source\":\"/ci\",\"type\":\"com.example\"}");
        assertThat(text(stored(older))).startsWith("{\"specversion\":\"0.3\"").endsWith("\"data\":{}}");
    }

    @Test
    void structuredModeWins_whereBothAreThere() {
        Answer answer = binary(
                "application/cloudevents+json",
                "{\"specversion\":\"1.0\",\"id\":\"body\",\"source\":\"/ci\",\"type\":\"t\"}",
                "header");

        assertThat(answer.at("/deliveries/0/event_id")).isEqualTo("body");
    }

    @Test
    void identifiesACdEventByItsContext_inEnvelopesOfBothVersions() {
        String cdEvent = """
                {"specversion":"%s","id":"%s","source":"/envelope","type":"dev.cdevents.service.deployed.0.3.0",
                 "data":{"context":{"specversion":"0.5.1","id":"c-1","source":"/ci","timestamp":"2026-03-01T12:00:00Z",
                   "type":"dev.cdevents.service.deployed.0.3.0"},
                  "subject":{"id":"checkout","content":{"environment":{"id":"production"},"artifactId":"pkg:oci/a@1"}}}}
                """;

        for (String version : List.of("1.0", "0.3")) {
            Answer answer =
                    post(api, "/v1/events", "application/cloudevents+json", cdEvent.formatted(version, "e-" + version));
            assertThat(stored(answer).key()).isEqualTo(Keys.of("default", "events", Keys.of("/ci", "c-1")));
            assertThat(answer.at("/deliveries/0/event_id")).isEqualTo("e-" + version);
        }
    }

    @Test
    void refusesAnIdentityThatIsTooLongForAKey() {
        String batch = "[{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/ci\",\"type\":\"t\"}]"
                .formatted("x".repeat(1025));

        Answer answer = post(api, "/v1/events", "application/cloudevents-batch+json", batch);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.at("/pointer")).isEqualTo("/0/id");
    }

    @Test
    void keepsTheBytesOfEachEventOfABatch_alsoAfterAByteOrderMark() {
        String first = "{ \"specversion\":\"1.0\", \"id\":\"é-1\",\"source\":\"/ci\",\"type\":\"t\",\"data\":1.10 }";
        String second = "{\"specversion\":\"1.0\",\"id\":\"é-2\",\"source\":\"/ci\",\"type\":\"t\",\"data\":[\"]\"]}";

        Answer answer = post(
                api,
                "/v1/events",
                "application/cloudevents-batch+json",
                "\uFEFF [ " + first + " ,\n" + second + "\n]\n");

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(deliveries(broker.bootstrapServers()))
                .extracting(ReceiveIT::text)
                .contains(first, second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32", "ISO-8859-1"})
    void refusesOtherEncodings(String charset) throws Exception {
        byte[] body = "{\"specversion\":\"1.0\",\"id\":\"é\",\"source\":\"/ci\",\"type\":\"t\"}".getBytes(charset);

        Answer answer = GateApiFixture.send(GateApiFixture.request(api, "/v1/events")
                .header("Content-Type", "application/cloudevents+json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.at("/detail")).isEqualTo("the body is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void takesTheExamplesOfTheJsonFormat(int number) throws IOException {
        Path sample = sample("cloudevents/json_format_example_" + number + ".json");
        String body = Files.readString(sample);
        boolean batch = body.strip().startsWith("[");

        Answer answer = post(api, "/v1/events", batch ? "application/cloudevents-batch+json" : JSON, body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.json().path("deliveries"))
                .hasSize(batch ? Json.mapper().readTree(body).size() : 1);
    }

    /** The examples of the HTTP binding are sketches: their attributes are used, with a body that is JSON. */
    @Test
    void takesTheBinaryExampleOfTheHttpBinding() throws IOException {
        List<String> lines = Files.readAllLines(sample("cloudevents/http_binding_example_1.txt"));
        String[] headers = lines.stream()
                .filter(line -> line.startsWith("ce-"))
                .flatMap(line -> Stream.of(line.split(": ", 2)))
                .toArray(String[]::new);

        Answer answer = post(api, "/v1/events", "application/json; charset=utf-8", "{}", headers);

        assertThat(stored(answer).key())
                .isEqualTo(Keys.of("default", "events", Keys.of("/mycontext/subcontext", "1234-1234-1234")));
    }

    private static Path sample(String name) {
        String shared = System.getProperty("sluice.shared");
        assumeThat(shared).as("system property sluice.shared").isNotNull();
        Path sample = Path.of(shared, "samples").resolve(name);
        assumeThat(sample).as("sample " + name).exists();
        return sample;
    }

    private static HttpRequest.Builder webhook(byte[] body, boolean declared, String id) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return GateApiFixture.request(api, "/v1/webhooks/github")
                .headers("Content-Type", JSON, "X-GitHub-Event", "push", "X-GitHub-Delivery", id)
                .header("X-Hub-Signature-256", "sha256=" + HexFormat.of().formatHex(mac.doFinal(body)))
                .POST(
                        declared
                                ? HttpRequest.BodyPublishers.ofByteArray(body)
                                : HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    }

    @Test
    void keepsOfAPlanNoValue_andWhatTheUrlSays() {
        String plan = """
                {"format_version": "1.2", "variables": {"token": {"value": "hunter2"}}, "planned_values": {}}""";

        Answer taken = post(
                api,
                "/v1/webhooks/terraform?run=7&service=checkout&environment=production",
                JSON,
                plan,
                "Authorization",
                "Bearer " + SECRET);
        Answer withoutRun =
                post(api, "/v1/webhooks/terraform?service=checkout", JSON, plan, "Authorization", "Bearer " + SECRET);
        Answer noPlan = post(
                api,
                "/v1/webhooks/terraform?run=7",
                JSON,
                "{\"token\": \"hunter2\"}",
                "Authorization",
                "Bearer " + SECRET);

        ConsumerRecord<String, byte[]> record = stored(taken);
        assertThat(text(record)).isEqualTo("{\"format_version\":\"1.2\",\"planned_values\":{}}\n");
        assertThat(new String(
                        record.headers().lastHeader(RecordHeaders.PARAMETERS).value(), StandardCharsets.UTF_8))
                .isEqualTo("{\"environment\":\"production\",\"run\":\"7\",\"service\":\"checkout\"}");
        assertThat(withoutRun.status()).as(withoutRun.text()).isEqualTo(400);
        assertThat(noPlan.status()).as(noPlan.text()).isEqualTo(400);
        assertThat(deliveries(broker.bootstrapServers()))
                .noneMatch(found -> text(found).contains("hunter2"));
    }

    @Test
    void takesASignatureInTheHeaderThatTheConnectionNames() throws Exception {
        String body = "{\"sha\": \"6dcb09b\", \"at\": \"2026-03-01T12:00:00Z\"}";
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String signature = HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));

        assertThat(text(stored(post(api, "/v1/webhooks/releases", JSON, body, "X-Sign", signature))))
                .isEqualTo(body);
        assertThat(post(api, "/v1/webhooks/releases", JSON, body, "Authorization", "Bearer " + SECRET)
                        .status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesAWebhookOfTwentyFiveMebibytes(boolean declared) throws Exception {
        byte[] body = new byte[25 * MEBIBYTE];
        Arrays.fill(body, (byte) ' ');

        Answer taken = GateApiFixture.send(webhook(body, declared, "large-" + declared));

        assertThat(stored(taken).value()).isEqualTo(body);
    }

    @Test
    void refusesAWebhookOfOneByteMore() throws Exception {
        byte[] body = new byte[25 * MEBIBYTE + 1];

        Answer refused = GateApiFixture.send(webhook(body, false, "too-large"));

        assertThat(refused.status()).as(refused.text()).isEqualTo(413);
    }

    /** With the headers alone: a client that still sends what nobody reads may not get to see the answer. */
    @Test
    void refusesADeclaredWebhookOfOneByteMoreUnread() throws IOException {
        try (var socket = startOfAWebhook(25 * MEBIBYTE + 1)) {
            socket.setSoTimeout(10_000);

            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

            assertThat(answer.readLine()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void takesFewLargeWebhooksAtOnce_andSmallOnesMeanwhile() throws Exception {
        byte[] large = new byte[2 * MEBIBYTE];
        var slow = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 2; i++) {
                slow.add(startOfAWebhook(large.length));
            }
            await(
                    () -> GateApiFixture.send(webhook(large, true, "third")).status() == 503,
                    () -> "a third large webhook was taken");

            assertThat(GateApiFixture.send(webhook(large, false, "fourth")).at("/type"))
                    .isEqualTo("urn:sluice:problem:busy");
            assertThat(GateApiFixture.send(webhook(new byte[MEBIBYTE], true, "small"))
                            .status())
                    .isEqualTo(202);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        await(
                () -> GateApiFixture.send(webhook(large, true, "again")).status() == 202,
                () -> "the places of the large webhooks that broke off were not given back");
        for (int i = 0; i < 4; i++) {
            assertThat(GateApiFixture.send(webhook(large, true, "in turn " + i)).status())
                    .as("a place is given back when the webhook is appended or refused")
                    .isIn(202, 400);
        }
    }

    private static Answer gitlab(String key, String... token) {
        String[] headers = Stream.of(new String[] {"X-Gitlab-Event", "Job Hook", "Idempotency-Key", key}, token)
                .flatMap(Arrays::stream)
                .toArray(String[]::new);
        return post(api, "/v1/webhooks/gitlab", JSON, "{\"object_kind\": \"build\"}", headers);
    }

    @ParameterizedTest
    @ValueSource(strings = {SECRET, "the next one"})
    void takesAWebhookOfGitLabWithItsSecret(String secret) {
        String key = "gl-" + secret.length();

        ConsumerRecord<String, byte[]> record = stored(gitlab(key, "X-Gitlab-Token", secret));

        assertThat(record.key()).isEqualTo(Keys.of("default", "gitlab", key));
        assertThat(text(record)).isEqualTo("{\"object_kind\": \"build\"}");
        assertThat(GateApiFixture.header(record, RecordHeaders.SOURCE)).isEqualTo("gitlab");
        assertThat(GateApiFixture.header(record, RecordHeaders.EVENT)).isEqualTo("Job Hook");
        assertThat(GateApiFixture.header(record, RecordHeaders.PARAMETERS)).isNull();
    }

    /** The client of the JDK sends ASCII only. */
    @Test
    void takesASecretOutsideOfAscii() throws IOException {
        String request = "POST /v1/webhooks/umlaut HTTP/1.1\r\nHost: localhost\r\nX-Gitlab-Event: Push Hook\r\n"
                + "X-Gitlab-Token: " + UMLAUT + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 202 ");
        }
    }

    @Test
    void refusesAWebhookOfGitLabWithoutIt_andKeepsNothingOfIt() {
        List<Answer> answers = List.of(
                gitlab("gl-bad"),
                gitlab("gl-bad", "X-Gitlab-Token", "another"),
                gitlab("gl-bad", "X-Gitlab-Token", SECRET, "X-Gitlab-Token", SECRET),
                gitlab("gl-bad", "Authorization", "Bearer " + SECRET));

        assertThat(answers).extracting(Answer::status).containsOnly(401);
        assertThat(deliveries(broker.bootstrapServers()))
                .extracting(ConsumerRecord::key)
                .doesNotContain(Keys.of("default", "gitlab", "gl-bad"));
    }

    private static Socket startOfAWebhook(int length) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
        socket.getOutputStream()
                .write(("POST /v1/webhooks/github HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length
                                + "\r\n\r\n{")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }
}
