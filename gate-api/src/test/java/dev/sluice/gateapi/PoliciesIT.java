package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.records;
import static dev.sluice.gateapi.GateApiFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalogue.EnvironmentClassRow;
import dev.sluice.delivery.EnvironmentClass;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.wire.Topic;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies that the API sets up, and what lifts them, in two replicas and for two tenants. */
class PoliciesIT {
    private static final String ANN = "slc_ann";
    private static final String ANNS_OTHER = "slc_ann_other";
    private static final String BEN = "slc_ben";
    private static final String OTHER = "slc_other";
    private static final String READER = "slc_reader";
    private static final String POLICY = """
            name: %s
            version: "1"
            gates: [%s]
            environments: [%s]
            rules:
              - {id: good, mode: enforce, cel: 'artifact.version != "bad"', message: it is bad}
            """;

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static GateApi first;
    private static GateApi second;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        String scopes = "[evaluate, read, edit-policy, activate-policy, override, approve]";
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: ann, owner: ann, sha256: %s, tenant: default, scopes: %s}
                  - {id: ann-2, owner: ann, sha256: %s, tenant: default, scopes: %s}
                  - {id: ben, owner: ben, sha256: %s, tenant: default, scopes: %s}
                  - {id: zoe, owner: zoe, sha256: %s, tenant: other, scopes: %s}
                  - {id: eve, owner: eve, sha256: %s, tenant: default, scopes: [read]}
                """.formatted(
                        GateApiFixture.sha256(ANN),
                        scopes,
                        GateApiFixture.sha256(ANNS_OTHER),
                        scopes,
                        GateApiFixture.sha256(BEN),
                        scopes,
                        GateApiFixture.sha256(OTHER),
                        scopes,
                        GateApiFixture.sha256(READER)));
        Path policies = Files.createDirectory(directory.resolve("policies"));
        Files.writeString(policies.resolve("filed.yaml"), POLICY.formatted("filed", "filed", "production"));
        GateApiConfig config = GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withFiles(GateApiFiles.NONE.withTokens(tokens).withPolicies(policies));
        first = GateApi.start(config);
        second = GateApi.start(config);
        awaitReady(first);
        awaitReady(second);
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        GateApiFixture.put(jobs, row("checkout", 20, 20), 1);
        GateApiFixture.put(jobs, row("ledger", 20, 20), 1);
        GateApiFixture.put(jobs, row("short", 20, 20), 1);
        awaitDecision(first, "filed", "good", "allow");
        awaitDecision(second, "filed", "good", "allow");
    }

    @AfterAll
    static void stop() {
        for (GateApi api : new GateApi[] {first, second}) {
            if (api != null) {
                api.close();
            }
        }
        if (jobs != null) {
            jobs.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static Answer send(GateApi api, String token, String method, String path, String type, String body) {
        HttpRequest.Builder request = GateApiFixture.request(api, path).header("Authorization", "Bearer " + token);
        return GateApiFixture.send(
                body.isEmpty()
                        ? request.method(method, HttpRequest.BodyPublishers.noBody())
                        : request.header("Content-Type", type)
                                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static Answer get(GateApi api, String token, String path) {
        return send(api, token, "GET", path, "", "");
    }

    private static Answer post(GateApi api, String token, String path, String body) {
        return send(api, token, "POST", path, "application/json", body);
    }

    private static Answer save(GateApi api, String token, String name, String text) {
        return send(api, token, "PUT", "/v1/policies/" + name, "application/yaml", text);
    }

    private static Answer activate(GateApi api, String token, String name, String digest) {
        return post(api, token, "/v1/policies/" + name + "/activate", "{\"digest\":\"" + digest + "\"}");
    }

    private static Answer evaluate(GateApi api, String gate, String service, String version) {
        progress(jobs, Instant.now());
        return post(
                api,
                ANN,
                "/v1/gates/" + gate + "/evaluate",
                "{\"service\":\"%s\",\"environment\":\"production\",\"artifact\":{\"version\":\"%s\"}}"
                        .formatted(service, version));
    }

    private static void awaitDecision(GateApi api, String gate, String version, String expected) throws Exception {
        await(
                () -> evaluate(api, gate, "checkout", version).at("/decision").equals(expected),
                () -> evaluate(api, gate, "checkout", version).text());
    }

    private static String saved(String name, String gate) {
        Answer saved = save(first, ANN, name, POLICY.formatted(name, gate, "production"));
        assertThat(saved.status()).as(saved.text()).isEqualTo(200);
        return saved.at("/versions/0/digest");
    }

    @Test
    void decidesInEachReplica_whenAnotherPersonHasActivatedIt_untilTwoHaveEndedIt() throws Exception {
        String digest = saved("payments", "release");

        assertThat(evaluate(first, "release", "checkout", "good").at("/code")).isEqualTo("no_policy");
        assertThat(activate(first, ANN, "payments", digest).status()).isEqualTo(409);
        assertThat(activate(second, ANNS_OTHER, "payments", digest).status()).isEqualTo(409);
        Answer activated = activate(second, BEN, "payments", digest);

        assertThat(activated.status()).as(activated.text()).isEqualTo(200);
        assertThat(activated.at("/active/owner")).isEqualTo("ben");
        assertThat(evaluate(second, "release", "checkout", "bad").at("/code")).isEqualTo("condition");
        awaitDecision(first, "release", "good", "allow");
        awaitDecision(first, "release", "bad", "deny");
        assertThat(get(first, BEN, "/v1/policies").text()).contains(digest, "\"source\":\"api\"");

        assertThat(post(first, ANN, "/v1/policies/payments/deactivate", "").status())
                .isEqualTo(202);
        assertThat(post(first, ANNS_OTHER, "/v1/policies/payments/deactivate", "")
                        .status())
                .isEqualTo(409);
        assertThat(evaluate(first, "release", "checkout", "good").at("/decision"))
                .isEqualTo("allow");
        Answer ended = post(first, BEN, "/v1/policies/payments/deactivate", "");

        assertThat(ended.status()).as(ended.text()).isEqualTo(200);
        assertThat(evaluate(first, "release", "checkout", "good").at("/code")).isEqualTo("no_policy");
        assertThat(get(first, ANN, "/v1/policies/payments").at("/versions/0/digest"))
                .isEqualTo(digest);
    }

    @Test
    void whatDoesNotSpeakOfProductionTakesOnePerson_untilItReplacesWhatDoes() {
        String production = saved("moved", "moved");
        assertThat(activate(first, BEN, "moved", production).status()).isEqualTo(200);
        Answer saved = save(first, BEN, "moved", POLICY.formatted("moved", "moved", "staging"));
        String staging = saved.at("/versions/0/digest").equals(production)
                ? saved.at("/versions/1/digest")
                : saved.at("/versions/0/digest");

        assertThat(activate(first, BEN, "moved", staging).status()).isEqualTo(409);
        assertThat(activate(first, ANN, "moved", staging).status()).isEqualTo(200);
        assertThat(post(first, ANN, "/v1/policies/moved/deactivate", "").status())
                .isEqualTo(200);
        assertThat(activate(first, BEN, "moved", staging).status()).isEqualTo(200);
    }

    private static void classified(String environment, @Nullable EnvironmentClass environmentClass) {
        List<EnvironmentClassRow.Span> classes = environmentClass == null
                ? List.of()
                : List.of(new EnvironmentClassRow.Span(environmentClass, Instant.EPOCH, null));
        GateApiFixture.put(
                jobs,
                new EnvironmentClassRow("default", environment, classes, environmentClass == null, Instant.now()),
                1);
    }

    @Test
    void whatTheCatalogueHasAsProductionTakesTwo_asLongAsItSaysSo() throws Exception {
        Answer saved = save(first, BEN, "classed", POLICY.formatted("classed", "classed", "blue"));
        String digest = saved.at("/versions/0/digest");
        assertThat(activate(first, BEN, "classed", digest).status()).isEqualTo(200);

        classified("blue", EnvironmentClass.PRODUCTION);
        await(
                () -> activate(first, BEN, "classed", digest).status() == 409,
                () -> activate(first, BEN, "classed", digest).text());
        assertThat(activate(first, ANN, "classed", digest).status()).isEqualTo(200);
        assertThat(post(first, ANN, "/v1/policies/classed/deactivate", "").status())
                .isEqualTo(202);

        classified("blue", null);
        await(
                () -> activate(first, BEN, "classed", digest).status() == 200,
                () -> activate(first, BEN, "classed", digest).text());
    }

    @Test
    void anEnvironmentOfWhichTheCatalogueCannotBeReadTakesTwo_untilItCan() throws Exception {
        Answer saved = save(first, BEN, "torn", POLICY.formatted("torn", "torn", "torn"));
        String digest = saved.at("/versions/0/digest");
        assertThat(activate(first, BEN, "torn", digest).status()).isEqualTo(200);

        GateApiFixture.putUnreadableClass(jobs, "default", "torn");
        await(
                () -> activate(first, BEN, "torn", digest).status() == 409,
                () -> activate(first, BEN, "torn", digest).text());

        classified("torn", EnvironmentClass.TEST);
        await(
                () -> activate(first, BEN, "torn", digest).status() == 200,
                () -> activate(first, BEN, "torn", digest).text());
    }

    @Test
    void whatItsNameHasAsProductionTakesTwo_whateverTheCatalogueSays() throws Exception {
        classified("prod-eu", EnvironmentClass.TEST);
        classified("green", EnvironmentClass.PRODUCTION);
        Answer green = save(first, BEN, "green", POLICY.formatted("green", "green", "green"));
        await(
                () -> activate(first, BEN, "green", green.at("/versions/0/digest"))
                                .status()
                        == 409,
                green::text);
        Answer saved = save(first, BEN, "named", POLICY.formatted("named", "named", "prod-eu"));

        assertThat(activate(first, BEN, "named", saved.at("/versions/0/digest")).status())
                .isEqualTo(409);
    }

    @Test
    void savingTheSameOnceMoreDoesNotChangeWhoHasSavedIt() {
        String digest = saved("taken", "taken");

        Answer again = save(second, BEN, "taken", "# mine\n" + POLICY.formatted("taken", "taken", "production"));

        assertThat(again.at("/versions/0/owner")).isEqualTo("ann");
        assertThat(again.at("/versions/1/owner")).isEmpty();
        assertThat(activate(first, ANN, "taken", digest).status()).isEqualTo(409);
    }

    @Test
    void refusesWithAllMistakes_andTheirPlaces() {
        Answer answer = save(first, ANN, "wrong", "name: other\nversion: 1\ngate: [x]\nrules: []\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("policy:3:1: unknown field gate", "policy:4:8: no usable rule is enforced");
        assertThat(save(first, ANN, "wrong", POLICY.formatted("other", "g", "staging"))
                        .at("/pointer"))
                .isEqualTo("/name");
        assertThat(send(first, ANN, "PUT", "/v1/policies/wrong", "text/plain", "x")
                        .status())
                .isEqualTo(415);
        assertThat(save(first, ANN, "Wrong", POLICY.formatted("Wrong", "g", "staging"))
                        .status())
                .isEqualTo(400);
        assertThat(save(first, ANN, "wrong", "name: \"\\ud800\"").text()).contains("half a character");
        assertThat(post(first, ANN, "/v1/policies/wrong/activate", "{\"digest\":\"1\",\"by\":1}")
                        .text())
                .contains("/digest", "/by");
        assertThat(activate(first, ANN, "wrong", "sha256:" + "0".repeat(64)).status())
                .isEqualTo(404);
        assertThat(get(first, ANN, "/v1/policies/wrong").status()).isEqualTo(404);
    }

    @Test
    void thePoliciesOfTheDirectoryAreNotChanged_andTheirVersionsAreInTheLogOnce() throws Exception {
        Answer filed = get(first, ANN, "/v1/policies/filed");

        assertThat(filed.at("/source")).isEqualTo("directory");
        assertThat(save(first, ANN, "filed", POLICY.formatted("filed", "x", "staging"))
                        .status())
                .isEqualTo(409);
        assertThat(activate(first, ANN, "filed", filed.at("/active/digest")).status())
                .isEqualTo(409);
        assertThat(post(first, ANN, "/v1/policies/filed/deactivate", "").status())
                .isEqualTo(409);
        await(
                () -> get(second, ANN, "/v1/policies/filed")
                        .at("/versions/0/digest")
                        .equals(filed.at("/active/digest")),
                () -> get(second, ANN, "/v1/policies/filed").text());
        assertThat(controlKeys())
                .filteredOn(key -> key.endsWith(filed.at("/active/digest").substring("sha256:".length())))
                .hasSizeBetween(1, 2)
                .allMatch(key -> key.startsWith("~every/policy-version/"));
    }

    private static List<String> controlKeys() {
        var keys = new ArrayList<String>();
        records(broker.bootstrapServers(), Topic.CONTROL)
                .forEach(found -> keys.add(String.valueOf(found.key()).toLowerCase(Locale.ROOT)));
        return keys;
    }

    private static String exempting(String service, String expires) {
        return """
                {"policy":"filed","rule":"good","service":"%s","owner":"payments team","ticket":"OPS-12",
                 "reason":"a drill","expires_%s"}""".formatted(service, expires);
    }

    private static String created(GateApi api, String token, String path, String body) {
        Answer created = post(api, token, path, body);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        assertThat(created.at("/status")).isEqualTo("requested");
        return path + "/" + created.at("/id");
    }

    private static Answer delete(GateApi api, String token, String path) {
        return send(api, token, "DELETE", path, "", "");
    }

    @Test
    void anExemptionKeepsItsRuleFromDeciding_whenAnotherPersonHasActivatedIt_untilItEnds() throws Exception {
        String exemption = created(first, ANN, "/v1/exemptions", exempting("ledger", "in\":\"1h"));

        assertThat(evaluate(first, "filed", "ledger", "bad").at("/decision")).isEqualTo("deny");
        assertThat(post(second, ANNS_OTHER, exemption + "/activate", "").status())
                .isEqualTo(409);
        assertThat(post(second, OTHER, exemption + "/activate", "").status()).isEqualTo(404);
        Answer activated = post(second, BEN, exemption + "/activate", "");

        assertThat(activated.status()).as(activated.text()).isEqualTo(200);
        Answer decision = evaluate(second, "filed", "ledger", "bad");
        assertThat(decision.at("/decision")).as(decision.text()).isEqualTo("allow");
        assertThat(decision.at("/code")).isEqualTo("exempted");
        assertThat(decision.at("/rules/0/outcome")).isEqualTo("deny");
        assertThat(decision.at("/rules/0/exemption/ticket")).isEqualTo("OPS-12");
        assertThat(evaluate(second, "filed", "checkout", "bad").at("/decision")).isEqualTo("deny");
        await(
                () -> evaluate(first, "filed", "ledger", "bad").at("/code").equals("exempted"),
                () -> evaluate(first, "filed", "ledger", "bad").text());
        assertThat(get(first, ANN, "/v1/policies/effective?gate=filed&environment=production")
                        .at("/policies/0/rules/0/exemptions/0/service"))
                .isEqualTo("ledger");

        assertThat(delete(first, OTHER, exemption).status()).isEqualTo(404);
        assertThat(delete(first, ANN, exemption).status()).isEqualTo(200);
        assertThat(evaluate(first, "filed", "ledger", "bad").at("/decision")).isEqualTo("deny");
        assertThat(get(first, OTHER, "/v1/exemptions").text()).doesNotContain("ledger");
    }

    @Test
    void whatHasExpiredHasNoEffect() throws Exception {
        Instant expires = Instant.now().plusMillis(1_500);
        String exemption = created(first, ANN, "/v1/exemptions", exempting("short", "at\":\"" + expires));
        String override = created(first, ANN, "/v1/overrides", overriding("short", "\"version\":\"bad\"", "1500ms"));
        assertThat(post(first, BEN, exemption + "/activate", "").status()).isEqualTo(200);
        assertThat(post(first, BEN, override + "/approve", "").status()).isEqualTo(200);
        assertThat(evaluate(first, "filed", "short", "bad").at("/decision")).isEqualTo("allow");

        await(() -> Instant.now().isAfter(expires.plusSeconds(1)), Instant::now);

        assertThat(evaluate(first, "filed", "short", "bad").at("/decision")).isEqualTo("deny");
        assertThat(get(first, ANN, "/v1/exemptions").text()).contains("\"status\":\"expired\"");
        assertThat(post(first, BEN, exemption + "/activate", "").status()).isEqualTo(409);
        assertThat(post(first, BEN, override + "/approve", "").status()).isEqualTo(409);
    }

    private static String overriding(String service, String artifact, String expiresIn) {
        return """
                {"gate":"filed","service":"%s","environment":"production","artifact":{%s},
                 "reason":"customers cannot pay","expires_in":"%s"}""".formatted(service, artifact, expiresIn);
    }

    @Test
    void anOverrideOpensTheGateForItsArtifact_whenAnotherPersonHasApprovedIt() {
        String override = created(first, ANN, "/v1/overrides", overriding("nobody-knows", "\"version\":\"2.0\"", "1h"));

        assertThat(evaluate(first, "filed", "nobody-knows", "2.0").at("/code")).isEqualTo("unknown_service");
        assertThat(post(first, ANN, override + "/approve", "").status()).isEqualTo(409);
        assertThat(post(first, ANNS_OTHER, override + "/approve", "").status()).isEqualTo(409);
        assertThat(post(first, OTHER, override + "/approve", "").status()).isEqualTo(404);
        assertThat(post(first, BEN, override + "/approve", "").status()).isEqualTo(200);

        Answer decision = evaluate(first, "filed", "nobody-knows", "2.0");
        assertThat(decision.at("/decision")).as(decision.text()).isEqualTo("allow");
        assertThat(decision.at("/code")).isEqualTo("overridden");
        assertThat(decision.at("/override/requester")).isEqualTo("ann");
        assertThat(decision.at("/override/approver")).isEqualTo("ben");
        assertThat(evaluate(first, "filed", "nobody-knows", "2.1").at("/decision"))
                .isEqualTo("deny");
        assertThat(get(first, OTHER, "/v1/overrides").text()).doesNotContain("nobody-knows");
        assertThat(delete(first, READER, override).status()).isEqualTo(403);
        assertThat(delete(first, BEN, override).status()).isEqualTo(200);
        Answer consumed = post(
                first, ANN, "/v1/decisions/" + decision.at("/id") + "/consume", "{\"artifact\":{\"version\":\"2.0\"}}");
        assertThat(consumed.status()).as(consumed.text()).isEqualTo(409);
        assertThat(consumed.text()).contains("what lifted the policies for the decision has ended");
        assertThat(evaluate(first, "filed", "nobody-knows", "2.0").at("/decision"))
                .isEqualTo("deny");
    }

    @Test
    void refusesWaiversThatAreTooLongOrSayTooLittle() {
        assertThat(post(first, ANN, "/v1/exemptions", exempting("a", "in\":\"91d"))
                        .at("/pointer"))
                .isEqualTo("/expires_in");
        assertThat(post(first, ANN, "/v1/exemptions", exempting("a", "at\":\"2020-01-01T00:00:00Z"))
                        .at("/pointer"))
                .isEqualTo("/expires_at");
        assertThat(post(first, ANN, "/v1/exemptions", "{\"policy\":\"filed\",\"rule\":\"x\",\"tenant\":\"other\"}")
                        .text())
                .contains("/rule", "/owner", "/ticket", "/reason", "/expires_in", "/tenant");
        assertThat(post(first, ANN, "/v1/overrides", overriding("a", "\"version\":\"1\"", "25h"))
                        .at("/pointer"))
                .isEqualTo("/expires_in");
        assertThat(post(first, ANN, "/v1/overrides", overriding("a", "", "1h")).at("/pointer"))
                .isEqualTo("/artifact/version");
    }

    @Test
    void anotherTenantsPolicyIsNotThere() {
        String digest = saved("private", "private");

        assertThat(get(first, OTHER, "/v1/policies/private").status()).isEqualTo(404);
        assertThat(activate(first, OTHER, "private", digest).status()).isEqualTo(404);
        assertThat(post(first, OTHER, "/v1/policies/private/deactivate", "").status())
                .isEqualTo(404);
        assertThat(get(first, OTHER, "/v1/policies").text())
                .doesNotContain("private")
                .contains("filed");
    }
}
