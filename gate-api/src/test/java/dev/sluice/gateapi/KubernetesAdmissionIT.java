package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.records;
import static dev.sluice.gateapi.GateApiFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.dora.DoraRow;
import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.access.RateLimits;
import dev.sluice.gateapi.tls.TlsFiles;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API server of a cluster asks whether objects may be admitted, and is answered from decisions that were made before. */
class KubernetesAdmissionIT {
    private static final String TOKEN = "slc_cluster";
    private static final String PIPELINE = "slc_pipeline";
    private static final String OPERATOR = "slc_operator";
    private static final String ADMIN = "slc_admin";
    private static final String READER = "slc_reader";
    private static final String OTHER = "slc_other";
    private static final String BOUND = "slc_bound";
    private static final String ANN = "slc_ann";
    private static final String BEN = "slc_ben";
    private static final String ADMISSION = "/v1/kubernetes-clusters/eu-1/admission";
    private static final String CLUSTER = """
            {"namespaces": {"shop": {"environment": "production"},
                            "lax": {"environment": "production", "gate": "lax"},
                            "change": {"environment": "production", "gate": "changing"},
                            "stage": {"environment": "staging", "gate": "production"}},
             "not_gated": ["monitoring"], "exempt_images": ["registry.example.com:5000/mesh/proxy"]}""";

    /** What the gate allows for the service {@code good}. */
    private static final String GOOD = image('a');

    private static final String EVIL = image('e');

    /** Where an analysis of Argo has a pod. */
    private static final String JOB = "/spec/metrics/0/provider/job/spec/template/spec";

