package dev.sluice.gateapi.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.egress.EgressAuthorities;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.secrets.SecretReference;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked of the API of Kubernetes, and what comes of it there. */
class KubernetesUndoTest {
    private static final Message BACK = Orders.back(Orders.version("1.4.0"), Orders.version("1.3.9"));
    private static final Message ABORT = Orders.abort("1.4.0", Orders.version("1.3.9"));
    private static final String LARGE = "x".repeat(200 << 10);

    @TempDir
    private Path secrets;

    private Cluster cluster;
    private OutboundRequests requests;

    /** What has a template, and who rolls it out. */
    private enum Workload {
        DEPLOYMENT(Endpoint.Kind.KUBERNETES_DEPLOYMENT, "deployment", Cluster.DEPLOYMENTS, "pod-template-hash"),
        ROLLOUT(Endpoint.Kind.ARGO_ROLLOUT, "rollout", Cluster.ROLLOUTS, "rollouts-pod-template-hash");

        private final Endpoint.Kind kind;
        private final String setting;
        private final String path;
        private final String hash;

        Workload(Endpoint.Kind kind, String setting, String path, String hash) {
            this.kind = kind;
            this.setting = setting;
            this.path = path;
            this.hash = hash;
        }

        private String object() {
            return path + "/checkout";
        }
    }

    @BeforeEach
    void begin() throws IOException {
        cluster = new Cluster();
        requests = new OutboundRequests(
                EgressRules.read("http://127.0.0.1:" + cluster.port(), "", new Problems()),
                EgressAuthorities.ofJava(),
                Clock.systemUTC());
        Files.writeString(Files.createDirectories(secrets.resolve("acme")).resolve("token"), "first\n");
    }

    @AfterEach
    void end() {
        requests.close();
        cluster.close();
    }

    private Answer send(Workload workload, Message message) {
        var endpoint = new Endpoint(
                workload.kind,
                URI.create("http://127.0.0.1:" + cluster.port() + "/"),
                new TreeMap<>(Map.of("namespace", "shop", workload.setting, "checkout", "container", "checkout")),
                new SecretReferences(new SecretReference(true, "token"), null));
        return new EndpointSender(requests, new TenantSecrets(secrets, Map.of()))
                .send("acme", endpoint, message, Orders.NOON)
                .join();
    }

    private static String template(String labels, String image, String env) {
        return "{\"metadata\": {\"labels\": {\"app\": \"checkout\"" + labels + "}}, \"spec\": {\"containers\": ["
                + "{\"name\": \"proxy\", \"image\": \"envoy:1.3.9\"},"
                + "{\"name\": \"checkout\", \"image\": \"registry.example.org:5000/shop/checkout" + image
                + "\", \"env\": [{\"name\": \"MODE\", \"value\": \"" + env + "\"}]}]}}";
    }

    /** Creates what runs, and returns its uid. */
    private String runs(Workload workload, String image) {
        return cluster.create(
                workload.path,
                "{\"apiVersion\": \"" + (workload == Workload.DEPLOYMENT ? "apps/v1" : "argoproj.io/v1alpha1")
                        + "\", \"kind\": \"" + (workload == Workload.DEPLOYMENT ? "Deployment" : "Rollout")
                        + "\", \"metadata\": {\"name\": \"checkout\", \"namespace\": \"shop\"}, \"spec\": {\"replicas\": 3,"
                        + "\"selector\": {\"matchLabels\": {\"app\": \"checkout\"}}, \"template\": "
                        + template("", image, "new") + "}}");
    }

    private void kept(Workload workload, String owner, String name, String image, String env) {
        cluster.create(
                Cluster.SETS,
                "{\"apiVersion\": \"apps/v1\", \"kind\": \"ReplicaSet\", \"metadata\": {\"name\": \"" + name
                        + "\", \"namespace\": \"shop\", \"labels\": {\"app\": \"checkout\"}, \"ownerReferences\": [{\"uid\": \""
                        + owner + "\", \"controller\": true}]}, \"spec\": {\"template\": "
                        + template(", \"" + workload.hash + "\": \"" + name + "\"", image, env) + "}}");
    }

