package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.TENANT;
import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.records;
import static dev.sluice.gateapi.GateApiFixture.request;
import static dev.sluice.gateapi.GateApiFixture.row;
import static dev.sluice.gateapi.GateApiFixture.send;
import static dev.sluice.gateapi.GateApiFixture.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dora.CurrentRow;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.wire.Topic;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people and pipelines say, and what gates make of it, at two replicas. */
class GovernanceIT {
    private static final String VERSION = "{\"version\":\"2.0\"}";

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static PolicyAgentStub agent;
    private static GateApi first;
    private static GateApi second;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        agent = PolicyAgentStub.start("hush");
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: ci, owner: ann, sha256: %s, tenant: default, scopes: [evaluate, read, receive, approve, admin, manage-freeze, manage-endpoints]}
                  - {id: ben, owner: ben, sha256: %s, tenant: default, scopes: [approve, read]}
                  - {id: ben-phone, owner: ben, sha256: %s, tenant: default, scopes: [approve]}
                  - {id: eve, owner: eve, sha256: %s, tenant: default, scopes: [approve]}
                  - {id: fay, owner: fay, sha256: %s, tenant: default, scopes: [read, manage-endpoints], services: [checkout], environments: [staging]}
                  - {id: acme, owner: acme, sha256: %s, tenant: acme, scopes: [read, approve, manage-freeze]}
                """.formatted(
                sha256("ci"), sha256("ben"), sha256("ben-phone"), sha256("eve"), sha256("fay"), sha256("acme")));
        Path policies = Files.createDirectory(directory.resolve("policies"));
        policy(policies, "approved", "approvals: {least: 2, roles: [sre]}");
        policy(policies, "frozen", "freeze: {}");
        policy(policies, "validated", "validation: {environment: staging, kinds: [smoke], soak: 1h, sources: [ci]}");
        policy(policies, "signed", "artifact: {signers: [release], location: registry.example.org/shop}");
        policy(policies, "drilled", "drill: {environment: staging, max_recovery: 10m}");
        policy(policies, "budget", "error_budget: {slo: availability, objective: 0.999, most_burn: 2, sources: [ci]}");
        policy(policies, "trend", "trend: {metric: deployment_success_rate, operator: '>=', times: 0.9}");
        policy(policies, "asked", "external: {endpoint: opa, path: deploy/allow}");
        policy(policies, "canary", "canary: {}");
        policy(policies, "parity", "parity: {with: staging}");
        GateApiConfig config = GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withEgress(agent.allowed())
                .withEnvironment(Map.of("SLUICE_SECRET_OPA", "hush"))
                .withFiles(GateApiFiles.NONE.withPolicies(policies).withTokens(tokens));
        first = GateApi.start(config);
        second = GateApi.start(config);
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        for (GateApi api : new GateApi[] {first, second}) {
            GateApiFixture.awaitReady(api);
        }
        for (String service : new String[] {"checkout", "frozen", "signed"}) {
            put(jobs, row(service, 19, 20), 1);
        }
        put(jobs, running("checkout", "staging", "2.0", Instant.now().minus(Duration.ofHours(2))), 1);
        progress(jobs, Instant.now());
        await(
                () -> !ask("frozen", "checkout", VERSION).at("/code").equals("unknown_service"),
                () -> ask("frozen", "checkout", VERSION).text());
    }

    private static void policy(Path policies, String gate, String rule) throws Exception {
        Files.writeString(policies.resolve(gate + ".yaml"), """
                name: %1$s
                version: "1"
                gates: [%1$s]
                stale_after: 10m
                rules:
                  - {id: rule, mode: enforce, %2$s}
                """.formatted(gate, rule));
    }

    private static CurrentRow running(String service, String environment, String version, Instant since) {
        return new CurrentRow(
                TENANT,
                service,
                environment,
                "d",
                version,
                "abc",
                null,
                since,
                null,
                null,
                0,
                null,
                0,
                null,
                null,
                null,
                false,
                Instant.now());
    }

    @AfterAll
    static void stop() {
        for (GateApi api : new GateApi[] {first, second}) {
            if (api != null) {
                api.close();
            }
        }
        if (jobs != null) {
            jobs.close(Duration.ZERO);
        }
        if (broker != null) {
            broker.close();
        }
        if (agent != null) {
            agent.close();
        }
    }

    private static Answer call(GateApi api, String method, String path, String token, @Nullable String body) {
        HttpRequest.BodyPublisher content =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        HttpRequest.Builder request =
                request(api, path).header("Authorization", "Bearer " + token).method(method, content);
        return send(body == null ? request : request.header("Content-Type", "application/json"));
    }

    private static Answer ask(String gate, String service, String artifact) {
        return ask(first, gate, service, artifact);
    }

    private static Answer ask(GateApi api, String gate, String service, String artifact) {
        return call(
                api,
                "POST",
                "/v1/gates/" + gate + "/evaluate",
                "ci",
                "{\"service\":\"%s\",\"environment\":\"production\",\"artifact\":%s}".formatted(service, artifact));
    }

    private static Answer said(String path, String token, String body) {
        Answer answer = call(first, "POST", path, token, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer;
    }

    private static Answer approve(String token, String version, String decision) {
        return said("/v1/approvals", token, """
                {"service":"checkout","environment":"production","gate":"approved","artifact":{"version":"%s"},
                 "decision":"%s","expires_in":"1h"}""".formatted(version, decision));
    }

    private static void awaitAllowedAtTheOther(String gate, String service, String artifact) throws Exception {
        await(
                () -> ask(second, gate, service, artifact).at("/decision").equals("allow"),
                () -> ask(second, gate, service, artifact).text());
    }

    @Test
    void twoPeopleOfARoleApprove_andEachCountsOnce() throws Exception {
        assertThat(call(first, "PUT", "/v1/roles/sre", "ci", "{\"members\":[\"ben\",\"eve\",\"ann\"]}")
                        .status())
                .isEqualTo(200);
        assertThat(ask("approved", "checkout", VERSION).status()).isEqualTo(202);

        approve("ben", "2.0", "approve");
        approve("ben-phone", "2.0", "approve");
        Answer twice = ask("approved", "checkout", VERSION);
        assertThat(twice.at("/rules/0/reason")).contains("1 of 2 approvals by sre");
        approve("ci", "2.0", "approve");
        assertThat(ask("approved", "checkout", VERSION).at("/decision"))
                .as("who asks does not count")
                .isEqualTo("pending");
        approve("eve", "2.0", "approve");

        Answer allowed = ask("approved", "checkout", VERSION);
        assertThat(allowed.at("/decision")).as(allowed.text()).isEqualTo("allow");
        assertThat(allowed.at("/rules/0/requires")).isEqualTo("approvals");
        assertThat(allowed.at("/owner")).isEqualTo("ann");
        awaitAllowedAtTheOther("approved", "checkout", VERSION);
        assertThat(ask("approved", "checkout", "{\"version\":\"2.1\"}").at("/decision"))
                .isEqualTo("pending");
        Answer replayed = call(first, "POST", "/v1/decisions/" + allowed.at("/id") + "/replay", "ci", "{}");
        assertThat(replayed.json().at("/same").booleanValue())
                .as(replayed.text())
                .isTrue();

        approve("eve", "2.0", "reject");
        assertThat(ask("approved", "checkout", VERSION).at("/decision")).isEqualTo("deny");
        JsonNode listed = call(second, "GET", "/v1/approvals?service=checkout", "ben", null)
                .json();
        assertThat(listed.at("/statements").findValuesAsText("version").stream().filter("2.0"::equals))
                .as("one of each person")
                .hasSize(3);
        assertThat(call(first, "GET", "/v1/approvals?service=checkout", "acme", null)
                        .json()
                        .at("/statements"))
                .isEmpty();
    }

    @Test
    void whatOneReplicaHasWrittenTheOtherSees_whenItIsAskedToHaveReadSoFar() {
        for (int i = 0; i < 20; i++) {
            String version = "9." + i;
            Answer said = said("/v1/validations", "ci", """
                    {"service":"checkout","environment":"staging","artifact":{"version":"%s"},"kind":"smoke",
                     "result":"passed"}""".formatted(version));
            String position = said.header("Sluice-Position");
            assertThat(position).matches("[0-9]+=[0-9]+(,[0-9]+=[0-9]+)*");

            Answer seen = send(request(second, "/v1/validations?service=checkout")
                    .header("Authorization", "Bearer ben")
                    .header("Sluice-After", position)
                    .GET());

            assertThat(seen.text()).startsWith("200").contains("\"" + version + "\"");
        }
        assertThat(send(request(second, "/v1/freezes")
                                .header("Authorization", "Bearer ben")
                                .header("Sluice-After", "0=999999999")
                                .GET())
                        .status())
                .isEqualTo(503);
        assertThat(send(request(second, "/v1/validations?service=checkout")
                                .header("Authorization", "Bearer ben")
                                .header("Sluice-After", "control")
                                .GET())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void whoIsNotKnownWaitsForNothing_andWhatCannotBeIsRefused() {
        long started = System.nanoTime();
        assertThat(send(request(second, "/docs")
                                .header("Sluice-After", "0=999999999")
                                .GET())
                        .status())
                .isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(2));
        for (String position : new String[] {"99=1", "0=1,0=1", "0=-1", "0"}) {
            assertThat(send(request(second, "/v1/validations?service=checkout")
                                    .header("Authorization", "Bearer ben")
                                    .header("Sluice-After", position)
                                    .GET())
                            .status())
                    .as(position)
                    .isEqualTo(400);
        }
    }

    @Test
    void whatIsSetUpIsInTheAuditLogBeforeItHolds() {
        Answer set = call(first, "PUT", "/v1/freezes/audited", "ci", """
                {"reason":"audited","services":["nobody"],"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}""");
        assertThat(set.status()).isEqualTo(200);
        call(first, "DELETE", "/v1/freezes/audited", "ci", null);

        assertThat(records(broker.bootstrapServers(), Topic.DECISIONS).stream()
                        .map(found -> new String(found.value(), StandardCharsets.UTF_8))
                        .filter(found -> found.startsWith("{\"kind\":\"change\"") && found.contains("\"audited\"")))
                .satisfiesExactly(
                        made -> assertThat(made)
                                .contains("\"what\":\"freeze\"", "\"principal\":\"ci\"", "\"deleted\":false"),
                        ended -> assertThat(ended).contains("\"deleted\":true"));
    }

    @Test
    void anApprovalIsVoidWhenThereIsSomethingElseToSee() {
        call(first, "PUT", "/v1/roles/sre", "ci", "{\"members\":[\"ben\",\"eve\"]}");
        approve("ben", "3.0", "approve");
        approve("eve", "3.0", "approve");
        assertThat(ask("approved", "checkout", "{\"version\":\"3.0\"}").at("/decision"))
                .isEqualTo("allow");

        said("/v1/validations", "ci", """
                {"service":"checkout","environment":"staging","artifact":{"version":"3.0"},"kind":"smoke",
                 "result":"failed"}""");

        Answer pending = ask("approved", "checkout", "{\"version\":\"3.0\"}");
        assertThat(pending.at("/decision")).isEqualTo("pending");
        assertThat(pending.at("/rules/0/reason")).contains("2 more do not count");
    }

    @Test
    void whoWaitsIsAnsweredAsSoonAsItIsDecided() throws Exception {
        call(first, "PUT", "/v1/roles/sre", "ci", "{\"members\":[\"ben\",\"eve\"]}");
        approve("ben", "4.0", "approve");
        String question =
                "{\"service\":\"checkout\",\"environment\":\"production\",\"artifact\":{\"version\":\"4.0\"}}";
        long started = System.nanoTime();
        var waiting = CompletableFuture.supplyAsync(
                () -> call(first, "POST", "/v1/gates/approved/evaluate?wait=9s", "ci", question));

        approve("eve", "4.0", "approve");

        assertThat(waiting.get(15, TimeUnit.SECONDS).at("/decision")).isEqualTo("allow");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(9));
        Answer given =
                call(first, "POST", "/v1/gates/approved/evaluate?wait=100ms", "ci", question.replace("4.0", "5.0"));
        assertThat(given.status()).isEqualTo(202);
        assertThat(call(first, "POST", "/v1/gates/approved/evaluate?wait=10s", "ci", question)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aFreezeIsHeededAtOnce_andSeenByTheOther() throws Exception {
        assertThat(ask("frozen", "frozen", VERSION).at("/decision")).isEqualTo("allow");

        String now = Instant.now().minusSeconds(5).toString();
        String then = Instant.now().plusSeconds(600).toString();
        Answer set = call(first, "PUT", "/v1/freezes/sale", "ci", """
                {"reason":"the sale","services":["frozen"],"from":"%s","to":"%s"}""".formatted(now, then));
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        assertThat(set.json().at("/in_force").booleanValue()).isTrue();

        Answer denied = ask("frozen", "frozen", VERSION);
        assertThat(denied.at("/decision")).isEqualTo("deny");
        assertThat(denied.at("/reason")).contains("frozen by sale until").contains("the sale");
        await(
                () -> ask(second, "frozen", "frozen", VERSION).at("/decision").equals("deny"),
                () -> ask(second, "frozen", "frozen", VERSION).text());
        assertThat(ask("frozen", "checkout", VERSION).at("/decision"))
                .as("another service")
                .isEqualTo("allow");
        assertThat(call(first, "DELETE", "/v1/freezes/sale", "acme", null).status())
                .isEqualTo(404);
        assertThat(call(first, "DELETE", "/v1/freezes/sale", "ci", null).status())
                .isEqualTo(200);
        assertThat(ask("frozen", "frozen", VERSION).at("/decision")).isEqualTo("allow");
    }

    @Test
    void aFreezeThatCannotBeMeantIsRefused_withAllThatIsWrong() {
        Answer wrong = call(first, "PUT", "/v1/freezes/x", "ci", """
                {"reason":"","rrule":"FREQ=HOURLY","start":"2026-01-01T10:00","end":"2026-01-01T11:00","zone":"Mars",
                 "tenant":"acme"}""");

        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("/reason", "/zone", "/tenant");
        assertThat(call(first, "PUT", "/v1/freezes/x", "ci", "{\"reason\":\"x\",\"from\":\"2026-01-01T10:00:00Z\"}")
                        .text())
                .contains("400", "/to");
    }

    @Test
    void whatWasTriedElsewhereCounts_ofThisVersionAndFromWhoIsBelieved() {
        assertThat(ask("validated", "checkout", VERSION).at("/code")).isEqualTo("no_data");

        said("/v1/validations", "ci", """
                {"service":"checkout","environment":"staging","artifact":{"version":"2.0"},"kind":"smoke",
                 "result":"passed"}""");

        assertThat(ask("validated", "checkout", VERSION).at("/decision")).isEqualTo("allow");
        assertThat(ask("validated", "checkout", "{\"version\":\"2.1\"}").at("/code"))
                .isEqualTo("no_data");
        assertThat(ask("parity", "checkout", VERSION).at("/decision")).isEqualTo("allow");
        assertThat(ask("parity", "checkout", "{\"version\":\"2.1\"}").at("/code"))
                .isEqualTo("unmet");
    }

    @Test
    void anArtifactMustBeSignedAndComeFromWhereItHasTo() {
        assertThat(ask("signed", "signed", "{\"digest\":\"sha256:1\"}").at("/code"))
                .isEqualTo("no_data");
        said("/v1/artifacts", "ci", """
                {"service":"signed","digest":"sha256:1","location":"registry.example.org/shop/x","signers":["release"]}""");
        said("/v1/artifacts", "ci", """
                {"service":"signed","digest":"sha256:2","location":"elsewhere.example.org/x","signers":["release"]}""");

        assertThat(ask("signed", "signed", "{\"digest\":\"sha256:1\"}").at("/decision"))
                .isEqualTo("allow");
        assertThat(ask("signed", "signed", "{\"digest\":\"sha256:2\"}").at("/code"))
                .isEqualTo("unmet");
        assertThat(ask("signed", "signed", VERSION).at("/code")).isEqualTo("no_data");
    }

    @Test
    void anErrorBudgetMustNotBurnTooFast_andAMetricIsHeldAgainstItsPast() {
        assertThat(ask("budget", "checkout", VERSION).at("/code")).isEqualTo("no_data");
        said("/v1/error-budgets", "ci", """
                {"service":"checkout","environment":"production","slo":"availability","window":"1h",
                 "good":359000,"total":360000}""");
        Answer burning = ask("budget", "checkout", VERSION);
        assertThat(burning.at("/code")).isEqualTo("unmet");
        assertThat(burning.at("/reason")).contains("2.78 times as fast as 99.9 % allows: 1000 of 360000");
        said("/v1/error-budgets", "ci", """
                {"service":"checkout","environment":"production","slo":"availability","window":"1h",
                 "good":359900,"total":360000}""");
        assertThat(ask("budget", "checkout", VERSION).at("/decision")).isEqualTo("allow");
        Answer impossible = call(first, "POST", "/v1/error-budgets", "ci", """
                {"service":"checkout","environment":"production","slo":"availability","window":"1s",
                 "good":2,"total":1}""");
        assertThat(impossible.status()).isEqualTo(400);
        assertThat(impossible.text()).contains("a duration of at least 1m", "good must not be more than total");

        assertThat(ask("trend", "checkout", VERSION).at("/code")).isIn("no_data", "passed");
    }

    @Test
    void whatARuleRequiresIsShownWithWhatItSays() {
        Answer effective = call(first, "GET", "/v1/policies/effective?gate=budget&environment=production", "ci", null);

        assertThat(effective.at("/policies/0/rules/0/requires"))
                .as(effective.text())
                .isEqualTo("error_budget");
        assertThat(effective.text())
                .contains(
                        "\"settings\":{\"slo\":\"availability\",\"objective\":0.999,\"most_burn\":2.0,\"sources\":[\"ci\"]}");
    }

    @Test
    void anAgentIsAskedForEachDecision_andAReplayAsksNobody() {
        Answer unasked = ask("asked", "checkout", VERSION);
        assertThat(unasked.at("/code")).isEqualTo("no_data");
        assertThat(unasked.at("/reason")).contains("there is no such endpoint");
        Answer set = call(first, "PUT", "/v1/endpoints/opa", "ci", """
                {"kind":"open-policy-agent","url":"%s","secret_env":"SLUICE_SECRET_OPA"}""".formatted(agent.url()));
        assertThat(set.status()).as(set.text()).isEqualTo(200);

        agent.answer("{\"result\": {\"allow\": true, \"reason\": \"change 4711\"}}");
        Answer allowed = ask("asked", "checkout", VERSION);
        assertThat(allowed.at("/decision")).as(allowed.text()).isEqualTo("allow");
        assertThat(allowed.at("/reason")).contains("opa deploy/allow: change 4711");
        assertThat(agent.lastQuestion()).isEqualTo("""
                {"input":{"gate":"asked","service":"checkout","environment":"production","asker":"ann",\
                "artifact":{"version":"2.0","digest":null,"commit":null}}}""");

        agent.answer("{\"result\": false}");
        Answer refused = ask("asked", "checkout", VERSION);
        assertThat(refused.at("/code")).isEqualTo("unmet");
        int questions = agent.questions();
        Answer replayed = call(first, "POST", "/v1/decisions/" + allowed.at("/id") + "/replay", "ci", "");
        assertThat(replayed.at("/same")).as(replayed.text()).isEqualTo("true");
        assertThat(agent.questions()).isEqualTo(questions);

        agent.close();
        assertThat(ask("asked", "checkout", VERSION).at("/code")).isEqualTo("no_data");
    }

    @Test
    void aDrillMustHaveBeenFastEnough_andACanaryMustHaveRun() {
        assertThat(ask("drilled", "checkout", VERSION).at("/code")).isEqualTo("no_data");
        said("/v1/rollback-drills", "ci", """
                {"service":"checkout","environment":"staging","succeeded":true,"recovery":"11m",
                 "at":"%s"}""".formatted(Instant.now().minusSeconds(60)));
        assertThat(ask("drilled", "checkout", VERSION).at("/code")).isEqualTo("unmet");
        said("/v1/rollback-drills", "ci", """
                {"service":"checkout","environment":"staging","succeeded":true,"recovery":"4m"}""");
        assertThat(ask("drilled", "checkout", VERSION).at("/decision")).isEqualTo("allow");

        assertThat(ask("canary", "checkout", VERSION).at("/code")).isEqualTo("no_data");
        Answer started = call(first, "POST", "/v1/canaries", "ci", """
                {"service":"checkout","environment":"production","canary":"2.0",
                 "config":{"metrics":[{"name":"errors","kind":"ratio"}]}}""");
        assertThat(started.status()).as(started.text()).isIn(200, 201, 202);
        Answer pending = ask("canary", "checkout", VERSION);
        assertThat(pending.at("/decision")).as(pending.text()).isEqualTo("pending");
        assertThat(pending.at("/code")).isEqualTo("waiting");
    }

    private static Answer schedule(String name, String token, String service, String more) {
        return call(first, "PUT", "/v1/drill-schedules/" + name, token, """
                {"service":"%s","environment":"staging","rrule":"FREQ=DAILY","start":"2026-01-01T09:00",
                 "zone":"Europe/Berlin"%s}""".formatted(service, more));
    }

    @Test
    void aScheduleOfDrillsIsForThoseWhoseServiceItIs() {
        Answer set = schedule("of-checkout", "fay", "checkout", "");
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        assertThat(set.at("/schedule/within")).isEqualTo("1d");
        assertThat(set.json().at("/current").isNull()).isTrue();
        assertThat(schedule("of-ledger", "ci", "ledger", "").status()).isEqualTo(200);

        for (Answer refused : new Answer[] {
            schedule("of-others", "fay", "ledger", ""),
            schedule("of-ledger", "fay", "checkout", ""),
            call(first, "GET", "/v1/drill-schedules/of-ledger", "fay", null),
            call(first, "DELETE", "/v1/drill-schedules/of-ledger", "fay", null),
            schedule("of-checkout", "ben", "checkout", "")
        }) {
            assertThat(refused.status()).as(refused.text()).isEqualTo(403);
        }
        assertThat(call(first, "GET", "/v1/drill-schedules", "fay", null).text())
                .contains("of-checkout")
                .doesNotContain("of-ledger");
        assertThat(call(first, "GET", "/v1/drill-schedules", "acme", null)
                        .json()
                        .at("/schedules"))
                .isEmpty();
        assertThat(call(first, "GET", "/v1/drill-schedules/of-checkout", "acme", null)
                        .status())
                .isEqualTo(404);
        Answer wrong = schedule("of-checkout", "fay", "checkout", ",\"within\":\"8d\",\"endpoint\":\"nobody\"");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("/within", "/endpoint");
        assertThat(records(broker.bootstrapServers(), Topic.DECISIONS).stream()
                        .map(found -> new String(found.value(), StandardCharsets.UTF_8)))
                .as("the audit log has who has set it up")
                .anyMatch(found -> found.contains("\"what\":\"drill-schedule\"")
                        && found.contains("\"of-checkout\"")
                        && found.contains("\"fay\""));
    }
}
