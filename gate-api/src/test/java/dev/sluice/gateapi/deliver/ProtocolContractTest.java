package dev.sluice.gateapi.deliver;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.gateapi.secrets.SecretReference;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.RollbackBook;
import dev.sluice.rollback.RollbackDesk;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.rollback.RollbackPlan;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollback.Series;
import dev.sluice.wire.Json;
import dev.sluice.wire.RollbackRow;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent to systems of others, byte by byte where they care, and what their answers mean. A field that they do not know fails. */
class ProtocolContractTest {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final byte[] TOKEN = "glptt-0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final Message ORDER = message("1.3.9", "1.4.0");

    /** All that a pipeline is told: GitHub passes on ten members and no more. */
    private static final Set<String> TOLD = Set.of(
            "order",
            "service",
            "environment",
            "action",
            "reason",
            "from_version",
            "expected_deployment",
            "target_version",
            "target_sha",
            "expires_at");

    private static Message message(String baseline, String canary) {
        var series = new Series("default", "checkout", "production");
        var desk = new RollbackDesk(series, RollbackBook.EMPTY);
        desk.plan(
                new RollbackPlan(
                        RollbackPlan.Mode.ORDER,
                        true,
                        null,
                        null,
                        2,
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(15),
                        "deployer",
                        null),
                NOON,
                NOON);
        desk.succeeded(new KnownDeployment("github/41", "1.3.9", "a1b2", null, NOON.minusSeconds(7200), false), NOON);
        desk.runs(new KnownDeployment("github/42", "1.4.0", "c3d4", null, NOON.minusSeconds(60), false), NOON);
        desk.trigger(RollbackTrigger.failedCanary("run", NOON, "errors: 3 % & more", baseline, canary, false), NOON);
        RollbackOrder order = requireNonNull(desk.book().order(), "order");
        return Message.order(RollbackRow.of(series, order), order);
    }

    private static Endpoint endpoint(Endpoint.Kind kind, String url, Map<String, String> settings) {
        return new Endpoint(
                kind,
                URI.create(url),
                new TreeMap<>(settings),
                new SecretReferences(new SecretReference(false, "SLUICE_SECRET_TOKEN"), null));
    }

    private static OneRequest protocol(Endpoint.Kind kind) {
        return (OneRequest) kind.protocol();
    }

    private static OutboundRequest request(Endpoint endpoint) {
        return protocol(endpoint.kind()).request(endpoint, ORDER, List.of(TOKEN), NOON);
    }

    private static JsonNode json(OutboundRequest request) {
        return Json.read(request.body(), JsonNode.class);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Create a repository dispatch event, REST API of 2022-11-28. */
    @Test
    void githubGetsARepositoryDispatch() {
        OutboundRequest request = request(endpoint(
                Endpoint.Kind.GITHUB_DISPATCH, "https://api.github.com/", Map.of("repository", "acme/checkout")));

        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.url()).hasToString("https://api.github.com/repos/acme/checkout/dispatches");
        assertThat(request.headers())
                .containsOnly(
                        Map.entry("Accept", "application/vnd.github+json"),
                        Map.entry("Authorization", "Bearer glptt-0123456789"),
                        Map.entry("Content-Type", "application/json"),
                        Map.entry("X-GitHub-Api-Version", "2022-11-28"));
        assertThat(names(json(request))).containsExactly("client_payload", "event_type");
        assertThat(json(request).path("event_type").asText()).isEqualTo("sluice.rollback");
        assertThat(names(json(request).path("client_payload"))).isEqualTo(TOLD).hasSizeLessThanOrEqualTo(10);
        assertThat(json(request).at("/client_payload/target_version").asText()).isEqualTo("1.3.9");
        assertThat(json(request).at("/client_payload/expected_deployment").asText())
                .isEqualTo("github/42");
    }