    private String image(Workload workload) {
        return cluster.object(workload.object())
                .at("/spec/template/spec/containers/1/image")
                .asText()
                .replaceAll(".*/checkout", "");
    }

    private void deployed(Workload workload, String image) {
        cluster.replaceTemplate(workload.object(), template("", image, "newest"));
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), JsonNode.class);
    }

    @ParameterizedTest
    @EnumSource
    void theTemplateOfTheEarlierVersionIsPutBack_underTheConditionThatNothingHasChanged(Workload workload) {
        String uid = runs(workload, ":1.4.0");
        kept(workload, uid, "a", ":1.4.0", "new");
        kept(workload, uid, "b", ":1.3.9", "old");
        kept(workload, uid, "c", ":1.3.8", "old");

        assertThat(send(workload, BACK)).isEqualTo(Answer.of(Outcome.ACKNOWLEDGED, "answered with 202"));

        assertThat(cluster.heard())
                .containsExactly(
                        "GET " + workload.object(),
                        "GET " + Cluster.SETS + "?labelSelector=app%3Dcheckout&limit=50",
                        "PATCH " + workload.object());
        assertThat(cluster.patches())
                .containsExactly(json("[{\"op\": \"test\", \"path\": \"/metadata/resourceVersion\", \"value\": \"1\"},"
                        + "{\"op\": \"replace\", \"path\": \"/spec/template\", \"value\": "
                        + template("", ":1.3.9", "old") + "}]"));
        assertThat(cluster.object(workload.object()).at("/spec/template"))
                .isEqualTo(json(template("", ":1.3.9", "old")));
        assertThat(cluster.object(workload.object()).at("/spec/replicas").asInt())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void anOrderThatComesTwiceHasOneEffect(Workload workload) {
        String uid = runs(workload, ":1.4.0");
        kept(workload, uid, "b", ":1.3.9", "old");
        cluster.loseAnswers(true);

        assertThat(send(workload, BACK)).isEqualTo(Answer.of(Outcome.FAILED, "answered with 504"));
        cluster.loseAnswers(false);
        assertThat(send(workload, BACK).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        assertThat(cluster.patches()).hasSize(1);
        assertThat(cluster.object(workload.object()).at("/metadata/generation").asInt())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void aVersionThatIsDeployedInBetweenStays(Workload workload) {
        String uid = runs(workload, ":1.4.0");
        kept(workload, uid, "b", ":1.3.9", "old");
        cluster.meanwhile(() -> deployed(workload, ":1.5.0"));

        assertThat(send(workload, BACK)).isEqualTo(Answer.of(Outcome.FAILED, "answered with 422"));
        assertThat(send(workload, BACK)).isEqualTo(Answer.of(Outcome.REFUSED, Conversation.FENCED));

        assertThat(image(workload)).isEqualTo(":1.5.0");
        assertThat(cluster.patches()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void anotherChangeInBetweenIsReadAgain(Workload workload) {
        String uid = runs(workload, ":1.4.0");
        kept(workload, uid, "b", ":1.3.9", "old");
        cluster.meanwhile(() -> cluster.change(workload.object(), "{\"spec\": {\"replicas\": 5}}"));

        assertThat(send(workload, BACK).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(send(workload, BACK).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        assertThat(image(workload)).isEqualTo(":1.3.9");
        assertThat(cluster.object(workload.object()).at("/spec/replicas").asInt())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotKept_orIsAnothers_isNotGuessed(Workload workload) {
        String uid = runs(workload, ":1.4.0");
        kept(workload, uid, "a", ":1.3.8", "old");
        kept(workload, "another", "b", ":1.3.9", "old");

        assertThat(send(workload, BACK)).isEqualTo(Answer.of(Outcome.REFUSED, Conversation.UNKNOWN));
        assertThat(cluster.patches()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void ofSeveralDifferentTemplatesNoneIsTaken_andOfTheSameOne(Workload workload) {
        String uid = runs(workload, ":1.4.0");
        kept(workload, uid, "a", ":1.3.9", "old");
        kept(workload, uid, "b", ":1.3.9", "old");
        kept(workload, uid, "c", ":1.3.9", "older");

        assertThat(send(workload, BACK)).isEqualTo(Answer.of(Outcome.REFUSED, Conversation.AMBIGUOUS));

        cluster.replaceTemplate(Cluster.SETS + "/c", template("", ":1.3.9", "old"));
        assertThat(send(workload, BACK).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
    }

    @ParameterizedTest
    @EnumSource
    void aDigestIsStrongerThanATag(Workload workload) {
        var bad = new Artifact("1.4.0", null, "sha256:bad");
        var good = new Artifact("1.3.9", null, "sha256:good");
        String uid = runs(workload, ":latest@sha256:bad");
        kept(workload, uid, "a", ":1.3.9@sha256:other", "old");
        kept(workload, uid, "b", "@sha256:good", "old");

        assertThat(send(workload, Orders.back(new Artifact("1.4.0", null, "sha256:else"), good)))
                .isEqualTo(Answer.of(Outcome.REFUSED, Conversation.FENCED));
        assertThat(send(workload, Orders.back(bad, good)).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        assertThat(image(workload)).isEqualTo("@sha256:good");
    }

    @ParameterizedTest
    @EnumSource
    void whatTheOrderDoesNotNameIsNotTheSame(Workload workload) {
        String uid = runs(workload, ":1.4.0");
        kept(workload, uid, "b", ":1.3.9", "old");
        var unnamed = new Artifact(null, "c3d4", null);

        assertThat(send(workload, Orders.back(unnamed, Orders.version("1.3.9"))))
                .isEqualTo(Answer.of(Outcome.REFUSED, Conversation.FENCED));
        assertThat(send(workload, Orders.back(Orders.version("1.4.0"), unnamed)))
                .isEqualTo(Answer.of(Outcome.REFUSED, Conversation.UNKNOWN));
    }

    @ParameterizedTest
    @EnumSource
    void aListOfMoreThanTheUsualBytesIsRead(Workload workload) {
        String uid = runs(workload, ":1.4.0");
        kept(workload, uid, "a", ":1.3.8", LARGE);
        kept(workload, uid, "b", ":1.3.9", "old");

        assertThat(send(workload, BACK).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
    }

    @ParameterizedTest
    @EnumSource
    void aTokenThatWasReplacedIsReadFromItsFileAtTheNextAttempt(Workload workload) throws IOException {
        String uid = runs(workload, ":1.4.0");
        kept(workload, uid, "b", ":1.3.9", "old");
        cluster.replaceToken("second");

        assertThat(send(workload, BACK)).isEqualTo(Answer.of(Outcome.FAILED, "answered with 401"));
        Files.writeString(secrets.resolve("acme").resolve("token"), "second\n");

        assertThat(send(workload, BACK).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotThereIsAskedForAgain(Workload workload) {
        assertThat(send(workload, BACK)).isEqualTo(Answer.of(Outcome.FAILED, "answered with 404"));
    }

    @ParameterizedTest
    @EnumSource
    void aTemplateWithoutTheContainerIsLeftToPeople(Workload workload) {
        runs(workload, ":1.4.0");
        cluster.replaceTemplate(workload.object(), "{\"spec\": {\"containers\": [{\"name\": \"proxy\"}]}}");

        assertThat(send(workload, BACK))
                .isEqualTo(Answer.of(Outcome.REFUSED, "its template has no container of the name that was set up"));
    }

    @Test
    void aDeploymentThatIsPausedIsLeftToPeople() {
        runs(Workload.DEPLOYMENT, ":1.4.0");
        cluster.change(Cluster.DEPLOYMENTS + "/checkout", "{\"spec\": {\"paused\": true}}");

        assertThat(send(Workload.DEPLOYMENT, BACK))
                .isEqualTo(Answer.of(Outcome.REFUSED, "the Deployment is paused: what is set there is not rolled out"));
    }

    @Test
    void aRolloutOfADeploymentThatIsUnderWayIsUndone_soThatItEnds() {
        String uid = runs(Workload.DEPLOYMENT, ":1.4.0");
        kept(Workload.DEPLOYMENT, uid, "b", ":1.3.9", "old");

        assertThat(send(Workload.DEPLOYMENT, ABORT).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(image(Workload.DEPLOYMENT)).isEqualTo(":1.3.9");
    }

    private void canary(String status) {
        runs(Workload.ROLLOUT, ":1.4.0");
        cluster.change(Workload.ROLLOUT.object() + "/status", "{\"status\": " + status + "}");
    }

    @Test
    void theCanaryOfARolloutIsEndedByItsStatus_andOnce() {
        canary("{\"stableRS\": \"b\", \"currentPodHash\": \"a\"}");
        String version = cluster.object(Workload.ROLLOUT.object())
                .at("/metadata/resourceVersion")
                .asText();
        cluster.loseAnswers(true);

        assertThat(send(Workload.ROLLOUT, ABORT).outcome()).isEqualTo(Outcome.FAILED);
        cluster.loseAnswers(false);
        assertThat(send(Workload.ROLLOUT, ABORT))
                .isEqualTo(Answer.of(Outcome.ACKNOWLEDGED, "the canary is ended already"));

        String path = Workload.ROLLOUT.object();
        assertThat(cluster.heard()).containsExactly("GET " + path, "PATCH " + path + "/status", "GET " + path);
        assertThat(cluster.patches())
                .containsExactly(json(
                        "{\"metadata\": {\"resourceVersion\": \"" + version + "\"}, \"status\": {\"abort\": true}}"));
        ObjectNode status = (ObjectNode) cluster.object(path).path("status");
        assertThat(status).isEqualTo(json("{\"stableRS\": \"b\", \"currentPodHash\": \"a\", \"abort\": true}"));
        assertThat(image(Workload.ROLLOUT)).isEqualTo(":1.4.0");
    }

    @Test
    void theCanaryOfALaterVersionIsNotEnded_alsoWhereItComesInBetween() {
        canary("{\"stableRS\": \"b\", \"currentPodHash\": \"a\"}");
        cluster.meanwhile(() -> deployed(Workload.ROLLOUT, ":1.5.0"));

        assertThat(List.of(send(Workload.ROLLOUT, ABORT), send(Workload.ROLLOUT, ABORT)))
                .containsExactly(
                        Answer.of(Outcome.FAILED, "answered with 409"),
                        Answer.of(Outcome.REFUSED, Conversation.FENCED));
        assertThat(cluster.object(Workload.ROLLOUT.object()).at("/status/abort").isMissingNode())
                .isTrue();
    }

    @Test
    void aCanaryThatHasTakenThePlaceOfWhatRanIsNotEnded() {
        canary("{\"stableRS\": \"a\", \"currentPodHash\": \"a\"}");

        assertThat(send(Workload.ROLLOUT, ABORT))
                .isEqualTo(Answer.of(Outcome.REFUSED, "the canary has taken the place of what ran"));
        assertThat(cluster.patches()).isEmpty();
    }

    @Test
    void aCanaryThatIsGoneAlreadyIsAcknowledged() {
        runs(Workload.ROLLOUT, ":1.3.9");

        assertThat(send(Workload.ROLLOUT, ABORT).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        assertThat(cluster.patches()).isEmpty();
    }
}
