package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.get;
import static dev.sluice.gateapi.GateApiFixture.request;
import static dev.sluice.gateapi.GateApiFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.callers.github.GithubStandIn;
import dev.sluice.sources.webhook.HmacSignature;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** An app of GitHub asks the gate API and is answered, with a stand-in that takes only what GitHub's contract has. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GithubIT {
    private static final String SECRET = "It's a Secret to Everybody";
    private static final String JSON = "application/json";
    private static final String APPS = "/v1/github-apps/";
    private static final String APP = """
            {"app_id": 12345, "api_url": "%s", "gate": "%s", "owners": [7], "installations": [9],
             "repositories": {"101": "checkout", "102": "waiting", "103": "bad", "104": "changing"},
             "environments": {"production": "production"}, "version": "sha", "check_run": "Sluice",
             "secret_env": "SLUICE_SECRET_HOOK", "private_key": {"secret_env": "SLUICE_SECRET_KEY"}}""";
    private static final AtomicInteger RUNS = new AtomicInteger(500);

    @TempDir
    static Path directory;

    private static GithubStandIn github;
    private static AskedGates gates;

    @BeforeAll
    static void start() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        KeyPair key = generator.generateKeyPair();
        github = new GithubStandIn(
                "12345",
                key.getPublic(),
                Map.of(
                        101L,
                        "acme/checkout",
                        102L,
                        "acme/waiting",
                        103L,
                        "acme/bad",
                        104L,
                        "acme/changing",
                        999L,
                        "acme/unmapped"));
        gates = new AskedGates(
                directory, github, Map.of("SLUICE_SECRET_HOOK", SECRET, "SLUICE_SECRET_KEY", Pem.of(key.getPrivate())));
        app("shop", "production");
        app("moving", "production");
        app("brief", "brief");
        app("strict", "strict");
    }

    private static void app(String name, String gate) {
        gates.setUp(APPS + name, APP.formatted(github.url(), gate));
    }

    @AfterEach
    void nothingWasCalledThatTheContractDoesNotHave() {
        assertThat(github.wrong()).isEmpty();
    }

    @AfterAll
    static void stop() {
        gates.close();
        github.close();
    }

    /** What a rule asks of a run that nobody else has. */
    private static Rule rule(long repository, String name) {
        return new Rule(repository, "acme/" + name, Integer.toString(RUNS.incrementAndGet()));
    }

    private record Rule(long repository, String name, String run) {
        String sha() {
            return "a".repeat(37) + run;
        }

        ObjectNode payload() {
            ObjectNode payload = Json.mapper().createObjectNode();
            payload.put("action", "requested").put("environment", "production").put("event", "push");
            payload.put(
                    "deployment_callback_url",
                    github.url() + "/repos/" + name + "/actions/runs/" + run + "/deployment_protection_rule");
            payload.putObject("deployment")
                    .put("id", 1)
                    .put("sha", sha())
                    .put("ref", "main")
                    .put("task", "deploy");
            payload.putObject("repository")
                    .put("id", repository)
                    .put("full_name", name)
                    .putObject("owner")
                    .put("id", 7);
            payload.putObject("installation").put("id", 9);
            payload.putObject("sender").put("id", 3);
            return payload;
        }
    }

    private static Answer deliver(String app, String delivery, JsonNode payload, String... headers) {
        String body = payload.toString();
        String signature = new HmacSignature("sha256=")
                .sign(SECRET.getBytes(StandardCharsets.UTF_8), body.getBytes(StandardCharsets.UTF_8));
        var request = request(gates.api(), APPS + app + "/webhook")
                .header("Content-Type", JSON)
                .header("X-GitHub-Delivery", delivery)
                .setHeader("X-GitHub-Event", "deployment_protection_rule")
                .setHeader("X-Hub-Signature-256", signature)
                .POST(BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    private static Answer ask(String app, Rule rule) {
        Answer answer = deliver(app, "d-" + rule.run(), rule.payload());
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer;
    }

    private static String awaitState(Rule rule) throws Exception {
        return awaitState(rule, Duration.ZERO);
    }

    /** Waits for the state, after pauses of so long. */
    private static String awaitState(Rule rule, Duration pauses) throws Exception {
        gates.awaitSoon(
                pauses,
                () -> !github.states(rule.run()).isEmpty(),
                () -> github.reviews(rule.run()) + " " + github.wrong());
        return github.states(rule.run()).get(0);
    }

    private static List<String> decisions(String commit) {
        return gates.log(Topic.DECISIONS).stream()
                .map(found -> Json.read(found.value(), JsonNode.class))
                .filter(one -> one.at("/artifact/commit").asText().equals(commit))
                .map(one -> one.path("id").asText() + " " + one.path("decision").asText())
                .toList();
    }

    @Test
    @Order(1)
    void aGoodVersionIsApproved_withTheDecisionAndACheckRun() throws Exception {
        Rule rule = rule(101, "checkout");

        Answer answer = ask("shop", rule);

        assertThat(answer.took()).isLessThan(Duration.ofSeconds(3));
        assertThat(answer.json().path("taken").booleanValue()).isTrue();
        assertThat(awaitState(rule)).isEqualTo("approved");
        await(() -> !github.checks(rule.sha()).isEmpty(), () -> github.wrong());
        assertThat(github.reviews(rule.run())).hasSize(1);
        JsonNode review = github.reviews(rule.run()).get(0).body();
        String decision = decisions(rule.sha()).get(0).split(" ", -1)[0];
        assertThat(review.path("environment_name").asText()).isEqualTo("production");
        assertThat(review.path("comment").asText())
                .startsWith("Sluice allows this.")
                .contains(decision);
        Answer logged = get(gates.api(), "/v1/decisions/" + decision);
        assertThat(logged.at("/decision")).isEqualTo("allow");
        assertThat(logged.at("/principal")).isEqualTo("github:shop");
        assertThat(logged.at("/artifact/version")).isEqualTo(rule.sha());
        assertThat(github.checks(rule.sha())).singleElement().satisfies(check -> {
            assertThat(check.method()).isEqualTo("POST");
            assertThat(check.body().path("name").asText()).isEqualTo("Sluice / production");
            assertThat(check.body().path("name").asText()).isEqualTo("Sluice / production");
            assertThat(check.body().path("conclusion").asText()).isEqualTo("success");
            assertThat(check.body().path("external_id").asText()).isEqualTo(decision);
        });
    }

    @Test
    @Order(2)
    void aBadVersionIsRejected_andSoIsOneOfWhichTooOldThingsAreKnown() throws Exception {
        Rule bad = rule(103, "bad");
        Rule stale = rule(101, "checkout");

        ask("shop", bad);
        ask("strict", stale);

        assertThat(awaitState(bad)).isEqualTo("rejected");
        assertThat(awaitState(stale)).isEqualTo("rejected");
        assertThat(github.reviews(stale.run()).get(0).body().path("comment").asText())
                .startsWith("Sluice does not allow this.")
                .contains("the data is");
        await(() -> !github.checks(bad.sha()).isEmpty(), () -> github.checks(bad.sha()));
        assertThat(github.checks(bad.sha()).get(0).body().path("conclusion").asText())
                .isEqualTo("failure");
    }

    @Test
    @Order(3)
    void theSameDeliveryHasOneEffect_howeverOftenAndUnderWhateverIdItComes() throws Exception {
        Rule rule = rule(101, "checkout");
        JsonNode payload = rule.payload();

        List<CompletableFuture<Answer>> answers = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> deliver("shop", "d-" + rule.run(), payload)))
                .toList();
        List<Answer> heard = answers.stream().map(CompletableFuture::join).toList();
        assertThat(awaitState(rule)).isEqualTo("approved");
        Answer again = deliver("shop", "d-" + rule.run(), payload);
        Answer underAnotherId = deliver("shop", "other-" + rule.run(), payload);

        assertThat(heard).extracting(Answer::status).isSubsetOf(202, 503).contains(202);
        assertThat(heard.stream().filter(one -> one.json().path("taken").asBoolean()))
                .hasSize(1);
        for (Answer late : List.of(again, underAnotherId)) {
            assertThat(late.status()).isEqualTo(202);
            assertThat(late.json().path("taken").booleanValue()).isFalse();
        }
        assertThat(github.states(rule.run())).containsExactly("approved");
        assertThat(decisions(rule.sha())).hasSize(1);
    }

    @Test
    @Order(4)
    void withoutTheSignatureNothingIsTaken_andAnotherEventIsNoQuestion() {
        Rule rule = rule(101, "checkout");

        for (String signature : List.of("sha256=" + "0".repeat(64), "sha1=abc", "x")) {
            assertThat(deliver("shop", "d-bad", rule.payload(), "X-Hub-Signature-256", signature)
                            .status())
                    .as(signature)
                    .isEqualTo(401);
        }
        Answer ping = deliver("shop", "d-ping", rule.payload(), "X-GitHub-Event", "ping");
        Answer other = deliver("shop", "d-other", rule.payload().put("action", "completed"));
        assertThat(deliver("nosuch", "d-1", rule.payload()).status()).isEqualTo(404);

        assertThat(ping.status()).isEqualTo(202);
        assertThat(ping.json().path("taken").booleanValue()).isFalse();
        assertThat(other.json().path("taken").booleanValue()).isFalse();
        assertThat(gates.questions("run", rule.run())).isEmpty();
    }

    @Test
    @Order(5)
    void aCallbackThatLeadsElsewhereIsRefused_andNoTokenIsSentThere() {
        Rule rule = rule(101, "checkout");
        String path = "/repos/acme/checkout/actions/runs/" + rule.run() + "/deployment_protection_rule";
        String host = github.url();
        int tokens = github.tokens();

        for (String url : List.of(
                "https://evil.example" + path,
                host + ".evil.example" + path,
                host.replace("http://", "https://") + path,
                host.replace("http://", "http://user@") + path,
                host + "@evil.example" + path,
                host + path.replace("acme/checkout", "acme/other"),
                host + path + "?to=elsewhere",
                host + path + "/more",
                host + path.replace("/repos/", "/repos/../repos/"),
                host + path.replace(rule.run(), "1/../2"),
                host.toUpperCase(Locale.ROOT) + path)) {
            Answer answer = deliver("shop", "d-url", rule.payload().put("deployment_callback_url", url));
            assertThat(answer.status()).as(url).isEqualTo(400);
            assertThat(answer.text()).contains("/deployment_callback_url").doesNotContain("evil");
        }
        assertThat(gates.questions("run", rule.run())).isEmpty();
        assertThat(github.tokens()).isEqualTo(tokens);
    }

    @Test
    @Order(6)
    void anUnknownOwnerOrInstallationIsRefused_andWhatIsNotSetUpIsRejected() throws Exception {
        Rule foreign = rule(101, "checkout");
        ObjectNode owner = foreign.payload();
        ((ObjectNode) owner.at("/repository/owner")).put("id", 8);
        ObjectNode installation = foreign.payload();
        installation.putObject("installation").put("id", 10);
        ObjectNode none = foreign.payload();
        none.remove("installation");
        Rule unmapped = rule(999, "unmapped");
        Rule elsewhere = rule(101, "checkout");

        assertThat(deliver("shop", "d-owner", owner).status()).isEqualTo(403);
        assertThat(deliver("shop", "d-installation", installation).status()).isEqualTo(403);
        assertThat(deliver("shop", "d-none", none).status()).isEqualTo(400);
        ask("shop", unmapped);
        deliver("shop", "d-" + elsewhere.run(), elsewhere.payload().put("environment", "prod"));

        assertThat(awaitState(unmapped)).isEqualTo("rejected");
        assertThat(awaitState(elsewhere)).isEqualTo("rejected");
        assertThat(github.reviews(unmapped.run()).get(0).body().path("comment").asText())
                .contains("this repository is not set up");
        assertThat(github.reviews(elsewhere.run())
                        .get(0)
                        .body()
                        .path("environment_name")
                        .asText())
                .isEqualTo("prod");
        assertThat(gates.questions("run", foreign.run())).isEmpty();
        assertThat(decisions(unmapped.sha())).isEmpty();
    }

    /** The token that the report was sent by is void when the answer is to be sent. */
    @Test
    @Order(7)
    void whileTheGateIsPendingThatIsReportedOnce_thenItIsApprovedByANewToken() throws Exception {
        Rule rule = rule(102, "waiting");

        ask("shop", rule);
        await(() -> !github.reviews(rule.run()).isEmpty(), () -> github.wrong());
        await(() -> !github.checks(rule.sha()).isEmpty(), () -> github.wrong());
        assertThat(github.states(rule.run())).isEmpty();
        github.revokeTokens("acme/waiting");
        gates.becomes("waiting", 19, 20);
        gates.awaitDecision("waiting", "allow");

        gates.awaitSoon(Duration.ofSeconds(1), () -> github.reviews(rule.run()).size() > 1, () -> github.wrong());
        assertThat(awaitState(rule, Duration.ofMillis(1_500))).isEqualTo("approved");
        await(() -> github.checks(rule.sha()).size() == 2, () -> github.checks(rule.sha()));
        assertThat(github.reviews(rule.run()))
                .extracting(one -> one.status() + " " + one.body().path("state").asText())
                .containsExactly("204 ", "401 approved", "204 approved");
        assertThat(github.checks(rule.sha()))
                .extracting(one ->
                        one.method() + " " + one.body().path("conclusion").asText())
                .containsExactly("POST ", "PATCH success");
        assertThat(decisions(rule.sha())).hasSize(2);
        assertThat(decisions(rule.sha()).get(0).replace("pending", "allow"))
                .isEqualTo(decisions(rule.sha()).get(1));
    }

    @Test
    @Order(8)
    void aGateThatStaysPendingIsRejectedInTheEnd() throws Exception {
        gates.becomes("waiting", 1, 1);
        Rule rule = rule(102, "waiting");

        gates.awaitDecision("waiting", "pending");
        ask("brief", rule);
        await(() -> !github.reviews(rule.run()).isEmpty(), () -> github.wrong());

        assertThat(awaitState(rule, Duration.ofSeconds(1))).isEqualTo("rejected");
        assertThat(github.reviews(rule.run()))
                .extracting(one -> one.body().path("state").asText())
                .containsExactly("", "rejected");
    }

    @Test
    @Order(9)
    void whatGitHubFailsToTakeIsSentAgain_andWhatItRefusesIsOver() throws Exception {
        Rule failing = rule(101, "checkout");
        Rule redirected = rule(101, "checkout");
        Rule over = rule(101, "checkout");
        Rule shown = rule(103, "bad");
        github.answers(failing.run(), 502);
        github.answers(redirected.run(), 302);
        github.answers(over.run(), 422);
        github.answers("check run of " + shown.sha(), 502);
        Rule withoutToken = rule(104, "changing");
        github.answers("/app/installations/9/access_tokens", 500);

        for (Rule rule : List.of(withoutToken, failing, redirected, over, shown)) {
            ask("shop", rule);
        }

        await(() -> !github.reviews(failing.run()).isEmpty(), () -> github.wrong());
        assertThat(awaitState(failing, Duration.ofMillis(1_500))).isEqualTo("approved");
        assertThat(awaitState(redirected)).isEqualTo("approved");
        assertThat(awaitState(withoutToken)).isEqualTo("approved");
        assertThat(github.reviews(withoutToken.run())).hasSize(1);
        await(() -> !github.checks(shown.sha()).isEmpty(), () -> github.wrong());
        gates.awaitEnd("run", over.run(), "refused");
        assertThat(github.reviews(failing.run()))
                .extracting(GithubStandIn.Review::status)
                .containsExactly(502, 204);
        assertThat(github.reviews(redirected.run()))
                .extracting(GithubStandIn.Review::status)
                .containsExactly(302, 204);
        assertThat(github.reviews(over.run())).hasSize(1);
        assertThat(github.states(shown.run())).as("the review is not repeated").containsExactly("rejected");
    }

    /** In a second the decision has expired. */
    @Test
    @Order(10)
    void anAllowThatWasNotTakenBeforeItExpired_isDecidedAnew() throws Exception {
        Rule rule = rule(104, "changing");
        github.answers(rule.run(), 503);

        ask("brief", rule);
        await(() -> !github.reviews(rule.run()).isEmpty(), () -> github.wrong());
        gates.becomes("changing", 10, 20);
        gates.awaitDecision("changing", "deny");

        assertThat(awaitState(rule, Duration.ofSeconds(3))).isEqualTo("rejected");
        List<String> decisions = decisions(rule.sha());
        assertThat(decisions.get(0)).endsWith(" allow");
        assertThat(decisions.get(decisions.size() - 1)).endsWith(" deny");
        assertThat(decisions).extracting(one -> one.split(" ", -1)[0]).doesNotHaveDuplicates();
        assertThat(github.reviews(rule.run()).get(0).body().path("state").asText())
                .isEqualTo("approved");
    }

    @Test
    @Order(11)
    void anAllowIsNotTold_whereByTheSetUpOfNowAnotherGateWouldBeAsked_orAnotherServerTold() throws Exception {
        Rule moved = rule(101, "checkout");
        github.answers(moved.run(), 503);
        ask("moving", moved);
        await(() -> !github.reviews(moved.run()).isEmpty(), () -> github.wrong());
        app("moving", "strict");

        assertThat(awaitState(moved)).isEqualTo("rejected");
        assertThat(github.reviews(moved.run()).get(0).body().path("state").asText())
                .isEqualTo("approved");
        assertThat(decisions(moved.sha())).hasSize(2).last().asString().endsWith(" deny");

        app("moving", "production");
        Rule elsewhere = rule(101, "checkout");
        github.answers(elsewhere.run(), 503, 503, 503);
        ask("moving", elsewhere);
        await(() -> !github.reviews(elsewhere.run()).isEmpty(), () -> github.wrong());
        gates.setUp(APPS + "moving", APP.formatted(github.url() + "/elsewhere", "production"));

        gates.awaitEnd("run", elsewhere.run(), "refused");
        assertThat(github.reviews(elsewhere.run())).hasSize(1);
        app("moving", "production");
    }

    /** A policy that speaks of production would need another person. */
    @Test
    @Order(12)
    void anAllowIsNotTold_whenThePoliciesAreOthersByThen() throws Exception {
        gates.isInStaging("checkout");
        gates.setUp(
                APPS + "moving", APP.formatted(github.url(), "staging").replace(": \"production\"}", ": \"staging\"}"));
        await(() -> staging().at("/decision").equals("allow"), () -> staging().text());
        Answer saved = send(request(gates.api(), "/v1/policies/tighter")
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString("""
                        name: tighter
                        version: "1"
                        gates: [staging]
                        environments: [staging]
                        expires_after: 10m
                        stale_after: 10m
                        rules:
                          - {id: more, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=",
                             threshold: 0.99, minimum_n: 5, when_missing: deny}
                        """)));
        assertThat(saved.status()).as(saved.text()).isBetween(200, 201);
        Rule rule = rule(101, "checkout");
        github.answers(rule.run(), 503, 503);

        ask("moving", rule);
        await(() -> !github.reviews(rule.run()).isEmpty(), () -> github.wrong());
        Answer activated = gates.post(
                "/v1/policies/tighter/activate", "{\"digest\": \"%s\"}".formatted(saved.at("/versions/0/digest")));
        assertThat(activated.status()).as(activated.text()).isEqualTo(200);

        assertThat(awaitState(rule)).isEqualTo("rejected");
        assertThat(github.reviews(rule.run()).get(0).body().path("state").asText())
                .isEqualTo("approved");
        assertThat(decisions(rule.sha())).hasSize(2).last().asString().endsWith(" deny");
        app("moving", "production");
    }

    private static Answer staging() {
        return gates.post("/v1/gates/staging/evaluate", "{\"service\": \"checkout\", \"environment\": \"staging\"}");
    }

    @Test
    @Order(13)
    void anAppIsSetUpStrictly_andShowsWhereItsSecretsAre() {
        String right = APP.formatted(github.url(), "production");
        gates.assertWrong(
                APPS + "wrong",
                Map.of(
                        right.replace("12345", "\"12345\""), "/app_id",
                        right.replace("[7]", "[]"), "/owners",
                        right.replace("[9]", "[-9]"), "/installations",
                        right.replace("\"101\"", "\"acme/checkout\""), "/repositories",
                        right.replace("\"version\": \"sha\"", "\"version\": \"tag\""), "/version",
                        right.replace("SLUICE_SECRET_HOOK", "PATH"), "/secret_env",
                        right.replace("SLUICE_SECRET_KEY", "SLUICE_SECRET_HOOK"), "/private_key",
                        right.replace(github.url(), "http://169.254.169.254"), "/api_url",
                        right.replace("\"gate\"", "\"gates\""), "/gates"));
        Answer listed = get(gates.api(), "/v1/github-apps");
        assertThat(listed.json().path("github_apps")).hasSize(4);
        assertThat(listed.text()).contains("SLUICE_SECRET_KEY").doesNotContain(SECRET, "PRIVATE KEY");
        assertThat(gates.set(APPS + "passing", right)
                        .json()
                        .path("document")
                        .path("api_url")
                        .asText())
                .isEqualTo(github.url());
        assertThat(send(request(gates.api(), APPS + "passing").DELETE()).status())
                .isEqualTo(200);
        assertThat(send(request(gates.api(), APPS + "passing").DELETE()).status())
                .isEqualTo(404);
    }

    @Test
    @Order(14)
    void noTokenNorSecretStandsInTheLog() {
        List<String> control = gates.log(Topic.CONTROL).stream()
                .filter(found -> found.value() != null)
                .map(found -> new String(found.value(), StandardCharsets.UTF_8))
                .toList();

        assertThat(github.tokens()).isPositive();
        assertThat(control)
                .hasSizeGreaterThan(10)
                .allSatisfy(record -> assertThat(record).doesNotContain("ghs_", SECRET, "BEGIN PRIVATE", "eyJ"));
    }

    /** GitHub has taken the request and says nothing, and the replica is gone; a delivery that was missed meanwhile is asked for. */
    @Test
    @Order(15)
    void aReplicaThatIsGoneBeforeTheAnswerIsReplaced_byOneThatTellsTheSameDecision() throws Exception {
        Rule rule = rule(101, "checkout");
        github.answers(rule.run(), GithubStandIn.SILENCE);
        ask("shop", rule);
        await(() -> !github.reviews(rule.run()).isEmpty(), () -> github.wrong());
        ArrayNode list = Json.mapper().createArrayNode();
        list.addObject()
                .put("id", 77)
                .put("guid", "g-77")
                .put("delivered_at", Instant.now().toString())
                .put("status", "Service Unavailable")
                .put("status_code", 503)
                .put("event", "deployment_protection_rule")
                .put("action", "requested");
        github.delivered(list);

        gates.replace();

        assertThat(awaitState(rule)).isEqualTo("approved");
        gates.awaitEnd("run", rule.run(), "told");
        assertThat(github.states(rule.run()))
                .as("of two requests one was taken")
                .containsExactly("approved");
        assertThat(decisions(rule.sha())).hasSize(1);
        assertThat(github.reviews(rule.run()))
                .extracting(one -> one.body().path("comment").asText())
                .containsOnly(
                        github.reviews(rule.run()).get(0).body().path("comment").asText());
        // each of the apps has missed it
        await(() -> github.redelivered().size() >= 4, () -> github.redelivered());
        assertThat(github.redelivered()).containsOnly("77");
    }

    /** GitHub has not taken the answer, and 40 s later nobody knows what has happened meanwhile. */
    @Test
    @Order(16)
    void anAllowThatCouldNotBeToldForLong_isDecidedAnew() throws Exception {
        Rule rule = rule(101, "checkout");
        github.answers(rule.run(), GithubStandIn.SILENCE);
        ask("shop", rule);
        await(() -> !github.reviews(rule.run()).isEmpty(), () -> github.wrong());

        gates.restartAfter(Duration.ofSeconds(40), () -> github.later(Duration.ofSeconds(40)));

        assertThat(awaitState(rule)).isEqualTo("approved");
        assertThat(decisions(rule.sha()))
                .hasSize(2)
                .allSatisfy(one -> assertThat(one).endsWith(" allow"));
        assertThat(github.reviews(rule.run()).get(1).body().path("comment").asText())
                .contains(decisions(rule.sha()).get(1).split(" ", -1)[0]);
    }

    /** Six days later what is open is over, and what was over is forgotten. */
    @Test
    @Order(17)
    void aQuestionThatCouldNotBeAnsweredForADay_isGivenUpWithoutAYes() throws Exception {
        Rule rule = rule(101, "checkout");
        github.answers(rule.run(), 503, 503, 503, 503, 503, 503);
        ask("shop", rule);
        await(() -> !github.reviews(rule.run()).isEmpty(), () -> github.wrong());

        gates.restartAfter(Duration.ofDays(6), () -> github.later(Duration.ofDays(6)));

        gates.awaitEnd("run", rule.run(), "given_up");
        assertThat(github.states(rule.run())).isEmpty();
        await(() -> forgotten() >= 10, () -> forgotten());
    }

    private static long forgotten() {
        return gates.log(Topic.CONTROL).stream()
                .filter(found -> found.value() == null && AskedGates.isQuestion(found.key()))
                .map(ConsumerRecord::key)
                .distinct()
                .count();
    }
}
