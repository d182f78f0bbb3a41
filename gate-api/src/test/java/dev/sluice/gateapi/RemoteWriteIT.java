package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.google.protobuf.CodedOutputStream;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xerial.snappy.Snappy;

/** Prometheus' remote write, against a real log. */
class RemoteWriteIT {
    private static final String TOKEN = "slc_prometheus";
    private static final String OTHERS = "slc_of_others";
    private static final String V1 = "application/x-protobuf";
    private static final String V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static GateApi api;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: prometheus, sha256: %s, tenant: acme, scopes: [receive, evaluate, operate]}
                  - {id: others, sha256: %s, tenant: others, scopes: [receive]}
                """.formatted(digest(TOKEN), digest(OTHERS)));
        api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withFiles(GateApiFiles.NONE.withTokens(tokens)));
        awaitReady(api);
    }

    private static String digest(String token) throws NoSuchAlgorithmException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
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

    @Test
    void whatARunSelectsGoesOn() throws Exception {
        Instant start = begin("selected");
        Answer answer = write(V1, v1(start.plusMillis(500), "pod-1", 7));

        assertThat(answer.status()).as(answer.text()).isEqualTo(204);
        assertThat(points("selected"))
                .extracting(SampleBatch.Point::arm, SampleBatch.Point::part, SampleBatch.Point::count)
                .containsExactly(tuple("canary", "events", 7.0), tuple("canary", "exposure", 7.0));
        assertThat(points("selected").get(0).at()).isEqualTo(start.plusMillis(500));
    }

    /** Without any run; of the canary, of other tenants and of configs that are deleted nothing is taken. */
    @Test
    void whatAConfigLearnsOfGoesOnBetweenRuns() throws Exception {
        String path = "/v1/canary-configs/learning";
        Answer saved = config("PUT", path, """
                {"learn": "always", "selectors": {"baseline": "{run='learning',version='1'}", "canary": "{version='2'}"},
                 "metrics": [{"name": "memory", "kind": "gauge", "series": {"value": "memory_bytes"}}]}""");
        assertThat(saved.status()).as(saved.text()).isEqualTo(200);
        Instant since = Instant.parse(saved.at("/changed_at"));

        assertThat(write(V1, level(since.minusMillis(1), "1", 1)).status()).isEqualTo(204);
        assertThat(write(V1, level(since.plusMillis(1), "1", 2)).status()).isEqualTo(204);
        assertThat(write(V1, level(since.plusMillis(2), "2", 3)).status()).isEqualTo(204);
        assertThat(write(OTHERS, V1, level(since.plusMillis(3), "1", 4)).status())
                .isEqualTo(204);
        assertThat(config("DELETE", path, "").status()).isEqualTo(200);
        assertThat(write(V1, level(since.plusMillis(4), "1", 5)).status()).isEqualTo(204);

        assertThat(points("config:learning"))
                .extracting(SampleBatch.Point::arm, SampleBatch.Point::value, SampleBatch.Point::at)
                .containsExactly(tuple("baseline", 2.0, since.plusMillis(1)));
        assertThat(batches("config:learning"))
                .extracting(SampleBatch::learned)
                .containsExactly(CanaryConfigs.learned(saved.json().get("config")));
        assertThat(records(broker.bootstrapServers(), Topic.SAMPLES))
                .noneMatch(record -> record.key() != null && record.key().startsWith("others/"));
    }

    /** Between runs nobody says what stands for what differs from run to run, and only what has a name goes on between them. */
    @Test
    void whatCannotBeLearnedBetweenRunsIsRefused() {
        String learning = """
                {"learn": "always", "selectors": {"baseline": "{version='${baseline}'}", "canary": "{track='canary'}"},
                 "metrics": [{"name": "memory", "kind": "gauge", "series": {"value": "memory_bytes"}}]}""";
        Answer placeholder = config("PUT", "/v1/canary-configs/learns", learning);
        assertThat(placeholder.status()).as(placeholder.text()).isEqualTo(400);
        assertThat(placeholder.at("/errors/0/pointer")).isEqualTo("/selectors/baseline");

        Answer unnamed = config("POST", "/v1/canaries", """
                {"service": "checkout", "environment": "production", "config": %s}""".formatted(learning.replace("${baseline}", "1")));
        assertThat(unnamed.status()).as(unnamed.text()).isEqualTo(400);
        assertThat(unnamed.at("/errors/0/pointer")).isEqualTo("/config/learn");
    }

    /** With each push it is looked at what each of them selects. */
    @Test
    void soManyConfigsLearnAndNoMore() {
        String learning = """
                {"learn": "always", "selectors": {"baseline": "{run='none'}", "canary": "{track='canary'}"},
                 "metrics": [{"name": "memory", "kind": "gauge", "series": {"value": "memory_bytes"}}]}""";
        for (int i = 0; i < 100; i++) {
            Answer saved = config("PUT", "/v1/canary-configs/many-" + i, learning);
            assertThat(saved.status()).as(saved.text()).isEqualTo(200);
        }
        Answer more = config("PUT", "/v1/canary-configs/more", learning);
        assertThat(more.status()).as(more.text()).isEqualTo(409);
        assertThat(more.text()).contains("there are 100 canary configs that learn between runs already");
        assertThat(config("PUT", "/v1/canary-configs/many-7", learning).status())
                .as("one that is there")
                .isEqualTo(200);
        assertThat(config("PUT", "/v1/canary-configs/more", learning.replace("\"learn\": \"always\", ", ""))
                        .status())
                .as("one that does not learn")
                .isEqualTo(200);
        for (int i = 0; i < 100; i++) {
            assertThat(config("DELETE", "/v1/canary-configs/many-" + i, "").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void version2WantsItsNumbersBack() throws Exception {
        Instant start = begin("second");
        HttpResponse<byte[]> response = send(V2, v2(start.plusMillis(500)));

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
                .contains("1");
        assertThat(response.headers().firstValue("X-Prometheus-Remote-Write-Histograms-Written"))
                .contains("0");
        assertThat(response.headers().firstValue("X-Prometheus-Remote-Write-Exemplars-Written"))
                .contains("0");
        assertThat(points("second")).hasSize(2);
    }

    @Test
    void aPushWithoutSeriesIsTaken() throws IOException {
        assertThat(write(V1, Snappy.compress(new byte[0])).status()).isEqualTo(204);
    }

    @Test
    void whatIsNoPushIsRefused() throws Exception {
        Answer noSnappy = write(V1, "no snappy".getBytes(StandardCharsets.UTF_8));
        assertThat(noSnappy.status()).as(noSnappy.text()).isEqualTo(400);
        Answer noProtobuf = write(V1, Snappy.compress("no protobuf"));
        assertThat(noProtobuf.status()).as(noProtobuf.text()).isEqualTo(400);
        Answer noLabels = write(
                V1,
                Snappy.compress(message(out -> out.writeByteArray(
                        1, message(series -> series.writeByteArray(2, message(sample -> sample.writeDouble(1, 5))))))));
        assertThat(noLabels.status()).as(noLabels.text()).isEqualTo(400);
        assertThat(noLabels.at("/pointer")).startsWith("/timeseries/0");
    }

    @Test
    void anotherProtocolIsNotUnderstood() throws Exception {
        byte[] empty = Snappy.compress(new byte[0]);
        assertThat(write("application/json", empty).status()).isEqualTo(415);
        assertThat(write("application/x-protobuf;proto=io.prometheus.write.v3.Request", empty)
                        .status())
                .isEqualTo(415);
    }

    @Test
    void whoSendsIsKnown() throws Exception {
        Answer answer = GateApiFixture.send(GateApiFixture.request(api, "/api/v1/write")
                .header("Content-Type", V1)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Snappy.compress(new byte[0]))));
        assertThat(answer.status()).isEqualTo(401);
    }

    private static Instant begin(String id) {
        Answer answer = GateApiFixture.send(GateApiFixture.request(api, "/v1/canaries")
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"id": "%1$s", "service": "checkout", "environment": "production",
                         "config": {
                           "selectors": {"baseline": "{run='%1$s',version='1'}", "canary": "{run='%1$s',version='2'}"},
                           "metrics": [{"name": "errors", "kind": "ratio",
                             "series": {"events": "requests_total{code=~'5..'}", "exposure": "requests_total"}}]}}""".formatted(id))));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return Instant.parse(answer.at("/started_at"));
    }

    private static Answer config(String method, String path, String body) {
        return GateApiFixture.send(GateApiFixture.request(api, path)
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static Answer write(String type, byte[] body) {
        return write(TOKEN, type, body);
    }

    private static Answer write(String token, String type, byte[] body) {
        return GateApiFixture.send(GateApiFixture.request(api, "/api/v1/write")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .header("Content-Encoding", "snappy")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private static HttpResponse<byte[]> send(String type, byte[] body) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        GateApiFixture.request(api, "/api/v1/write")
                                .header("Authorization", "Bearer " + TOKEN)
                                .header("Content-Type", type)
                                .header("X-Prometheus-Remote-Write-Version", "2.0.0")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    private static List<SampleBatch.Point> points(String run) {
        return batches(run).stream().flatMap(batch -> batch.points().stream()).toList();
    }

    private static List<SampleBatch> batches(String run) {
        return records(broker.bootstrapServers(), Topic.SAMPLES).stream()
                .filter(found -> found.value() != null
                        && found.key() != null
                        && found.key().startsWith("acme/" + run + "/"))
                .map(found -> Json.read(found.value(), SampleBatch.class))
                .toList();
    }

    /** Writes the fields of a message. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) throws IOException {
        var bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] v1(Instant at, String pod, double value) throws IOException {
        return v1(at, value, new String[][] {
            {"__name__", "requests_total"}, {"code", "500"}, {"pod", pod}, {"run", "selected"}, {"version", "2"}
        });
    }

    private static byte[] level(Instant at, String version, double value) throws IOException {
        return v1(at, value, new String[][] {
            {"__name__", "memory_bytes"}, {"pod", "pod-1"}, {"run", "learning"}, {"version", version}
        });
    }

    private static byte[] v1(Instant at, double value, String[][] labels) throws IOException {
        byte[] series = message(of -> {
            for (String[] label : labels) {
                of.writeByteArray(1, message(pair -> {
                    pair.writeString(1, label[0]);
                    pair.writeString(2, label[1]);
                }));
            }
            of.writeByteArray(2, message(sample -> {
                sample.writeDouble(1, value);
                sample.writeInt64(2, at.toEpochMilli());
            }));
        });
        return Snappy.compress(message(out -> out.writeByteArray(1, series)));
    }

    private static byte[] v2(Instant at) throws IOException {
        List<String> symbols =
                List.of("", "__name__", "requests_total", "code", "503", "run", "second", "version", "1");
        byte[] series = message(of -> {
            byte[] references = message(packed -> {
                for (int i = 1; i < symbols.size(); i++) {
                    packed.writeUInt32NoTag(i);
                }
            });
            of.writeByteArray(1, references);
            of.writeByteArray(2, message(sample -> {
                sample.writeDouble(1, 3);
                sample.writeInt64(2, at.toEpochMilli());
            }));
        });
        return Snappy.compress(message(out -> {
            for (String symbol : symbols) {
                out.writeString(4, symbol);
            }
            out.writeByteArray(5, series);
        }));
    }
}
