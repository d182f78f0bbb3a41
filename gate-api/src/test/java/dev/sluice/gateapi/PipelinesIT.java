package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.row;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.access.RateLimits;
import dev.sluice.gateapi.access.oidc.CiTokens;
import dev.sluice.gateapi.access.oidc.KeyServer;
import dev.sluice.gateapi.pipelines.CircleCommand;
import dev.sluice.gateapi.pipelines.CompositeAction;
import dev.sluice.gateapi.pipelines.Execution;
import dev.sluice.gateapi.pipelines.GitLabComponent;
import dev.sluice.gateapi.pipelines.JenkinsLibrary;
import dev.sluice.gateapi.pipelines.PipelineFiles;
import dev.sluice.gateapi.pipelines.ScriptedServer;
import dev.sluice.wire.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pieces for pipelines, run as far as they run without their vendors, ask a gate that is really there. */
class PipelinesIT {
    private static final String TOKEN = "slc_pipeline";
    private static final String ADMIN = "slc_admin";
    private static final RsaJsonWebKey KEY = CiTokens.rsa("k-1");
    private static final String HOSTILE =
            "sale \"$(touch pwned)\" ::error::forged ##[error]forged `touch pwned` \\n::set-output name=allowed::true %0A";

    /** Services of which too little is known yet. */
    private static final List<String> WAITING = List.of("late-dash", "late-bash", "late", "never");

    @TempDir
    static Path directory;

