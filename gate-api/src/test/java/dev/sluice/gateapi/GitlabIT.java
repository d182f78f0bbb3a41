package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.get;
import static dev.sluice.gateapi.GateApiFixture.request;
import static dev.sluice.gateapi.GateApiFixture.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.callers.gitlab.GitlabStandIn;
import dev.sluice.sources.webhook.HmacSignature;
import dev.sluice.wire.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merge requests and deployments of GitLab ask the gate API and are answered, with a stand-in that takes only what GitLab's contract has. */
class GitlabIT {
    private static final String SECRET = "the check's secret";
    private static final String TOKEN = "glpat-of-a-test";
    private static final String SERVERS = "/v1/gitlab-servers/";
    private static final String SERVER = """
            {"api_url": "%s/api/v4", "version": "sha",
             "projects": {"11": "checkout", "12": "waiting", "13": "bad", "16": "checkout"},
             "merge_requests": {"gate": "production", "environment": "production", "secret_env": "SLUICE_SECRET_CHECK"},
             "deployments": {"gate": "production", "environments": {"live": "production", "eu west/1": "production"}},
             "token": {"secret_env": "SLUICE_SECRET_TOKEN"}}""";
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final AtomicInteger MERGE_REQUESTS = new AtomicInteger(500);

    @TempDir
    static Path directory;

    private static GitlabStandIn gitlab;
    private static AskedGates gates;

    @BeforeAll
    static void start() throws Exception {
        gitlab = new GitlabStandIn(TOKEN);
        gitlab.blocked("11", 1, "live", "b".repeat(40));
        gitlab.blocked("11", 2, "review/1", "b".repeat(40));
        gitlab.blocked("11", 3, "live", "c".repeat(40));
        gitlab.blocked("13", 4, "live", "d".repeat(40));
        gitlab.blocked("11", 5, "eu west/1", "b".repeat(40), "Why: ".repeat(20_000));
        for (int id = 100; id < 112; id++) {
            gitlab.blocked("11", id, "review/1", "b".repeat(40));
            gitlab.blocked("16", id + 100, "live", "b".repeat(40));
        }
        gitlab.answers("3", 502);
        gitlab.answers("4", 400);
        gates = new AskedGates(directory, gitlab, Map.of("SLUICE_SECRET_CHECK", SECRET, "SLUICE_SECRET_TOKEN", TOKEN));
        gates.setUp(SERVERS + "main", SERVER.formatted(gitlab.url()));
    }

    @AfterEach
    void nothingWasCalledThatTheContractDoesNotHave() {
        assertThat(gitlab.wrong()).isEmpty();
    }

    @AfterAll
    static void stop() {
        gates.close();
        gitlab.close();
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
        return deliver("main", payload, signature(payload));
    }

    private static String signature(JsonNode payload) {
        return new HmacSignature("").sign(SECRET.getBytes(StandardCharsets.UTF_8), Json.bytes(payload));
    }

    private static Answer deliver(JsonNode payload, String signature) {
        return deliver("main", payload, signature);
    }

    private static Answer deliver(String server, JsonNode payload, String signature) {
        return send(request(gates.api(), SERVERS + server + "/status-check")
                .header("Content-Type", "application/json")
                .header("X-GitLab-Signature", signature)
                .POST(BodyPublishers.ofByteArray(Json.bytes(payload))));
    }

    private static boolean isTaken(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json().path("taken").booleanValue();
    }

    private static void awaitTold(String of, String... told) throws Exception {
        for (int i = 0; i < told.length; i++) {
            int before = i;
            gates.awaitSoon(
                    i == 0 ? Duration.ZERO : PAUSE,
                    () -> gitlab.told(of).size() > before,
                    () -> gitlab.told(of) + " " + gitlab.wrong());
        }
        assertThat(gitlab.told(of)).extracting(GitlabStandIn.Told::toString).containsExactly(told);
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
        gates.becomes("waiting", 19, 20);

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
        gates.awaitEnd("sha", pushed.sha(), "refused");
        awaitTold(pushed.name(), "409 passed");
    }

