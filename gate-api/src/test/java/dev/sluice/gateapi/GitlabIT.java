package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.get;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.records;
import static dev.sluice.gateapi.GateApiFixture.request;
import static dev.sluice.gateapi.GateApiFixture.row;
import static dev.sluice.gateapi.GateApiFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.callers.gitlab.GitlabStandIn;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.sources.webhook.HmacSignature;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merge requests and deployments of GitLab ask the gate API and are answered, with a stand-in that takes only what GitLab's contract has. */
class GitlabIT {
    private static final String SECRET = "the check's secret";
    private static final String TOKEN = "glpat-of-a-test";
    private static final String SERVER = """
            {"api_url": "%s/api/v4", "version": "sha",
             "projects": {"11": "checkout", "12": "waiting", "13": "bad"},
             "merge_requests": {"gate": "production", "environment": "production", "secret_env": "SLUICE_SECRET_CHECK"},
             "deployments": {"gate": "production", "environments": {"live": "production"}},
             "token": {"secret_env": "SLUICE_SECRET_TOKEN"}}""";
    private static final AtomicInteger MERGE_REQUESTS = new AtomicInteger(500);

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static GitlabStandIn gitlab;
    private static GateApi api;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        gitlab = new GitlabStandIn(TOKEN);
        gitlab.blocked("11", 1, "live", "b".repeat(40));
        gitlab.blocked("11", 2, "review/1", "b".repeat(40));
        gitlab.blocked("11", 3, "live", "c".repeat(40));
        gitlab.blocked("13", 4, "live", "d".repeat(40));
        gitlab.answers("3", 502);
        gitlab.answers("4", 400);
        var problems = new Problems();
        EgressRules rules = EgressRules.read("http://" + gitlab.authority(), "", problems);
        problems.throwIfAny();
        api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withEgress(rules)
                .withFiles(GateApiFiles.NONE.withPolicies(policies()))
                .withEnvironment(Map.of("SLUICE_SECRET_CHECK", SECRET, "SLUICE_SECRET_TOKEN", TOKEN)));
        awaitReady(api);
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        put(jobs, row("checkout", 19, 20), 1);
        put(jobs, row("bad", 10, 20), 1);
        put(jobs, row("waiting", 1, 1), 1);
        progress(jobs, Instant.now());
        await(
                () -> GateApiFixture.evaluate(api, "checkout").at("/decision").equals("allow"),
                () -> GateApiFixture.evaluate(api, "checkout").text());
        Answer answer = putServer("main", SERVER.formatted(gitlab.url()));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static Path policies() throws Exception {
        Path policies = Files.createDirectory(directory.resolve("policies"));
        Files.writeString(policies.resolve("gate.yaml"), """
                name: production
                version: "1"
                gates: [production]
                expires_after: 10m
                stale_after: 10m
                rules:
                  - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=",
                     threshold: 0.8, minimum_n: 5, when_missing: pending}
                """);
        return policies;
    }

    private static Answer putServer(String name, String body) {
        return send(request(api, "/v1/gitlab-servers/" + name)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
    }

    @AfterEach
    void nothingWasCalledThatTheContractDoesNotHave() {
        assertThat(gitlab.wrong()).isEmpty();
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {jobs, api, gitlab, broker}) {
            one.close();
        }
    }

    /** A merge request that nobody else has, whose head is its own. */
    private static Merge merge(long project) {
        var merge = new Merge(project, MERGE_REQUESTS.incrementAndGet());
        gitlab.head(merge.name(), merge.sha());
        return merge;
    }

    private record Merge(long project, int iid) {
        String name() {
            return Integer.toString(iid);
        }

        String sha() {
            return "e".repeat(37) + iid;
        }

        ObjectNode payload() {
            ObjectNode payload = Json.mapper().createObjectNode().put("object_kind", "merge_request");
            payload.putObject("project").put("id", project);
            payload.putObject("object_attributes")
                    .put("iid", iid)
                    .put("state", "opened")
                    .put("source_branch", "feature")
                    .putObject("last_commit")
                    .put("id", sha());
            payload.putObject("external_approval_rule").put("id", 77).put("name", "Sluice");
            return payload;
        }
    }

    private static Answer deliver(JsonNode payload) {
        byte[] body = Json.bytes(payload);
        return deliver(payload, new HmacSignature("").sign(SECRET.getBytes(StandardCharsets.UTF_8), body));
    }

    private static Answer deliver(JsonNode payload, String signature) {
        return send(request(api, "/v1/gitlab-servers/main/status-check")
                .header("Content-Type", "application/json")
                .header("X-GitLab-Signature", signature)
                .POST(BodyPublishers.ofByteArray(Json.bytes(payload))));
    }

    private static boolean isTaken(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("taken").booleanValue();
    }

    private static void awaitTold(String of, String... told) throws Exception {
        await(() -> gitlab.told(of).size() >= told.length, () -> gitlab.told(of) + " " + gitlab.wrong());
        assertThat(gitlab.told(of)).extracting(GitlabStandIn.Told::toString).containsExactly(told);
    }

    private static boolean hasEnded(Merge merge, String outcome) {
        return records(broker.bootstrapServers(), Topic.CONTROL).stream()
                .filter(found -> found.value() != null && found.key().contains("/" + Control.GATE_QUESTION + "/"))
                .map(found -> Json.read(found.value(), Control.class).document())
                .anyMatch(one -> one.at("/facts/sha").asText().equals(merge.sha())
                        && one.at("/ended/outcome").asText().equals(outcome));
    }

    @Test
    void aGoodMergeRequestPasses_aBadOneFails_eachForTheCommitThatWasAskedAbout() throws Exception {
        Merge good = merge(11);
        Merge bad = merge(13);

        assertThat(isTaken(deliver(good.payload()))).isTrue();
        assertThat(isTaken(deliver(bad.payload()))).isTrue();

        awaitTold(good.name(), "201 passed");
        awaitTold(bad.name(), "201 failed");
        JsonNode told = gitlab.told(good.name()).get(0).body();
        assertThat(told.path("sha").asText()).isEqualTo(good.sha());
        assertThat(told.path("external_status_check_id").asInt()).isEqualTo(77);
    }

    @Test
    void whileTheGateIsPendingTheCheckIs_andThenItPasses() throws Exception {
        Merge merge = merge(12);

        assertThat(isTaken(deliver(merge.payload()))).isTrue();
        awaitTold(merge.name(), "201 pending");
        put(jobs, row("waiting", 19, 20), 1);
        progress(jobs, Instant.now());

        awaitTold(merge.name(), "201 pending", "201 passed");
    }

    @Test
    void aCommitThatIsNoLongerTheHeadIsOver_andFailuresAreTriedAgain() throws Exception {
        Merge pushed = merge(11);
        Merge failing = merge(11);
        gitlab.head(pushed.name(), "f".repeat(40));
        gitlab.answers(failing.name(), 503, 401);

        assertThat(isTaken(deliver(pushed.payload()))).isTrue();
        assertThat(isTaken(deliver(failing.payload()))).isTrue();

        awaitTold(failing.name(), "503 passed", "401 passed", "201 passed");
        await(() -> hasEnded(pushed, "refused"), () -> gitlab.told(pushed.name()));
        awaitTold(pushed.name(), "409 passed");
    }

    @Test
    void theSameAgainIsARepetitionWhileItIsOpen_andAnewWhenItWasAnswered() throws Exception {
        Merge merge = merge(11);
        gitlab.answers(merge.name(), 503);

        assertThat(isTaken(deliver(merge.payload()))).isTrue();
        assertThat(isTaken(deliver(merge.payload()))).isFalse();
        awaitTold(merge.name(), "503 passed", "201 passed");
        await(() -> hasEnded(merge, "told"), () -> gitlab.told(merge.name()));
        await(() -> isTaken(deliver(merge.payload())), () -> "not asked again");

        awaitTold(merge.name(), "503 passed", "201 passed", "201 passed");
    }

    @Test
    void withoutTheSignatureNothingIsTaken_andWhatAsksNothingIsAcknowledged() {
        Merge merge = merge(11);
        ObjectNode closed = merge.payload();
        ((ObjectNode) closed.path("object_attributes")).put("state", "merged");
        ObjectNode noCheck = merge.payload();
        noCheck.remove("external_approval_rule");
        ObjectNode noCommit = merge.payload();
        ((ObjectNode) noCommit.path("object_attributes")).remove("last_commit");
        ObjectNode badCommit = merge.payload();
        ((ObjectNode) badCommit.at("/object_attributes/last_commit")).put("id", "HEAD/../1");

        for (String signature : List.of("0".repeat(64), "sha256=" + "0".repeat(64), SECRET)) {
            assertThat(deliver(merge.payload(), signature).status()).isEqualTo(401);
        }
        for (JsonNode payload :
                List.of(closed, noCheck, noCommit, badCommit, merge(99).payload())) {
            assertThat(isTaken(deliver(payload))).as(payload.toString()).isFalse();
        }
        assertThat(gitlab.told(merge.name())).isEmpty();
    }

    /** They have waited since before the server was set up. */
    @Test
    void deploymentsThatWaitAreApprovedOrRejectedOnce_andThoseOfOtherEnvironmentsAreLeft() throws Exception {
        awaitTold("1", "201 approved");
        awaitTold("3", "502 approved", "201 approved");
        awaitTold("4", "400 rejected");
        assertThat(gitlab.told("2")).isEmpty();
        assertThat(gitlab.told("1").get(0).body().path("comment").asText())
                .startsWith("production: ")
                .contains("(decision ");
        String decision =
                gitlab.told("1").get(0).body().path("comment").asText().replaceAll(".*decision |\\).*", "");
        Answer logged = get(api, "/v1/decisions/" + decision);
        assertThat(logged.at("/principal")).isEqualTo("gitlab-deployment:main");
        assertThat(logged.at("/artifact/commit")).isEqualTo("b".repeat(40));
    }

    @Test
    void aServerIsSetUpStrictly_andShowsWhereItsSecretsAre() {
        String right = SERVER.formatted(gitlab.url());
        for (Map.Entry<String, String> wrong : Map.of(
                        right.replace("\"11\"", "\"acme/checkout\""), "/projects",
                        right.replace("\"version\": \"sha\"", "\"version\": 1"), "/version",
                        right.replace("SLUICE_SECRET_CHECK", "PATH"), "/merge_requests/secret_env",
                        right.replace("SLUICE_SECRET_TOKEN", "SLUICE_SECRET_NONE"), "/token/secret_env",
                        right.replace("\"environment\":", "\"environnement\":"), "/merge_requests/environment",
                        right.replace(gitlab.url(), "http://169.254.169.254"), "/api_url",
                        right.replace("\"deployments\"", "\"deploys\""), "/deploys")
                .entrySet()) {
            Answer answer = putServer("wrong", wrong.getKey());
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            assertThat(answer.text()).contains("\"" + wrong.getValue() + "\"");
        }
        assertThat(putServer(
                                "wrong",
                                "{\"projects\": {\"1\": \"a\"}, \"token\": {\"secret_env\": \"SLUICE_SECRET_TOKEN\"}}")
                        .text())
                .contains("\"/merge_requests\"");
        Answer listed = get(api, "/v1/gitlab-servers");
        assertThat(listed.text()).contains("SLUICE_SECRET_TOKEN").doesNotContain(TOKEN, SECRET);
    }
}