    @TempDir
    Path folder;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static KeyServer keys;
    private static GateApi api;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        keys = KeyServer.start();
        keys.serve(KEY);
        Path policies = Files.createDirectory(directory.resolve("policies"));
        Files.writeString(policies.resolve("gate.yaml"), """
                name: gate
                version: "1"
                gates: [production]
                expires_after: 10m
                stale_after: 10m
                rules:
                  - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=",
                     threshold: 0.8, minimum_n: 5, when_missing: pending}
                  - {id: not-frozen, mode: enforce, freeze: {}}
                """);
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: pipeline, sha256: %s, tenant: default, scopes: [evaluate, read]}
                  - {id: releases, sha256: %s, tenant: default, scopes: [manage-freeze]}
                """.formatted(
                        GateApiFixture.sha256(TOKEN), GateApiFixture.sha256(ADMIN)));
        Path oidc = Files.writeString(
                directory.resolve("oidc.yaml"), """
                issuers:
                  - issuer: %s
                    jwks_url: %s
                    audience: %s
                    kind: github
                    rules:
                      - name: shop-production
                        tenant: default
                        scopes: [evaluate, read]
                        services: [good]
                        environments: [production]
                        claims: {repository_id: 7, repository_owner_id: 8, environment: production}
                """.formatted(CiTokens.ISSUER, keys.url(), CiTokens.AUDIENCE));
        api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withRateLimits(new RateLimits.Settings(1_000, 5_000, 100_000))
                .withFiles(GateApiFiles.NONE
                        .withPolicies(policies)
                        .withTokens(tokens)
                        .withOidc(oidc)));
        awaitReady(api);
        url = "http://127.0.0.1:" + api.port();
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        put(jobs, row("good", 19, 20), 1);
        put(jobs, row("bad", 10, 20), 1);
        put(jobs, row(HOSTILE, 10, 20), 1);
        put(jobs, row("frozen", 19, 20), 1);
        for (String waiting : WAITING) {
            put(jobs, row(waiting, 2, 2), 1);
        }
        progress(jobs, Instant.now());
        ObjectNode freeze = Json.mapper().createObjectNode();
        freeze.put("reason", HOSTILE)
                .put("from", Instant.now().minusSeconds(60).toString())
                .put("to", Instant.now().plusSeconds(3_600).toString())
                .putArray("services")
                .add("frozen");
        Answer set = GateApiFixture.send(GateApiFixture.request(api, "/v1/freezes/sale")
                .headers("Content-Type", "application/json", "Authorization", "Bearer " + ADMIN)
                .PUT(BodyPublishers.ofString(freeze.toString())));
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        await(() -> evaluated("good").equals("allow"), () -> evaluated("good"));
        for (String waiting : WAITING) {
            await(() -> evaluated(waiting).equals("pending"), () -> evaluated(waiting));
        }
        await(() -> evaluated("frozen").equals("deny"), () -> evaluated("frozen"));
    }

    private static String evaluated(String service) {
        return GateApiFixture.post(
                        api,
                        "/v1/gates/production/evaluate",
                        "application/json",
                        GateApiFixture.EVALUATION.formatted(service),
                        "Authorization",
                        "Bearer " + TOKEN)
                .at("/decision");
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable one : new AutoCloseable[] {api, jobs, keys, broker}) {
            try {
                if (one != null) {
                    one.close();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    private static JsonNode decision(@Nullable Object id) {
        Answer answer = GateApiFixture.send(GateApiFixture.request(api, "/v1/decisions/" + id)
                .header("Authorization", "Bearer " + TOKEN)
                .GET());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private static void becomesGood(String service) {
        put(jobs, row(service, 19, 20), 1);
        progress(jobs, Instant.now());
    }

    private String[] script(String shell, String service, String... more) {
        Execution.assumeInstalled(shell);
        Execution.assumeInstalled("curl");
        var command = new ArrayList<String>(
                List.of(shell, PipelineFiles.SCRIPT.toString(), "--service", service, "--environment=production"));
        command.addAll(List.of(more));
        return command.toArray(String[]::new);
    }

    private static Map<String, String> asking(String token) {
        return Map.of("SLUICE_URL", url, "SLUICE_TOKEN", token);
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.gateapi.pipelines.Execution#shells")
    void theScriptTellsWhatTheGateSays(String shell) {
        Execution allowed = Execution.of(folder, asking(TOKEN), script(shell, "good", "--version=1", "--commit=abc"));
        Execution denied = Execution.of(folder, asking(TOKEN), script(shell, "bad"));
        Execution unknown = Execution.of(folder, asking("slc_nobody"), script(shell, "good", "--fail-on-error=false"));
        Execution away = Execution.of(
                folder,
                Map.of("SLUICE_URL", "http://127.0.0.1:" + FreePorts.pick()),
                script(shell, "good", "--timeout=0"));

        assertThat(allowed.status()).as(allowed.text()).isZero();
        String id = allowed.out().get(1).replaceAll(".*/", "");
        assertThat(allowed.out().get(0))
                .isEqualTo("sluice-gate: allow: " + decision(id).path("reason").asText());
        assertThat(decision(id).at("/artifact/commit").asText()).isEqualTo("abc");
        assertThat(denied.status()).isEqualTo(1);
        assertThat(denied.out().get(0)).startsWith("sluice-gate: deny: ").contains("0.80 is required");
        assertThat(unknown.status()).isEqualTo(3);
        assertThat(unknown.out()).singleElement().asString().startsWith("sluice-gate: error: Sluice answers 401");
        assertThat(away.status()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.gateapi.pipelines.Execution#shells")
    void theScriptWaitsWhileTheDecisionIsPending(String shell) {
        String service = "late-" + shell;

        Execution run = Execution.of(
                folder,
                asking(TOKEN),
                line -> {
                    if (line.startsWith("sluice-gate: pending: ")) {
                        becomesGood(service);
                    }
                },
                script(shell, service, "--timeout=40"));
        Execution never = Execution.of(folder, asking(TOKEN), script(shell, "never", "--timeout=0"));

        assertThat(run.status()).as(run.text()).isZero();
        assertThat(run.out().get(0)).startsWith("sluice-gate: pending: ");
        assertThat(never.status()).isEqualTo(1);
        assertThat(never.out().get(0)).startsWith("sluice-gate: pending: still pending: ");
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.gateapi.pipelines.Execution#shells")
    void theScriptIsNotTakenInByNamesAndReasons(String shell) {
        Execution named = Execution.of(
                folder,
                asking(TOKEN),
                script(shell, HOSTILE, "--version", HOSTILE, "--result=result", "--commit", HOSTILE));
        Execution frozen = Execution.of(folder, asking(TOKEN), script(shell, "frozen"));

        assertThat(named.status()).as(named.text()).isEqualTo(1);
        String id = named.out().get(1).replaceAll(".*/", "");
        assertThat(decision(id).path("service").asText()).isEqualTo(HOSTILE);
        assertThat(decision(id).at("/artifact/version").asText()).isEqualTo(HOSTILE);
        assertThat(frozen.status()).as(frozen.text()).isEqualTo(1);
        assertThat(frozen.out()).hasSize(2);
        assertThat(frozen.out().get(0))
                .startsWith("sluice-gate: deny: ")
                .contains("sale \"$(touch pwned)\" : :error: :forged # #[error]forged");
        assertThat(folder.resolve("pwned")).doesNotExist();
    }

    private static Map<String, String> inputs(String service, String... more) {
        var inputs = new HashMap<String, String>(
                Map.of("url", url, "service", service, "environment", "production", "token", TOKEN));
        for (int i = 0; i < more.length; i += 2) {
            inputs.put(more[i], more[i + 1]);
        }
        return inputs;
    }

    @Test
    void theActionOfGitHubPassesWhatIsAllowed_andTellsItsOutputs() throws Exception {
        CompositeAction.Used used = CompositeAction.use(folder, inputs("good", "version", "1"), Map.of());

        assertThat(used.run().status()).as(used.run().text()).isZero();
        String id = requireNonNull(used.outputs().get("decision_id"));
        assertThat(used.outputs())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "decision", "allow", "allowed", "true", "decision_id", id, "url", url + "/v1/decisions/" + id));
        assertThat(decision(id).at("/artifact/version").asText()).isEqualTo("1");
        assertThat(decision(id).at("/artifact/commit").asText()).isEqualTo("0123abc");
        assertThat(used.summary()).startsWith("### Sluice gate: allow\n\n    ").contains(id);
        assertThat(used.commands()).isEmpty();
    }

    @Test
    void theActionOfGitHubFailsWhatIsDenied_unlessItIsToldOtherwise() throws Exception {
        CompositeAction.Used denied = CompositeAction.use(folder, inputs("bad"), Map.of());
        CompositeAction.Used shown = CompositeAction.use(folder, inputs("bad", "fail-on-deny", "false"), Map.of());
        String nowhere = "http://127.0.0.1:" + FreePorts.pick();
        CompositeAction.Used away =
                CompositeAction.use(folder, inputs("bad", "url", nowhere, "timeout", "0"), Map.of());
        CompositeAction.Used excused = CompositeAction.use(
                folder, inputs("bad", "url", nowhere, "timeout", "0", "fail-on-error", "false"), Map.of());

        assertThat(denied.run().status()).isEqualTo(1);
        assertThat(denied.outputs()).containsEntry("decision", "deny").containsEntry("allowed", "false");
        assertThat(denied.commands()).singleElement().asString().startsWith("::error title=Sluice gate::deny: ");
        assertThat(shown.run().status()).isZero();
        assertThat(shown.outputs()).containsEntry("decision", "deny").containsEntry("allowed", "false");
        assertThat(shown.commands()).singleElement().asString().startsWith("::warning title=Sluice gate::deny");
        assertThat(away.run().status()).isEqualTo(3);
        assertThat(away.outputs()).containsEntry("decision", "error").containsEntry("allowed", "false");
        assertThat(excused.run().status()).isZero();
        assertThat(excused.outputs()).containsEntry("decision", "error").containsEntry("allowed", "false");
    }

    @Test
    void theActionOfGitHubIsNotTakenInByItsInputs_norByReasons() throws Exception {
        String hostile = HOSTILE + "'\"; touch pwned; ${{ secrets.X }}\n";
        CompositeAction.Used given = CompositeAction.use(
                folder, inputs(hostile, "gate", "production", "version", hostile, "digest", hostile), Map.of());
        CompositeAction.Used frozen = CompositeAction.use(folder, inputs("frozen"), Map.of());

        assertThat(given.outputs()).containsEntry("allowed", "false");
        assertThat(frozen.outputs()).containsEntry("decision", "deny").containsEntry("allowed", "false");
        assertThat(frozen.commands()).singleElement().asString().startsWith("::error title=Sluice gate::deny: ");
        assertThat(folder.resolve("pwned")).doesNotExist();
    }

    @Test
    void withoutATokenTheActionExchangesThatOfTheJob() throws Exception {
        try (var github = new ScriptedServer()) {
            String ciToken = CiTokens.signed(CiTokens.claims(Instant.now()), KEY);
            github.answers(200, "{\"count\":1,\"value\":\"" + ciToken + "\"}");
            Map<String, String> job = Map.of(
                    "ACTIONS_ID_TOKEN_REQUEST_URL",
                    github.url() + "/token?api-version=2.0",
                    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                    "runner-secret");

            CompositeAction.Used used =
                    CompositeAction.use(folder, inputs("good", "token", "", "audience", CiTokens.AUDIENCE), job);
            CompositeAction.Used again =
                    CompositeAction.use(folder, inputs("good", "token", "", "fail-on-error", "false"), job);

            assertThat(used.run().status()).as(used.run().text()).isZero();
            assertThat(decision(used.outputs().get("decision_id"))
                            .path("principal")
                            .asText())
                    .startsWith("shop-production.");
            assertThat(github.asked().get(0).target())
                    .isEqualToIgnoringCase("/token?api-version=2.0&audience=https%3A%2F%2Fsluice.example.com");
            assertThat(github.asked().get(0).authorization()).isEqualTo("Bearer runner-secret");
            assertThat(used.run().text()).doesNotContain(ciToken).doesNotContain("runner-secret");
            assertThat(again.run().status()).as("a token is exchanged once").isEqualTo(3);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.gateapi.pipelines.Execution#shells")
    void theJobOfGitLabAsksWithItsOwnToken_andTellsLaterJobs(String shell) throws Exception {
        Execution.assumeInstalled(shell);
        Map<String, String> predefined = Map.of("CI_PROJECT_NAME", "good", "CI_COMMIT_SHA", "0123abc");
        Map<String, String> inputs = Map.of("url", url, "environment", "production", "audience", CiTokens.AUDIENCE);

        GitLabComponent.Ran ran = GitLabComponent.run(folder, shell, inputs, predefined, audience -> {
            Map<String, Object> claims = CiTokens.claims(Instant.now());
            claims.put("aud", audience);
            return CiTokens.signed(claims, KEY);
        });

        assertThat(ran.run().status()).as(ran.run().text()).isZero();
        assertThat(ran.dotenv())
                .containsEntry("SLUICE_DECISION", "allow")
                .containsEntry("SLUICE_ALLOWED", "true")
                .hasSize(4);
        JsonNode decision = decision(ran.dotenv().get("SLUICE_DECISION_ID"));
        assertThat(decision.at("/artifact/version").asText()).isEqualTo("0123abc");
        assertThat(decision.path("principal").asText()).startsWith("shop-production.");
    }

    @Test
    void theJobOfGitLabFailsWhatIsDenied_whateverTheInputs() throws Exception {
        Map<String, String> project = Map.of("CI_PROJECT_NAME", "good", "SLUICE_TOKEN", TOKEN);
        var inputs = new HashMap<String, String>(Map.of(
                "url", url, "environment", "production", "audience", "any", "service", HOSTILE, "version", HOSTILE));

        GitLabComponent.Ran denied = GitLabComponent.run(folder, "sh", inputs, project, audience -> "none");
        inputs.put("fail-on-deny", "false");
        inputs.put("service", "frozen");
        Files.delete(folder.resolve("sluice.env"));
        GitLabComponent.Ran shown = GitLabComponent.run(folder, "sh", inputs, project, audience -> "none");

        assertThat(denied.run().status()).as(denied.run().text()).isEqualTo(1);
        assertThat(denied.dotenv()).containsEntry("SLUICE_ALLOWED", "false").hasSize(4);
        assertThat(shown.run().status()).isZero();
        assertThat(shown.dotenv()).containsEntry("SLUICE_DECISION", "deny").hasSize(4);
        assertThat(folder.resolve("pwned")).doesNotExist();
    }

    @Test
    void theCommandOfCircleCiTellsLaterSteps() throws Exception {
        Execution.assumeInstalled("bash");
        Map<String, String> good = Map.of("url", url, "service", "good", "environment", "production", "version", "1");
        var hostile = new HashMap<String, String>(good);
        hostile.put("service", HOSTILE);
        hostile.put("version", HOSTILE + " << parameters.url >>");

        CircleCommand.Ran allowed = CircleCommand.run(folder, good, Map.of("SLUICE_TOKEN", TOKEN));
        CircleCommand.Ran exchanged = CircleCommand.run(
                folder, good, Map.of("CIRCLE_OIDC_TOKEN_V2", CiTokens.signed(CiTokens.claims(Instant.now()), KEY)));
        CircleCommand.Ran denied = CircleCommand.run(folder, hostile, Map.of("SLUICE_TOKEN", TOKEN));

        assertThat(allowed.run().status()).as(allowed.run().text()).isZero();
        assertThat(allowed.later()).hasSize(4).startsWith("allow", "true");
        assertThat(allowed.later().get(3))
                .isEqualTo(url + "/v1/decisions/" + allowed.later().get(2));
        assertThat(exchanged.run().status()).as(exchanged.run().text()).isZero();
        assertThat(denied.run().status()).isEqualTo(1);
        assertThat(denied.later()).hasSize(4).startsWith("deny", "false");
        assertThat(folder.resolve("pwned")).doesNotExist();
    }

    private static Map<String, Object> parameters(String service, Object... more) {
        var parameters = new HashMap<String, Object>(
                Map.of("url", url, "service", service, "environment", "production", "version", "1"));
        for (int i = 0; i < more.length; i += 2) {
            parameters.put((String) more[i], more[i + 1]);
        }
        return parameters;
    }

    @Test
    void theStepOfJenkinsReturnsWhatIsAllowed_andHidesItsToken() {
        var jenkins = new JenkinsLibrary().withSecretText("sluice", TOKEN);

        Map<String, Object> gate = jenkins.sluiceGate(parameters("good", "credentialsId", "sluice"));

        assertThat(gate)
                .containsEntry("decision", "allow")
                .containsEntry("allowed", true)
                .containsOnlyKeys("decision", "allowed", "decision_id", "url", "reason");
        assertThat(decision(gate.get("decision_id")).path("reason").asText()).isEqualTo(gate.get("reason"));
        assertThat(jenkins.console()).singleElement().asString().doesNotContain(TOKEN);
        assertThat(jenkins.requests())
                .singleElement()
                .satisfies(request -> assertThat(request)
                        .containsEntry(
                                "customHeaders",
                                List.of(Map.of("name", "Authorization", "value", "Bearer " + TOKEN, "maskValue", true)))
                        .containsEntry("quiet", true));
    }

    @Test
    void theStepOfJenkinsFailsTheBuildOfWhatIsNotAllowed_unlessItIsToldOtherwise() {
        var jenkins = new JenkinsLibrary().with("SLUICE_TOKEN", TOKEN);
        Map<String, Object> denied = parameters("bad");

        assertThatThrownBy(() -> jenkins.sluiceGate(denied))
                .isInstanceOf(JenkinsLibrary.BuildFailed.class)
                .hasMessageStartingWith("sluiceGate: deny: ");
        assertThat(jenkins.sluiceGate(parameters("bad", "failOnDeny", false)))
                .containsEntry("decision", "deny")
                .containsEntry("allowed", false);
        Map<String, Object> frozen = jenkins.sluiceGate(parameters("frozen", "failOnDeny", false));
        assertThat((String) frozen.get("reason")).contains("$(touch pwned)");
        Map<String, Object> hostile = jenkins.sluiceGate(
                parameters(HOSTILE + "\n${1+1}", "failOnDeny", false, "timeout", 0, "version", HOSTILE));
        assertThat(decision(hostile.get("decision_id")).path("service").asText())
                .isEqualTo(HOSTILE + "\n${1+1}");
        assertThat(jenkins.console()).allSatisfy(line -> assertThat(line).doesNotContain("\n"));
        for (Map<String, Object> wrong : List.of(
                parameters("good", "token", "x"),
                parameters("good", "gate", "../x"),
                parameters("", "gate", "production"),
                parameters("good", "url", "file:///etc/passwd"))) {
            assertThatThrownBy(() -> jenkins.sluiceGate(wrong)).isInstanceOf(JenkinsLibrary.BuildFailed.class);
        }
    }

    @Test
    void theStepOfJenkinsExcusesThatSluiceIsAway_butNeverARefusal() {
        var jenkins = new JenkinsLibrary().with("SLUICE_TOKEN", "slc_nobody");
        String nowhere = "http://127.0.0.1:" + FreePorts.pick();
        Map<String, Object> away = parameters("good", "url", nowhere);
        Map<String, Object> refused = parameters("good", "failOnError", false);

        assertThatThrownBy(() -> jenkins.sluiceGate(away))
                .isInstanceOf(JenkinsLibrary.BuildFailed.class)
                .hasMessage("sluiceGate: error: there is no answer of Sluice");
        assertThat(jenkins.slept()).as("before the fourth failure").hasSize(3);
        assertThat(jenkins.sluiceGate(parameters("good", "url", nowhere, "failOnError", false)))
                .containsEntry("decision", "error")
                .containsEntry("allowed", false);
        assertThatThrownBy(() -> jenkins.sluiceGate(refused))
                .isInstanceOf(JenkinsLibrary.BuildFailed.class)
                .hasMessageContaining("Sluice answers 401");
    }

    @Test
    void theStepOfJenkinsSleepsWhileTheDecisionIsPending() throws Exception {
        var jenkins = new JenkinsLibrary().with("SLUICE_TOKEN", TOKEN).whileAsleep(() -> {
            becomesGood("late");
            try {
                await(() -> evaluated("late").equals("allow"), () -> evaluated("late"));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });

        Map<String, Object> gate = jenkins.sluiceGate(parameters("late"));

        assertThat(gate).containsEntry("decision", "allow").containsEntry("allowed", true);
        assertThat(jenkins.slept()).containsExactly(2);
        assertThat(jenkins.requests())
                .extracting(request -> request.get("httpMode") + " " + request.get("url"))
                .containsExactly(
                        "POST " + url + "/v1/gates/production/evaluate",
                        "GET " + url + "/v1/decisions/" + gate.get("decision_id"));
    }
}