    @Test
    void theSameAgainIsARepetitionWhileItIsOpen_andAnewWhenItWasAnswered() throws Exception {
        Merge merge = merge(11);
        gitlab.answers(merge.name(), 503);

        assertThat(isTaken(deliver(merge.payload()))).isTrue();
        assertThat(isTaken(deliver(merge.payload()))).isFalse();
        awaitTold(merge.name(), "503 passed", "201 passed");
        gates.awaitEnd("sha", merge.sha(), "told");
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
        awaitTold("5", "201 approved");
        assertThat(gitlab.told("2")).isEmpty();
        assertThat(gitlab.told("1").get(0).body().path("comment").asText())
                .startsWith("production: ")
                .contains("(decision ");
        String decision =
                gitlab.told("1").get(0).body().path("comment").asText().replaceAll(".*decision |\\).*", "");
        Answer logged = get(gates.api(), "/v1/decisions/" + decision);
        assertThat(logged.at("/principal")).isEqualTo("gitlab-deployment:main");
        assertThat(logged.at("/artifact/commit")).isEqualTo("b".repeat(40));
    }

    @Test
    void allThatWaitAreFound_alsoThoseBehindOthers() throws Exception {
        for (int id = 200; id < 212; id++) {
            awaitTold(Integer.toString(id), "201 approved");
        }
        assertThat(gitlab.told("100")).isEmpty();
    }

    @Test
    void anAllowIsNotTold_whereByTheSetUpOfNowItIsOfAnotherService() throws Exception {
        Merge merge = merge(14);
        gitlab.blocked("14", 20, "live", "b".repeat(40));
        gitlab.answers(merge.name(), 503);
        gitlab.answers("20", 502);
        String right = SERVER.formatted(gitlab.url()).replaceAll("\"11\".*\\}", "\"14\": \"checkout\"}");
        gates.setUp(SERVERS + "moving", right);
        assertThat(isTaken(deliver("moving", merge.payload(), signature(merge.payload()))))
                .isTrue();
        awaitTold(merge.name(), "503 passed");
        awaitTold("20", "502 approved");

        gates.setUp(SERVERS + "moving", right.replace("{\"14\": \"checkout\"", "{\"14\": \"bad\""));

        awaitTold(merge.name(), "503 passed", "201 failed");
        awaitTold("20", "502 approved", "201 rejected");
    }

    @Test
    void aServerIsSetUpStrictly_andShowsWhereItsSecretsAre() {
        String right = SERVER.formatted(gitlab.url());
        gates.assertWrong(
                SERVERS + "wrong",
                Map.of(
                        right.replace("\"11\"", "\"acme/checkout\""), "/projects",
                        right.replace("\"version\": \"sha\"", "\"version\": 1"), "/version",
                        right.replace("SLUICE_SECRET_CHECK", "PATH"), "/merge_requests/secret_env",
                        right.replace("SLUICE_SECRET_TOKEN", "SLUICE_SECRET_NONE"), "/token/secret_env",
                        right.replace("\"environment\":", "\"environnement\":"), "/merge_requests/environment",
                        right.replace(gitlab.url(), "http://169.254.169.254"), "/api_url",
                        right.replace("\"deployments\"", "\"deploys\""), "/deploys"));
        assertThat(gates.set(
                                SERVERS + "wrong",
                                "{\"projects\": {\"1\": \"a\"}, \"token\": {\"secret_env\": \"SLUICE_SECRET_TOKEN\"}}")
                        .text())
                .contains("\"/merge_requests\"");
        Answer listed = get(gates.api(), "/v1/gitlab-servers");
        assertThat(listed.text()).contains("SLUICE_SECRET_TOKEN").doesNotContain(TOKEN, SECRET);
    }
}