    private static final String NO = "no";
    private static final String RIGHTLY = "rightly admitted";

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static GateApiConfig config;
    private static GateApi api;
    private static GateApi other;
    private static String decision;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path policies = Files.createDirectory(directory.resolve("policies"));
        Files.writeString(policies.resolve("gate.yaml"), """
                name: gate
                version: "1"
                gates: [production, lax]
                expires_after: 10m
                stale_after: 10m
                rules:
                  - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=",
                     threshold: 0.8, minimum_n: 5, when_missing: pending}
                """);
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: cluster, sha256: %s, tenant: acme, scopes: [evaluate]}
                  - {id: pipeline, sha256: %s, tenant: acme, scopes: [evaluate, read]}
                  - {id: operator, sha256: %s, tenant: acme, scopes: [operate, read]}
                  - {id: admin, sha256: %s, tenant: acme, scopes: [admin, read]}
                  - {id: reader, sha256: %s, tenant: acme, scopes: [read]}
                  - {id: other, sha256: %s, tenant: other, scopes: [evaluate, admin, read]}
                  - {id: bound, sha256: %s, tenant: acme, scopes: [evaluate, admin, read], services: [cart]}
                  - {id: ann, owner: ann, sha256: %s, tenant: acme, scopes: [edit-policy, activate-policy, override]}
                  - {id: ben, owner: ben, sha256: %s, tenant: acme, scopes: [edit-policy, activate-policy, approve, override]}
                """.formatted(
                        GateApiFixture.sha256(TOKEN),
                        GateApiFixture.sha256(PIPELINE),
                        GateApiFixture.sha256(OPERATOR),
                        GateApiFixture.sha256(ADMIN),
                        GateApiFixture.sha256(READER),
                        GateApiFixture.sha256(OTHER),
                        GateApiFixture.sha256(BOUND),
                        GateApiFixture.sha256(ANN),
                        GateApiFixture.sha256(BEN)));
        config = GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withRateLimits(new RateLimits.Settings(10_000, 50_000, 100_000))
                .withFiles(GateApiFiles.NONE.withPolicies(policies).withTokens(tokens));
        api = GateApi.start(config);
        other = GateApi.start(config);
        awaitReady(api);
        awaitReady(other);
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        for (String service : List.of("good", "turning", "cart")) {
            put(jobs, of("acme", service, 19, 20), 1);
        }
        put(jobs, of("acme", "waiting", 2, 2), 1);
        put(jobs, of("acme", "failing", 1, 20), 1);
        progress(jobs, Instant.now());
        for (GateApi one : List.of(api, other)) {
            for (String service : List.of("good", "turning", "cart")) {
                await(
                        () -> decide(one, service, "allow").at("/decision").equals("allow"),
                        () -> decide(one, service, "allow").text());
            }
            await(
                    () -> decide(one, "waiting", "x").at("/decision").equals("pending"),
                    () -> decide(one, "waiting", "x").text());
        }
        Answer set = send(api, ADMIN, "PUT", "/v1/kubernetes-clusters/eu-1", CLUSTER);
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        await(
                () -> send(other, READER, "GET", "/v1/kubernetes-clusters", "")
                        .text()
                        .contains("eu-1"),
                () -> "the cluster");
        decision = decide(api, "good", digest(GOOD)).at("/id");
        await(
                () -> asked(review("CREATE", deployment("good", GOOD), null))
                        .path("allowed")
                        .booleanValue(),
                () -> "the decision");
        assertAllowed(review("CREATE", deployment("good", GOOD), null));
    }

    private static DoraRow of(String tenant, String service, int success, int n) {
        var made = row(service, success, n);
        return new DoraRow(
                tenant,
                made.service(),
                made.environment(),
                made.zone(),
                made.asOfDay(),
                made.windows(),
                made.deleted(),
                made.computedAt());
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {api, other, jobs, broker}) {
            if (one != null) {
                one.close();
            }
        }
    }

    private static String image(char digit) {
        return "registry.example.com:5000/shop/good:1.4.0@sha256:"
                + String.valueOf(digit).repeat(64);
    }

    private static String digest(String image) {
        return image.substring(image.indexOf('@') + 1);
    }

    private static Answer send(GateApi to, String token, String method, String path, String body) {
        var request = GateApiFixture.request(to, path).header("Authorization", "Bearer " + token);
        return GateApiFixture.send(
                body.isEmpty()
                        ? request.method(method, BodyPublishers.noBody())
                        : request.header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString(body)));
    }

    private static Answer decide(GateApi by, String service, String digest) {
        return decide(by, "production", service, "production", digest);
    }

    private static Answer decide(GateApi by, String gate, String service, String environment, String digest) {
        return send(
                by,
                PIPELINE,
                "POST",
                "/v1/gates/" + gate + "/evaluate",
                "{\"service\":\"%s\",\"environment\":\"%s\",\"artifact\":{\"digest\":\"%s\"}}"
                        .formatted(service, environment, digest));
    }

    private static ObjectNode deployment(String service, String... images) {
        return workload("apps/v1", "Deployment", "/spec/template/spec", service, images);
    }

    private static ObjectNode workload(String version, String kind, String place, String service, String... images) {
        ObjectNode object =
                Json.mapper().createObjectNode().put("apiVersion", version).put("kind", kind);
        object.putObject("metadata")
                .put("name", service)
                .put("namespace", "shop")
                .putObject("labels")
                .put("app.kubernetes.io/name", service);
        String[] names = place.substring(1).split("/", -1);
        ObjectNode at = object;
        for (int i = 0; i < names.length; i++) {
            boolean isList = i + 1 < names.length && names[i + 1].matches("[0-9]+");
            at = isList ? last(at.putArray(names[i]), Integer.parseInt(names[++i]), images) : at.putObject(names[i]);
        }
        addContainers(at, images);
        return object;
    }

    /** Others of the list are templates of pods with the same images. */
    private static ObjectNode last(ArrayNode list, int index, String... images) {
        for (int i = 0; i < index; i++) {
            addContainers(list.addObject().putObject("template").putObject("spec"), images);
        }
        return list.addObject();
    }

    private static void addContainers(ObjectNode pod, String... images) {
        ArrayNode containers = pod.putArray("containers");
        for (String image : images) {
            containers.addObject().put("name", "c" + containers.size()).put("image", image);
        }
    }

    private static ObjectNode review(String operation, JsonNode object, @Nullable JsonNode oldObject) {
        String version = object.path("apiVersion").asText();
        ObjectNode review = Json.mapper()
                .createObjectNode()
                .put("apiVersion", "admission.k8s.io/v1")
                .put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request")
                .put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002")
                .put("operation", operation)
                .put("namespace", "shop")
                .put("dryRun", false);
        request.putObject("kind")
                .put("group", version.contains("/") ? version.substring(0, version.indexOf('/')) : "")
                .put("version", version.substring(version.indexOf('/') + 1))
                .put("kind", object.path("kind").asText());
        request.set("object", object);
        request.set("oldObject", oldObject == null ? JsonNodeFactory.instance.nullNode() : oldObject);
        return review;
    }

    private static ObjectNode in(String namespace, ObjectNode review) {
        ((ObjectNode) review.path("request")).put("namespace", namespace);
        return review;
    }

    private static JsonNode asked(ObjectNode review) {
        return asked(api, TOKEN, ADMISSION, review);
    }

    private static JsonNode asked(GateApi by, String token, String path, JsonNode review) {
        Answer answer = send(by, token, "POST", path, review.toString());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        JsonNode json = answer.json();
        assertThat(json.path("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
        assertThat(json.path("kind").asText()).isEqualTo("AdmissionReview");
        assertThat(json.at("/response/uid")).isEqualTo(review.at("/request/uid"));
        assertThat(json.at("/response/allowed").isBoolean()).isTrue();
        assertThat(json.at("/response/warnings"))
                .allSatisfy(warning -> assertThat(warning.asText()).hasSizeLessThanOrEqualTo(120));
        assertThat(json.at("/response/auditAnnotations"))
                .allSatisfy(annotation -> assertThat(annotation.isTextual()).isTrue());
        return json.path("response");
    }

    private static JsonNode assertAllowed(ObjectNode review) {
        JsonNode response = asked(review);
        assertThat(response.path("allowed").booleanValue())
                .as(response.toString())
                .isTrue();
        return response;
    }

    private static String denied(ObjectNode review) {
        JsonNode response = asked(review);
        assertThat(response.path("allowed").booleanValue())
                .as(response.toString())
                .isFalse();
        assertThat(response.at("/status/code").intValue()).isEqualTo(403);
        return response.at("/status/message").asText();
    }

    @Test
    void anImageThatTheGateAllowsIsAdmitted_inEachReplica_andInOneThatIsStartedLater() throws Exception {
        JsonNode response = assertAllowed(review("CREATE", deployment("good", GOOD), null));

        assertThat(response.at("/auditAnnotations/outcome").asText()).isEqualTo("allowed");
        assertThat(response.at("/auditAnnotations/decisions").asText()).isEqualTo(decision);
        assertThat(response.has("warnings")).isFalse();
        assertThat(asked(other, TOKEN, ADMISSION, review("CREATE", deployment("good", GOOD), null))
                        .path("allowed")
                        .booleanValue())
                .isTrue();
        try (GateApi later = GateApi.start(config)) {
            awaitReady(later);
            await(
                    () -> asked(later, TOKEN, ADMISSION, review("CREATE", deployment("good", GOOD), null))
                            .path("allowed")
                            .booleanValue(),
                    () -> "the decision");
        }
    }

    @Test
    void aDecisionOfAnotherReplicaIsKnownAsSoonAsItIsAnswered() {
        for (char digit : "0123".toCharArray()) {
            assertThat(decide(other, "good", digest(image(digit))).at("/decision"))
                    .isEqualTo("allow");
            assertAllowed(review("CREATE", deployment("good", image(digit)), null));
        }
    }

    @Test
    void whatNoDecisionIsAboutIsDenied_inWords() {
        assertThat(denied(review("CREATE", deployment("good", EVIL), null)))
                .contains("no decision of gate production is known for service good in environment production")
                .contains(EVIL);
        assertThat(denied(review("CREATE", deployment("good", GOOD, EVIL), null)))
                .contains("no decision");
        assertThat(denied(review("CREATE", deployment("cart", GOOD), null)))
                .as("another service's")
                .contains("no decision");
        assertThat(denied(in("stage", review("CREATE", deployment("good", GOOD), null))))
                .as("another environment's")
                .contains("in environment staging");
        assertThat(denied(in("lax", review("CREATE", deployment("good", GOOD), null))))
                .as("another gate's")
                .contains("of gate lax");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop/good",
                "shop/good:1.4.0",
                "shop/good@sha256:abc",
                "shop/good@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "shop/good@sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "shop/good@md5:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "shop/good@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
            })
    void anImageWithoutADigestIsDenied(String image) {
        assertThat(denied(review("CREATE", deployment("good", image), null)))
                .contains("has no digest, so a decision cannot be about it")
                .doesNotContain("\n");
    }

    @Test
    void theNewestDecisionCounts_andOnlyWhileItHolds() throws Exception {
        String image = image('7');
        decide(api, "turning", digest(image));
        ObjectNode review = review("CREATE", deployment("turning", image), null);
        assertAllowed(review);
        try (GateApi late = GateApi.start(config, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(11)))) {
            awaitReady(late);
            await(
                    () -> asked(late, TOKEN, ADMISSION, review)
                            .at("/status/message")
                            .asText()
                            .contains("has expired at"),
                    () -> asked(late, TOKEN, ADMISSION, review));
        }

        put(jobs, of("acme", "turning", 10, 20), 1);
        progress(jobs, Instant.now());
        await(() -> decide(api, "turning", digest(image)).at("/decision").equals("deny"), () -> "the row");

        await(() -> !asked(review).path("allowed").booleanValue(), () -> asked(review));
        assertThat(denied(review)).contains("is deny: ").contains("0.80 is required");
    }

    @Test
    void aPendingDecisionAdmitsNothing_untilItHasBecomeAnAllow() throws Exception {
        String image = image('8');
        Answer pending = decide(api, "waiting", digest(image));
        ObjectNode review = review("CREATE", deployment("waiting", image), null);
        assertThat(pending.status()).isEqualTo(202);
        assertThat(denied(review)).contains("no decision");

        put(jobs, of("acme", "waiting", 19, 20), 1);
        progress(jobs, Instant.now());
        await(
                () -> send(api, PIPELINE, "GET", "/v1/decisions/" + pending.at("/id"), "")
                        .at("/decision")
                        .equals("allow"),
                () -> "the row");

        assertAllowed(review);
    }

    @Test
    void imagesThatAreThereAlreadyAreAdmitted_soThatScalingGoesOn() {
        JsonNode response =
                assertAllowed(review("UPDATE", deployment("good", EVIL, "old:1"), deployment("good", "old:1", EVIL)));
        assertThat(response.at("/auditAnnotations/outcome").asText()).isEqualTo("unchanged");
        assertAllowed(review("UPDATE", deployment("good", EVIL, GOOD), deployment("good", EVIL)));
        assertThat(denied(review("UPDATE", deployment("good", EVIL), deployment("good", GOOD))))
                .contains("no decision");
        assertThat(denied(review("CREATE", deployment("good", EVIL), deployment("good", EVIL))))
                .as("what is created was not there")
                .contains("no decision");
        assertThat(denied(review("UPDATE", deployment("good", EVIL), null))).contains("no decision");
        assertThat(denied(review(
                        "UPDATE",
                        deployment("good", EVIL),
                        workload("apps/v1", "StatefulSet", "/spec/template/spec", "good", EVIL))))
                .as("another kind of object")
                .contains("no decision");
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of("v1", "Pod", "/spec"),
                Arguments.of("v1", "ReplicationController", "/spec/template/spec"),
                Arguments.of("apps/v1", "Deployment", "/spec/template/spec"),
                Arguments.of("apps/v1", "StatefulSet", "/spec/template/spec"),
                Arguments.of("apps/v1", "DaemonSet", "/spec/template/spec"),
                Arguments.of("apps/v1", "ReplicaSet", "/spec/template/spec"),
                Arguments.of("batch/v1", "Job", "/spec/template/spec"),
                Arguments.of("batch/v1", "CronJob", "/spec/jobTemplate/spec/template/spec"),
                Arguments.of("apps/v1", "ControllerRevision", "/data/spec/template/spec"),
                Arguments.of("argoproj.io/v1alpha1", "Rollout", "/spec/template/spec"),
                Arguments.of("argoproj.io/v1alpha1", "Experiment", "/spec/templates/0/template/spec"),
                Arguments.of("argoproj.io/v1alpha1", "Experiment", "/spec/templates/1/template/spec"),
                Arguments.of("argoproj.io/v1alpha1", "AnalysisRun", JOB),
                Arguments.of("argoproj.io/v1alpha1", "AnalysisTemplate", JOB));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachKindIsReadAtEachPlaceWhereItMayHaveAnImage(String version, String kind, String place) {
        assertAllowed(review("CREATE", workload(version, kind, place, "good", GOOD), null));
        for (String more : List.of("containers", "initContainers", "ephemeralContainers")) {
            ObjectNode object = workload(version, kind, place, "good", GOOD);
            ((ObjectNode) object.at(place))
                    .withArray(more)
                    .addObject()
                    .put("name", "more")
                    .put("image", "busybox");
            assertThat(denied(review("CREATE", object, null))).contains("image busybox has no digest");
        }
        ObjectNode mounting = workload(version, kind, place, "good", GOOD);
        ((ObjectNode) mounting.at(place))
                .putArray("volumes")
                .addObject()
                .put("name", "v")
                .putObject("image")
                .put("reference", "models:1");
        assertThat(denied(review("CREATE", mounting, null))).contains("image models:1 has no digest");
    }

    @Test
    void anAnalysisWithoutJobsRunsNoImages_andNeedsNoService() {
        ObjectNode analysis = workload("argoproj.io/v1alpha1", "AnalysisTemplate", JOB, "good", EVIL);
        ((ObjectNode) analysis.at("/spec/metrics/0/provider")).remove("job");
        ((ObjectNode) analysis.path("metadata")).remove("labels");

        JsonNode response = assertAllowed(review("CREATE", analysis, null));

        assertThat(response.at("/status/message").asText()).isEqualTo("the object runs no images");
        ((ObjectNode) analysis.path("spec")).put("metrics", "none");
        assertThat(denied(review("CREATE", analysis, null))).contains("cannot tell");
    }

    @Test
    void whatIsUsedInAllNamespacesRunsImagesOfExemptRepositoriesOnly() {
        String proxy = "registry.example.com:5000/mesh/proxy:1.2";
        ObjectNode good = workload("argoproj.io/v1alpha1", "ClusterAnalysisTemplate", JOB, "good", GOOD);
        ObjectNode exempt = workload("argoproj.io/v1alpha1", "ClusterAnalysisTemplate", JOB, "good", proxy);

        for (String namespace : List.of("", "shop", "monitoring")) {
            assertThat(denied(in(namespace, review("CREATE", good, null))))
                    .contains(GOOD + " would run in any namespace, and no decision is about all");
            assertThat(denied(in(namespace, review("UPDATE", good, exempt)))).contains("would run in any namespace");
            assertAllowed(in(namespace, review("CREATE", exempt, null)));
            assertAllowed(in(namespace, review("UPDATE", good, good)));
        }
        ObjectNode unclear = workload("argoproj.io/v1alpha1", "ClusterAnalysisTemplate", JOB, "good");
        assertThat(denied(in("", review("CREATE", unclear, null)))).contains("cannot tell");
    }

    private static String granted(String path, String approval, String body) {
        Answer created = send(api, ANN, "POST", path, body);
        assertThat(created.status()).as(created.text()).isEqualTo(201);
        String made = path + "/" + created.at("/id");
        Answer approved = send(api, BEN, "POST", made + approval, "");
        assertThat(approved.status()).as(approved.text()).isEqualTo(200);
        return made;
    }

    private static void assertEndsWith(String granted, String image, String code) throws Exception {
        Answer decided = decide(api, "failing", digest(image));
        assertThat(decided.at("/decision")).as(decided.text()).isEqualTo("allow");
        assertThat(decided.at("/code")).isEqualTo(code);
        ObjectNode review = review("CREATE", deployment("failing", image), null);
        assertAllowed(review);

        assertThat(send(api, BEN, "DELETE", granted, "").status()).isEqualTo(200);

        await(() -> !asked(review).path("allowed").booleanValue(), () -> asked(review));
        assertThat(denied(review))
                .contains(decided.at("/id"))
                .contains("no longer holds: what lifted the policies for the decision has ended");
    }

    @Test
    void anAllowByAnOverrideEndsWithIt() throws Exception {
        String image = image('5');
        assertThat(decide(api, "failing", digest(image)).at("/decision")).isEqualTo("deny");

        assertEndsWith(granted("/v1/overrides", "/approve", """
                {"gate":"production","service":"failing","environment":"production","artifact":{"digest":"%s"},
                 "reason":"a drill","expires_in":"1h"}""".formatted(digest(image))), image, "overridden");
    }

    @Test
    void anAllowByAnExemptionEndsWithIt() throws Exception {
        assertEndsWith(granted("/v1/exemptions", "/activate", """
                {"policy":"gate","rule":"success","service":"failing","owner":"ann","ticket":"OPS-1","reason":"a drill",
                 "expires_in":"1h"}"""), image('6'), "exempted");
    }

    private static void policyIsChanged(String version) {
        Answer saved = GateApiFixture.send(GateApiFixture.request(api, "/v1/policies/changing")
                .header("Authorization", "Bearer " + ANN)
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString("""
                        name: changing
                        version: "%s"
                        gates: [changing]
                        environments: [production]
                        expires_after: 10m
                        stale_after: 10m
                        rules:
                          - {id: good, mode: enforce, cel: 'artifact.digest != "bad"', message: it is bad}
                        """.formatted(version))));
        assertThat(saved.status()).as(saved.text()).isEqualTo(200);
        String digest = "";
        for (JsonNode one : saved.json().path("versions")) {
            digest = one.path("version").asText().equals(version)
                    ? one.path("digest").asText()
                    : digest;
        }
        Answer activated = send(api, BEN, "POST", "/v1/policies/changing/activate", "{\"digest\":\"" + digest + "\"}");
        assertThat(activated.status()).as(activated.text()).isEqualTo(200);
    }

    @Test
    void anAllowEndsWhenThePoliciesChange() {
        ObjectNode review = in("change", review("CREATE", deployment("good", GOOD), null));
        policyIsChanged("1");
        Answer decided = decide(api, "changing", "good", "production", digest(GOOD));
        assertThat(decided.at("/decision")).as(decided.text()).isEqualTo("allow");
        assertAllowed(review);

        policyIsChanged("2");

        assertThat(denied(review))
                .contains(decided.at("/id"))
                .contains(
                        "no longer holds: the policies of the gate have changed since the decision; ask the gate again");
        assertThat(decide(api, "changing", "good", "production", digest(GOOD)).at("/decision"))
                .isEqualTo("allow");
        assertAllowed(review);
    }

    @Test
    void whatCannotBeReadForSureIsDenied() {
        List<ObjectNode> objects = new ArrayList<>();
        for (String spec : List.of(
                "{}",
                "{\"containers\":[]}",
                "{\"containers\":{}}",
                "{\"containers\":[{}]}",
                "{\"containers\":[1]}",
                "{\"containers\":[{\"image\":null}]}",
                "{\"containers\":[{\"image\":\" \"}]}",
                "{\"containers\":[{\"image\":[\"" + GOOD + "\"]}]}",
                "{\"containers\":[{\"image\":\"" + GOOD + "\"}],\"initContainers\":{\"image\":\"x\"}}",
                "{\"containers\":[{\"image\":\"" + GOOD + "\"}],\"initContainers\":\"x\"}",
                "{\"containers\":[{\"image\":\"" + GOOD + "\"}],\"volumes\":[{\"image\":{}}]}")) {
            ObjectNode object = deployment("good", GOOD);
            try {
                ((ObjectNode) object.at("/spec/template"))
                        .set("spec", Json.mapper().readTree(spec));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            objects.add(object);
        }
        objects.add(workload("apps/v2", "Machine", "/spec/template/spec", "good", GOOD));
        objects.add(workload("example.com/v1", "Deployment", "/spec/template/spec", "good", GOOD));
        objects.forEach(object -> assertThat(denied(review("CREATE", object, null)))
                .as(object.toString())
                .isEqualTo("Sluice cannot tell which images this object runs"));
        ObjectNode mislabelled = review("CREATE", deployment("good", GOOD), null);
        ((ObjectNode) mislabelled.at("/request/object")).put("kind", "Pod");
        assertThat(denied(mislabelled)).contains("cannot tell");
        ObjectNode none = review("CREATE", deployment("good", GOOD), null);
        ((ObjectNode) none.path("request")).putNull("object");
        assertThat(denied(none)).contains("cannot tell");
    }

    @Test
    void anObjectWithoutAServiceIsDenied() {
        for (String labels : List.of("{}", "{\"app.kubernetes.io/name\":\"\"}", "{\"app.kubernetes.io/name\":1}")) {
            ObjectNode object = deployment("good", GOOD);
            try {
                ((ObjectNode) object.path("metadata"))
                        .set("labels", Json.mapper().readTree(labels));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            assertThat(denied(review("CREATE", object, null))).contains("has no label app.kubernetes.io/name");
        }
    }

    @ParameterizedTest
    @CsvSource({"DELETE, true", "CONNECT, true", "PATCH, false", "create, false", "'', false"})
    void onlyWhatChangesWhatRunsIsGated_andWhatIsUnknownIsDenied(String operation, boolean allowed) {
        ObjectNode review = review(operation, deployment("nobody", EVIL), null);

        assertThat(asked(review).path("allowed").booleanValue()).isEqualTo(allowed);
    }

    @Test
    void theNumberOfPodsIsNotGated_norANamespaceThatIsSaidNotToBe() {
        ObjectNode scale = Json.mapper()
                .createObjectNode()
                .put("apiVersion", "autoscaling/v1")
                .put("kind", "Scale");
        ObjectNode review = review("UPDATE", scale, scale);
        assertThat(denied(review)).contains("cannot tell");
        ((ObjectNode) review.path("request")).put("subResource", "scale");
        assertAllowed(review);
        assertAllowed(in("monitoring", review("CREATE", deployment("any", EVIL), null)));
        for (String namespace : List.of("kube-system", "", "Shop", "shop ")) {
            assertThat(denied(in(namespace, review("CREATE", deployment("good", GOOD), null))))
                    .contains("does not know what environment");
        }
    }

    @Test
    void imagesOfAnExemptRepositoryNeedNoDecision_andNoOthersThatAreAlike() {
        String proxy = "registry.example.com:5000/mesh/proxy";
        assertAllowed(review("CREATE", deployment("good", GOOD, proxy + ":1.2"), null));
        assertAllowed(review("CREATE", deployment("good", proxy), null));
        for (String alike : List.of(
                proxy + "x:1",
                proxy + "/x:1",
                "x/" + proxy + ":1",
                "registry.example.com/mesh/proxy:1",
                "registry.example.com:5000/mesh/Proxy",
                "mesh/proxy")) {
            assertThat(denied(review("CREATE", deployment("good", GOOD, alike), null)))
                    .contains("has no digest");
        }
    }

    @Test
    void aClusterIsItsTenantsOnly_andATokenReachesWhatItIsFor() {
        ObjectNode review = review("CREATE", deployment("good", GOOD), null);

        assertThat(asked(api, OTHER, ADMISSION, review).at("/status/message").asText())
                .isEqualTo("Sluice knows no cluster eu-1");
        assertThat(asked(api, TOKEN, ADMISSION.replace("eu-1", "eu-2"), review)
                        .path("allowed")
                        .booleanValue())
                .isFalse();
        assertThat(asked(api, BOUND, ADMISSION, review).at("/status/message").asText())
                .contains("token is not for service good");
        assertThat(send(api, READER, "POST", ADMISSION, review.toString()).status())
                .isEqualTo(403);
        assertThat(send(api, "slc_nobody", "POST", ADMISSION, review.toString()).status())
                .isEqualTo(401);
        assertThat(send(api, OTHER, "GET", "/v1/kubernetes-clusters", "").json())
                .isEqualTo(Json.mapper()
                        .createObjectNode()
                        .set("kubernetes_clusters", Json.mapper().createArrayNode()));
        assertThat(send(api, BOUND, "GET", "/v1/kubernetes-clusters", "").status())
                .isEqualTo(403);
        for (String token : List.of(BOUND, OPERATOR)) {
            assertThat(send(api, token, "PUT", "/v1/kubernetes-clusters/eu-1", CLUSTER)
                            .status())
                    .isEqualTo(403);
            assertThat(send(api, token, "DELETE", "/v1/kubernetes-clusters/eu-1", "")
                            .status())
                    .isEqualTo(403);
        }
        assertThat(send(api, OTHER, "DELETE", "/v1/kubernetes-clusters/eu-1", "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void whatIsNoQuestionHasNoAnswer() {
        String good = review("CREATE", deployment("good", GOOD), null).toString();
        for (String body : List.of(
                "{}",
                "[]",
                "{",
                good.replace("admission.k8s.io/v1", "admission.k8s.io/v1beta1"),
                good.replace("\"AdmissionReview\"", "\"Review\""),
                good.replaceFirst("\"uid\":\"[^\"]*\"", "\"uid\":\"\""),
                good.replaceFirst("\"uid\":\"[^\"]*\"", "\"uid\":7"),
                good.replaceFirst("\"image\"", "\"image\":\"x\",\"image\""))) {
            assertThat(send(api, TOKEN, "POST", ADMISSION, body).status())
                    .as(body)
                    .isEqualTo(400);
        }
    }

    @Test
    void aReplicaThatHasNotReadTheLogAdmitsNothing() {
        try (GateApi unread = GateApi.start(
                GateApiConfig.of("127.0.0.1:" + FreePorts.pick()).withPort(0).withFiles(config.files()))) {
            JsonNode response = asked(unread, TOKEN, ADMISSION, review("CREATE", deployment("good", GOOD), null));

            assertThat(response.path("allowed").booleanValue()).isFalse();
            assertThat(response.at("/status/code").intValue()).isEqualTo(503);
        }
    }

    @Test
    void aQuestionWritesNothing() {
        long before = written();
        ObjectNode review = review("CREATE", deployment("good", GOOD), null);
        ((ObjectNode) review.path("request")).put("dryRun", true);
        assertAllowed(review);
        assertAllowed(review("CREATE", deployment("good", GOOD), null));
        denied(review("CREATE", deployment("good", EVIL), null));

        assertThat(written()).isEqualTo(before);
    }

    /** Of other topics, and of what Sluice keeps of its own, there is more every second. */
    private static long written() {
        return records(broker.bootstrapServers(), Topic.DECISIONS).size();
    }

    @Test
    void aClusterIsSetUp_shownAndDeleted() throws Exception {
        String path = "/v1/kubernetes-clusters/us-1";
        Answer set = send(
                api,
                ADMIN,
                "PUT",
                path,
                "{\"service_label\":\"app\",\"namespaces\":{\"a\":{\"environment\":\"production\"}}}");
        assertThat(set.status()).as(set.text()).isEqualTo(200);
        JsonNode shown = set.json();
        assertThat(shown.at("/document/namespaces/a/gate").asText()).isEqualTo("production");
        assertThat(send(api, READER, "GET", "/v1/kubernetes-clusters", "")
                        .json()
                        .path("kubernetes_clusters"))
                .contains(shown);
        ObjectNode object = deployment("good", GOOD);
        ((ObjectNode) object.at("/metadata/labels")).put("app", "good").remove("app.kubernetes.io/name");
        assertThat(asked(api, TOKEN, path + "/admission", in("a", review("CREATE", object, null)))
                        .path("allowed")
                        .booleanValue())
                .isTrue();

        assertThat(send(api, ADMIN, "DELETE", path, "").status()).isEqualTo(200);
        assertThat(send(api, ADMIN, "DELETE", path, "").status()).isEqualTo(404);
        assertThat(asked(api, TOKEN, path + "/admission", in("a", review("CREATE", object, null)))
                        .path("allowed")
                        .booleanValue())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /namespaces",
                "{\"namespaces\":{\"A_b\":{\"environment\":\"x\"}}} | /namespaces/A_b",
                "{\"namespaces\":{\"a\":{}}} | /namespaces/a/environment",
                "{\"namespaces\":{\"a\":{\"environment\":\"x y\"}}} | /namespaces/a/gate",
                "{\"namespaces\":{\"a\":{\"environment\":\"x\",\"allow\":true}}} | /namespaces/a/allow",
                "{\"namespaces\":{\"a\":{\"environment\":\"x\"}},\"not_gated\":[\"a\"]} | /not_gated",
                "{\"namespaces\":{},\"exempt_images\":[\"a:1\"]} | /exempt_images",
                "{\"namespaces\":{},\"service_label\":\"a b\"} | /service_label",
                "{\"namespaces\":{},\"default\":\"allow\"} | /default",
            })
    void aClusterThatCannotBeMeantIsRefused(String body, String pointer) {
        Answer answer = send(api, ADMIN, "PUT", "/v1/kubernetes-clusters/bad", body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.text()).contains("\"" + pointer + "\"");
    }

    /** The API server of a cluster sends to nothing but https. */
    @Test
    void itIsAskedByTls_andByNothingElse() throws Exception {
        HeldCertificate authority =
                new HeldCertificate.Builder().certificateAuthority(0).build();
        HeldCertificate server = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName("127.0.0.1")
                .build();
        Path certificate =
                Files.writeString(directory.resolve("tls.crt"), server.certificatePem() + authority.certificatePem());
        Path key = Files.writeString(directory.resolve("tls.key"), server.privateKeyPkcs8Pem());
        try (GateApi secured =
                GateApi.start(config.withFiles(config.files().withTls(new TlsFiles(certificate, key))))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + secured.port() + ADMISSION))
                    .header("Authorization", "Bearer " + TOKEN)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(
                            review("DELETE", deployment("good", GOOD), null).toString()))
                    .build();
            HttpClient trusting = HttpClient.newBuilder()
                    .sslContext(new HandshakeCertificates.Builder()
                            .addTrustedCertificate(authority.certificate())
                            .build()
                            .sslContext())
                    .build();

            HttpResponse<String> answer = trusting.send(request, BodyHandlers.ofString());

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(Json.mapper()
                            .readTree(answer.body())
                            .at("/response/allowed")
                            .booleanValue())
                    .isTrue();
            assertThatThrownBy(() -> HttpClient.newHttpClient().send(request, BodyHandlers.discarding()))
                    .isInstanceOf(SSLHandshakeException.class);
            assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(
                                                    URI.create("http://127.0.0.1:" + secured.port() + "/healthz"))
                                            .build(),
                                    BodyHandlers.discarding()))
                    .isInstanceOf(IOException.class);
        }
    }

    /** Whatever is changed of what is admitted: where the answer is yes, nothing runs but what was decided. */
    @Test
    void nothingIsAdmittedByAccident() throws Exception {
        long seed = 20_260_301;
        var random = new Random(seed);
        ExecutorService callers = Executors.newFixedThreadPool(16);
        try {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                ObjectNode review = review("CREATE", deployment("good", GOOD, GOOD), null);
                for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                    change(review.path("request"), random);
                }
                calls.add(() -> unjustified(review));
            }
            List<String> wrong = new ArrayList<>();
            for (Future<String> call : callers.invokeAll(calls)) {
                wrong.add(call.get());
            }

            assertThat(wrong).as("seed " + seed).containsOnly(NO, RIGHTLY).contains(NO, RIGHTLY);
        } finally {
            callers.shutdownNow();
        }
    }

    private static String unjustified(ObjectNode review) {
        Answer answer = send(api, TOKEN, "POST", ADMISSION, review.toString());
        if (answer.status() == 400 || !answer.json().at("/response/allowed").asBoolean()) {
            return NO;
        }
        JsonNode request = review.path("request");
        boolean notGated =
                List.of("DELETE", "CONNECT").contains(request.path("operation").asText())
                        || request.path("namespace").asText().equals("monitoring");
        JsonNode pod = request.at("/object/spec/template/spec");
        List<JsonNode> images = new ArrayList<>();
        for (String containers : List.of("containers", "initContainers", "ephemeralContainers")) {
            pod.path(containers).forEach(container -> images.add(container.path("image")));
        }
        pod.path("volumes").forEach(volume -> {
            if (volume.has("image")) {
                images.add(volume.at("/image/reference"));
            }
        });
        boolean decided = request.path("namespace").asText().equals("shop")
                && request.at("/kind/kind").asText().equals("Deployment")
                && request.at("/object/kind").asText("Deployment").equals("Deployment")
                && !images.isEmpty()
                && images.stream().allMatch(image -> image.asText().equals(GOOD))
                && request.at("/object/metadata/labels/app.kubernetes.io~1name")
                        .asText()
                        .equals("good");
        return notGated || decided ? RIGHTLY : review.toString();
    }

    private static void change(JsonNode request, Random random) {
        JsonNode at = request;
        while (true) {
            List<JsonNode> inner = new ArrayList<>();
            at.forEach(child -> {
                if (child.isContainerNode() && !child.isEmpty()) {
                    inner.add(child);
                }
            });
            if (inner.isEmpty() || random.nextInt(4) == 0) {
                break;
            }
            at = inner.get(random.nextInt(inner.size()));
        }
        if (at instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = random.nextInt(4) == 0 || names.isEmpty()
                    ? List.of("image", "initContainers", "ephemeralContainers", "containers", "volumes", "subResource")
                            .get(random.nextInt(6))
                    : names.get(random.nextInt(names.size()));
            if (random.nextInt(5) == 0) {
                object.remove(name);
            } else {
                object.set(name, something(random));
            }
        } else if (at instanceof ArrayNode array) {
            array.insert(random.nextInt(array.size() + 1), something(random));
        }
    }

    private static JsonNode something(Random random) {
        JsonNodeFactory factory = JsonNodeFactory.instance;
        return switch (random.nextInt(12)) {
            case 0 -> factory.nullNode();
            case 1 -> factory.booleanNode(true);
            case 2 -> factory.numberNode(random.nextInt());
            case 3 -> factory.textNode("");
            case 4 -> factory.textNode(EVIL);
            case 5 ->
                factory.textNode(List.of("shop", "scale", "UPDATE", "Pod", "good", "cart", "batch", "lax")
                        .get(random.nextInt(8)));
            case 6 -> factory.objectNode();
            case 7 -> factory.arrayNode();
            case 8 -> factory.objectNode().put("image", EVIL);
            case 9 -> factory.arrayNode().add(factory.objectNode().put("image", EVIL));
            case 10 -> factory.arrayNode().add(factory.objectNode().put("image", GOOD));
            default -> factory.objectNode().set("image", factory.objectNode().put("reference", EVIL));
        };
    }
}