    /** Trigger a pipeline with a token, API v4. */
    @Test
    void gitlabGetsATrigger() {
        OutboundRequest request = request(endpoint(
                Endpoint.Kind.GITLAB_PIPELINE,
                "https://gitlab.example.org",
                Map.of("project", "acme/checkout", "ref", "main")));

        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.url())
                .hasToString("https://gitlab.example.org/api/v4/projects/acme%2Fcheckout/trigger/pipeline");
        assertThat(request.headers()).containsOnly(Map.entry("Content-Type", "application/x-www-form-urlencoded"));
        String body = new String(request.body(), StandardCharsets.US_ASCII);
        assertThat(body).startsWith("token=glptt-0123456789&ref=main&variables%5BSLUICE_ORDER%5D=");
        Map<String, String> form = Arrays.stream(body.split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(ProtocolContractTest::name, ProtocolContractTest::value));
        Set<String> expected = TOLD.stream()
                .map(name -> "variables[SLUICE_" + name.toUpperCase(java.util.Locale.ROOT) + "]")
                .collect(Collectors.toCollection(TreeSet::new));
        expected.addAll(List.of("token", "ref"));
        assertThat(form.keySet()).isEqualTo(expected);
        assertThat(form).containsEntry("variables[SLUICE_REASON]", "errors: 3 % & more");
        assertThat(form).containsEntry("variables[SLUICE_TARGET_SHA]", "a1b2");
    }

    private static String name(String[] field) {
        return URLDecoder.decode(field[0], StandardCharsets.UTF_8);
    }

    private static String value(String[] field) {
        return URLDecoder.decode(field[1], StandardCharsets.UTF_8);
    }

    /** A webhook trigger, whose secret is a payload constraint. */
    @Test
    void spinnakerGetsParameters() {
        OutboundRequest request = request(endpoint(
                Endpoint.Kind.SPINNAKER_WEBHOOK,
                "https://gate.example.org/webhooks/webhook/sluice-rollback",
                Map.of()));

        assertThat(request.url()).hasToString("https://gate.example.org/webhooks/webhook/sluice-rollback");
        assertThat(request.headers()).containsOnly(Map.entry("Content-Type", "application/json"));
        assertThat(names(json(request))).containsExactly("parameters", "secret");
        assertThat(json(request).path("secret").asText()).isEqualTo("glptt-0123456789");
        assertThat(names(json(request).path("parameters"))).isEqualTo(TOLD);
        assertThat(json(request).at("/parameters/action").asText()).isEqualTo("roll_back");
    }

    @ParameterizedTest
    @CsvSource({
        "WEBHOOK, 202, DELIVERED",
        "WEBHOOK, 200, ACKNOWLEDGED",
        "WEBHOOK, 204, ACKNOWLEDGED",
        "WEBHOOK, 409, REFUSED",
        "WEBHOOK, 410, REFUSED",
        "WEBHOOK, 412, REFUSED",
        "WEBHOOK, 422, REFUSED",
        "WEBHOOK, 301, FAILED",
        "WEBHOOK, 404, FAILED",
        "WEBHOOK, 429, FAILED",
        "WEBHOOK, 503, FAILED",
        "GITHUB_DISPATCH, 204, DELIVERED",
        "GITHUB_DISPATCH, 422, REFUSED",
        "GITHUB_DISPATCH, 404, FAILED",
        "GITHUB_DISPATCH, 500, FAILED",
        "GITLAB_PIPELINE, 201, DELIVERED",
        "GITLAB_PIPELINE, 400, REFUSED",
        "GITLAB_PIPELINE, 404, FAILED",
        "SPINNAKER_WEBHOOK, 200, DELIVERED",
        "SPINNAKER_WEBHOOK, 400, FAILED"
    })
    void anAnswerMeansWhatItsSenderMeans(Endpoint.Kind kind, int status, Outcome outcome) {
        var answer = new OutboundAnswer(status, Optional.of(Duration.ofSeconds(7)), new byte[0]);

        Answer meant = protocol(kind).answer(answer);

        assertThat(meant.outcome()).isEqualTo(outcome);
        assertThat(meant.words()).isEqualTo("answered with " + status);
        assertThat(meant.retryAfter()).isEqualTo(outcome == Outcome.FAILED ? answer.retryAfter() : Optional.empty());
    }

    @Test
    void anOrderIsReadAsItIsTold() {
        assertThat(Wanted.of(ORDER.data()))
                .isEqualTo(new Wanted(false, new Artifact("1.4.0", "c3d4", null), new Artifact("1.3.9", "a1b2", null)));
    }

    @Test
    void ofACanaryBesideWhatRunsTheCanaryIsToGo() {
        assertThat(Wanted.of(message("1.4.0", "1.5.0").data()))
                .isEqualTo(new Wanted(true, new Artifact("1.5.0", null, null), new Artifact("1.4.0", "c3d4", null)));
    }

    @Test
    void aTokenIsOneWordOfAscii() {
        Protocol protocol = Endpoint.Kind.GITHUB_DISPATCH.protocol();

        assertThat(protocol.isKey(TOKEN)).isTrue();
        for (String wrong : List.of("", "two words", "end of line\n", "schlüssel")) {
            assertThat(protocol.isKey(wrong.getBytes(StandardCharsets.UTF_8)))
                    .as(wrong)
                    .isFalse();
        }
    }

    @Test
    void neitherTheUrlNorTheSecretIsInTheText() {
        Endpoint endpoint = endpoint(Endpoint.Kind.WEBHOOK, "https://deployer.example.org/key/1234", Map.of());

        assertThat(endpoint.toString()).doesNotContain("1234", "SECRET");
        assertThat(endpoint.shownUrl()).isEqualTo("https://deployer.example.org/...");
    }
}
