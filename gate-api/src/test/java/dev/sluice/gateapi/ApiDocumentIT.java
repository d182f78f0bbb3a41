package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.get;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.row;
import static dev.sluice.gateapi.GateApiFixture.running;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.access.oidc.CiTokens;
import dev.sluice.gateapi.document.ApiDocument;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The document against the running API. That each answer of each test of the API is documented is checked by
 * {@link GateApiFixture#send}.
 */
class ApiDocumentIT {
    private static final JsonNode DOCUMENT = ApiDocument.load().json();

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static GateApi api;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path connections = Files.writeString(
                directory.resolve("connections.yaml"),
                "connections: [{id: github, source: github, secret_env: S},"
                        + " {id: gitlab, source: gitlab, secret_env: S}]");
        api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withFiles(GateApiFiles.NONE.withConnections(connections))
                .withEnvironment(Map.of(
                        "S",
                        "It's a Secret to Everybody",
                        "SLUICE_SECRET_PAGER",
                        "its own",
                        "SLUICE_SECRET_GITHUB_HOOK",
                        "It's a Secret to Everybody",
                        "SLUICE_SECRET_GITHUB_KEY",
                        Pem.of(CiTokens.rsa("app").getPrivateKey()),
                        "SLUICE_SECRET_GITLAB_CHECK",
                        "It's a Secret to Everybody",
                        "SLUICE_SECRET_GITLAB_TOKEN",
                        "glpat-of-a-test",
                        "SLUICE_SECRET_DEPLOYER",
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
        awaitReady(api);
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        put(jobs, row("checkout", 20, 20), 1);
        put(jobs, running("checkout", "1.4.0", false), 1);
        await(
                () -> {
                    progress(jobs, Instant.now());
                    return GateApiFixture.evaluate(api, "checkout")
                            .at("/decision")
                            .equals("allow");
                },
                () -> GateApiFixture.evaluate(api, "checkout").text());
    }

    @AfterAll
    static void stop() {
        if (api != null) {
            api.close();
        }
        if (jobs != null) {
            jobs.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void hasExactlyTheRoutesOfTheApi_eachWithItsScope() {
        var documented = new TreeMap<String, String>();
        DOCUMENT.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> documented.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                method.getValue().path("security").toString())));
        var served = new TreeMap<String, String>();
        api.routes().forEach(route -> served.put(route.method() + " " + route.path(), security(route.verb())));

        assertThat(documented).isEqualTo(served);
    }

    private static String security(Verb verb) {
        return verb.isPublic() ? "[]" : "[{\"token\":[\"" + verb.scope() + "\"]}]";
    }

    static Stream<String> requests() {
        var names = new ArrayList<String>();
        DOCUMENT.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> method.getValue()
                                .path("x-sluice-requests")
                                .forEach(request -> names.add("/paths/"
                                        + path.getKey().replace("/", "~1")
                                        + "/" + method.getKey() + " "
                                        + request.path("summary").asText()))));
        return names.stream();
    }

    /** Those that ask for something by its id, or for what ClickHouse feeds, cannot succeed here. */
    @ParameterizedTest
    @MethodSource("requests")
    void eachExampleRequestIsUnderstood(String name) {
        JsonNode operation = DOCUMENT.at(name.substring(0, name.indexOf(' ')));
        String method = name.substring(name.lastIndexOf('/', name.indexOf(' ')) + 1, name.indexOf(' '));
        for (JsonNode request : operation.path("x-sluice-requests")) {
            if (name.endsWith(" " + request.path("summary").asText())) {
                Answer answer = send(operation, method.toUpperCase(Locale.ROOT), request);
                String target = request.path("target").asText();
                boolean ofKayenta = operation.path("tags").path(0).asText().equals("kayenta");
                boolean absent = target.startsWith("/v1/decisions/")
                        || target.startsWith("/v1/canaries/")
                        || target.startsWith("/canaries/")
                        || target.startsWith("/decisions/")
                        || target.equals("/v1/audit/head")
                        || target.startsWith("/v1/exemptions/")
                        || target.startsWith("/v1/overrides/")
                        || target.startsWith("/v1/rollbacks/")
                        || target.equals("/v1/endpoints/old-deployer")
                        || target.startsWith("/v1/github-apps/old-")
                        || target.startsWith("/v1/gitlab-servers/old-")
                        || target.equals("/v1/samples");
                boolean stored = target.contains("period=")
                        || target.startsWith("/v1/deliveries/")
                        || target.startsWith("/v1/dora/")
                        || target.startsWith("/reports/");
                boolean ofForm = operation.path("tags").path(0).asText().equals("pages") && method.equals("post");
                if (target.equals("/sign-in") && ofForm) {
                    assertThat(answer.status()).as("nobody has this token").isEqualTo(401);
                } else if (target.equals("/sign-out")) {
                    assertThat(answer.status()).as("nobody has signed in").isEqualTo(303);
                } else if (ofForm) {
                    assertThat(answer.status()).as("no page has this token").isEqualTo(403);
                } else if (target.equals("/v1/oidc/token")) {
                    assertThat(answer.status()).as("nobody is trusted here").isEqualTo(401);
                } else if (target.equals("/v1/rollbacks")) {
                    assertThat(answer.status()).as("nothing runs here").isEqualTo(409);
                } else if (ofKayenta) {
                    assertThat(answer.status()).as(answer.text()).isEqualTo(ofKayenta(method, target));
                } else if (absent || stored) {
                    assertThat(answer.status()).as(answer.text()).isEqualTo(absent ? 404 : 503);
                } else {
                    assertThat(answer.status()).as(answer.text()).isIn(200, 201, 202, 204);
                }
            }
        }
    }

    /** Here neither a config nor a judgement has the ids of the examples, and there is no source of metrics. */
    private static int ofKayenta(String method, String target) {
        if (target.startsWith("/canary?") || target.startsWith("/metadata/")) {
            return 400;
        }
        if (target.startsWith("/canary/executions?") || target.lastIndexOf('/') == 0) {
            return 200;
        }
        return method.equals("put") && target.startsWith("/canaryConfig/") ? 400 : 404;
    }

    private static Answer send(JsonNode operation, String method, JsonNode request) {
        return GateApiFixture.send(
                DocumentedOperation.of(method, "", operation, request).request(api));
    }

    @Test
    void servesTheDocumentAsItIsInTheRepository() throws Exception {
        assertThat(get(api, "/openapi.json").response().body())
                .isEqualTo(Files.readAllBytes(Path.of("..", "schemas", "openapi", "sluice.openapi.json")));
    }

    @Test
    void servesThePage_underAPolicyThatAllowsItsOwnStyleOnly() throws Exception {
        Answer page = get(api, "/docs");

        String html = new String(page.response().body(), StandardCharsets.UTF_8);
        String style = html.substring(html.indexOf("<style>") + "<style>".length(), html.indexOf("</style>"));
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        assertThat(page.header("Content-Type")).isEqualToIgnoringWhitespace("text/html;charset=utf-8");
        assertThat(page.response().headers().allValues("Content-Security-Policy"))
                .isEqualTo(List.of("default-src 'none'; style-src 'sha256-" + hash
                        + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
        assertThat(html).isEqualTo(ApiDocument.load().html());
    }
}
