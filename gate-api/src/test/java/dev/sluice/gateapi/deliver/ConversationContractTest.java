package dev.sluice.gateapi.deliver;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.secrets.SecretReference;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of Argo CD, Nomad and GitLab, request by request, and what their answers mean; and the statuses of all who are asked. */
class ConversationContractTest {
    private static final byte[] TOKEN = "hush-0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final Answer FENCED = Answer.of(Outcome.REFUSED, Conversation.FENCED);
    private static final Answer UNKNOWN = Answer.of(Outcome.REFUSED, Conversation.UNKNOWN);
    private static final Answer AMBIGUOUS = Answer.of(Outcome.REFUSED, Conversation.AMBIGUOUS);
    private static final Answer NO_CANARY = Answer.of(Outcome.REFUSED, Conversation.NO_CANARY);
    private static final Message BY_COMMIT =
            Orders.back(new Artifact("1.4.0", "c3d4", null), new Artifact("1.3.9", "a1b2", null));
    private static final Message BY_VERSION = Orders.back(Orders.version("1.4.0"), Orders.version("1.3.9"));
    private static final Message ABORT = Orders.abort("1.4.0", Orders.version("1.3.9"));

    private static final Map<Endpoint.Kind, Map<String, String>> SETTINGS = Map.of(
            Endpoint.Kind.KUBERNETES_DEPLOYMENT,
            Map.of("namespace", "shop", "deployment", "checkout", "container", "checkout"),
            Endpoint.Kind.ARGO_ROLLOUT,
            Map.of("namespace", "shop", "rollout", "checkout", "container", "checkout"),
            Endpoint.Kind.ARGO_CD,
            Map.of("application", "checkout"),
            Endpoint.Kind.NOMAD,
            Map.of("namespace", "shop", "job", "checkout", "task", "server"),
            Endpoint.Kind.GITLAB_JOB_RETRY,
            Map.of("project", "acme/checkout", "environment", "review/a b"));

    private static Answer tell(Endpoint.Kind kind, Message message, Exchange exchange) {
        var endpoint = new Endpoint(
                kind,
                URI.create(StrictServer.BASE + "/"),
                new TreeMap<>(requireNonNull(SETTINGS.get(kind))),
                new SecretReferences(new SecretReference(false, "SLUICE_SECRET_TOKEN"), null));
        return kind.protocol()
                .tell(endpoint, message, List.of(TOKEN), Orders.NOON, exchange)
                .join();
    }

    private static Answer tell(ArgoCdStandIn application, Message message) {
        return tell(Endpoint.Kind.ARGO_CD, message, application.server());
    }

    private static Answer tell(NomadStandIn job, Message message) {
        return tell(Endpoint.Kind.NOMAD, message, job.server());
    }

    private static Answer tell(GitlabStandIn project, Message message) {
        return tell(Endpoint.Kind.GITLAB_JOB_RETRY, message, project.server());
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    @Test
    void argoCdRollsBackToTheEntryOfTheCommit_onceThoughItIsToldTwice() {
        var application = new ArgoCdStandIn();
        StrictServer server = application.server();
        server.loseAnswers(true);

        assertThat(tell(Endpoint.Kind.ARGO_CD, BY_COMMIT, server))
                .isEqualTo(Answer.of(Outcome.FAILED, "answered with 504"));
        server.loseAnswers(false);
        assertThat(tell(Endpoint.Kind.ARGO_CD, BY_COMMIT, server).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        assertThat(server.done()).hasSize(1);
    }

    @Test
    void argoCdIsToldByTheVersionWhereNoCommitIsKnown() {
        assertThat(tell(new ArgoCdStandIn(), BY_VERSION))
                .isEqualTo(Answer.of(Outcome.ACKNOWLEDGED, "answered with 200"));
    }

    @Test
    void argoCdIsLeftAsItIs_whereSomethingElseWasDeployedSince() {
        var application = new ArgoCdStandIn();
        application.history.add("{\"id\": 8, \"revision\": \"e5f6\", \"source\": {}}");

        assertThat(tell(application, BY_COMMIT)).isEqualTo(FENCED);
    }

    @Test
    void argoCdRefusesWithAutoSync_beforeAnythingIsSent() {
        var application = new ArgoCdStandIn();
        for (String policy : List.of(
                "{\"automated\": {}}", "{\"automated\": {\"prune\": true}}", "{\"automated\": {\"enabled\": true}}")) {
            application.policy = policy;
            StrictServer server = application.server();

            Answer answer = tell(Endpoint.Kind.ARGO_CD, BY_COMMIT, server);

            assertThat(answer.outcome()).as(policy).isEqualTo(Outcome.REFUSED);
            assertThat(answer.words()).contains("auto-sync");
            assertThat(server.done()).isEmpty();
        }
        application.policy = "{\"automated\": {\"enabled\": false}}";
        assertThat(tell(application, BY_COMMIT).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ", \"operation\": {\"sync\": {\"revision\": \"%s\"}}",
                ", \"operation\": {\"sync\": {\"revisions\": [\"%s\"]}}"
            })
    void anOperationOfArgoCdThatIsUnderWayIsDone_orIsAwaited(String operation) {
        var application = new ArgoCdStandIn();
        application.more = operation.formatted("a1b2");
        assertThat(tell(application, BY_COMMIT).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        application.more = operation.formatted("e5f6");
        assertThat(tell(application, BY_COMMIT))
                .isEqualTo(Answer.of(Outcome.FAILED, "another operation of the application is under way"));
    }

    @Test
    void entriesOfArgoCdAreNotGuessed() {
        var application = new ArgoCdStandIn();
        application.history.add(0, "{\"id\": 4, \"revision\": \"a1b2\", \"source\": {\"targetRevision\": \"1.3.9\"}}");
        assertThat(tell(application, BY_COMMIT).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        application = new ArgoCdStandIn();
        application.history.add(0, "{\"id\": 4, \"revision\": \"a1b2\", \"source\": {\"helm\": {\"values\": \"x\"}}}");
        assertThat(tell(application, BY_COMMIT)).isEqualTo(AMBIGUOUS);

        application = new ArgoCdStandIn();
        application.history.remove(1);
        assertThat(tell(application, BY_COMMIT)).isEqualTo(UNKNOWN);
        assertThat(tell(application, ABORT)).isEqualTo(NO_CANARY);
    }

    @Test
    void nomadRevertsWhileTheVersionIsTheOneThatWasRead_onceThoughItIsToldTwice() {
        StrictServer server = new NomadStandIn().server();
        server.loseAnswers(true);

        assertThat(tell(Endpoint.Kind.NOMAD, BY_VERSION, server).outcome()).isEqualTo(Outcome.FAILED);
        server.loseAnswers(false);
        assertThat(tell(Endpoint.Kind.NOMAD, BY_VERSION, server).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        assertThat(server.done()).hasSize(1);
    }

    @Test
    void nomadIsLeftAsItIs_whereALaterVersionIsThere() {
        var job = new NomadStandIn();
        job.versions.add(0, NomadStandIn.version(3, "1.5.0", "1.5.0", false, 3));

        assertThat(tell(job, BY_VERSION)).isEqualTo(FENCED);
    }

    @Test
    void nomadRevertsToWhatWasStable() {
        var job = new NomadStandIn();
        job.versions.set(1, NomadStandIn.version(1, "1.3.9", "1.3.9", false, 3));
        assertThat(tell(job, BY_VERSION).words()).contains("never stable");

        job.versions.add(NomadStandIn.version(0, "1.3.9", "1.3.9", true, 2));
        job.versions.set(1, NomadStandIn.version(1, "1.3.9", "1.3.9", true, 3));
        assertThat(tell(job, BY_VERSION)).isEqualTo(AMBIGUOUS);

        job.versions.set(2, NomadStandIn.version(0, "1.3.9", "1.3.9", true, 3));
        assertThat(tell(job, BY_VERSION).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        job = new NomadStandIn();
        job.versions.remove(1);
        assertThat(tell(job, BY_VERSION)).isEqualTo(UNKNOWN);
    }

    @Test
    void aVersionOfNomadIsWhatItsMetaSays_orElseItsImage() {
        var job = new NomadStandIn();
        job.versions.set(0, NomadStandIn.version(2, "", "1.4.0", true, 3));
        job.versions.set(1, NomadStandIn.version(1, "1.3.9", "latest", true, 3));
        assertThat(tell(job, BY_VERSION).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        job = new NomadStandIn();
        job.versions.set(0, NomadStandIn.version(2, "2.0", "1.4.0", true, 3));
        assertThat(tell(job, BY_VERSION)).isEqualTo(FENCED);
    }

    @Test
    void nomadFailsTheDeploymentOfTheCanary_once() {
        var job = new NomadStandIn();
        job.canary(2, "running");
        StrictServer server = job.server();
        server.loseAnswers(true);

        assertThat(tell(Endpoint.Kind.NOMAD, ABORT, server).outcome()).isEqualTo(Outcome.FAILED);
        server.loseAnswers(false);
        assertThat(tell(Endpoint.Kind.NOMAD, ABORT, server))
                .isEqualTo(Answer.of(Outcome.ACKNOWLEDGED, "the deployment of the canary is ended already"));
        assertThat(server.done()).hasSize(1);
    }

    @Test
    void nomadFailsNoOtherDeployment() {
        var job = new NomadStandIn();
        assertThat(tell(job, ABORT)).isEqualTo(FENCED);

        job.canary(2, "successful");
        assertThat(tell(job, ABORT).words()).isEqualTo("the deployment of the canary is over, and has not failed");

        job.canary(1, "running");
        assertThat(tell(job, ABORT).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        job.versions.add(0, NomadStandIn.version(3, "1.5.0", "1.5.0", false, 3));
        job.canary(3, "running");
        assertThat(tell(job, ABORT)).isEqualTo(FENCED);
    }

    @Test
    void gitlabRunsTheJobAgainThatHasDeployedTheCommitLast_onceThoughItIsToldTwice() {
        var project = new GitlabStandIn();
        StrictServer server = project.server();
        assertThat(tell(project, BY_COMMIT)).isEqualTo(Answer.of(Outcome.DELIVERED, "answered with 201"));

        project.newest = project.succeeded.get(0);
        server.loseAnswers(true);
        assertThat(tell(Endpoint.Kind.GITLAB_JOB_RETRY, BY_COMMIT, server).outcome())
                .isEqualTo(Outcome.FAILED);
        server.loseAnswers(false);
        assertThat(tell(Endpoint.Kind.GITLAB_JOB_RETRY, BY_COMMIT, server))
                .isEqualTo(Answer.of(Outcome.DELIVERED, "the earlier commit is being deployed"));
        assertThat(server.done()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "a1b2, success, ACKNOWLEDGED",
        "a1b2, running, DELIVERED",
        "a1b2, blocked, DELIVERED",
        "a1b2, failed, REFUSED",
        "a1b2, canceled, REFUSED",
        "e5f6, running, REFUSED",
        "e5f6, failed, REFUSED"
    })
    void gitlabIsLeftAsItIs_whereTheNewestDeploymentIsNotTheExpectedOne(String sha, String status, Outcome outcome) {
        var project = new GitlabStandIn();
        project.newest = GitlabStandIn.deployment(sha, status, "{\"id\": 905}");
        StrictServer server = project.server();

        assertThat(tell(Endpoint.Kind.GITLAB_JOB_RETRY, BY_COMMIT, server).outcome())
                .isEqualTo(outcome);
        assertThat(server.done()).isEmpty();
    }

    @Test
    void jobsOfGitlabAreNotGuessed() {
        var project = new GitlabStandIn();
        assertThat(tell(project, BY_VERSION).words()).contains("does not name the commits");
        assertThat(tell(project, ABORT)).isEqualTo(NO_CANARY);

        project.succeeded.set(1, GitlabStandIn.deployment("a1b2", "success", "null"));
        assertThat(tell(project, BY_COMMIT)).isEqualTo(UNKNOWN);

        project.succeeded.removeIf(each -> each.contains("a1b2"));
        assertThat(tell(project, BY_COMMIT)).isEqualTo(UNKNOWN);
    }

    /** Answers the first request with a status. */
    private static Answer statusOfRead(Endpoint.Kind kind, int status, String body) {
        return tell(
                kind,
                BY_COMMIT,
                request -> CompletableFuture.completedFuture(new OutboundAnswer(
                        status, Optional.of(Duration.ofSeconds(7)), body.getBytes(StandardCharsets.UTF_8))));
    }

    private static Exchange writing(Exchange reading, int status) {
        return request -> request.method().equals("GET")
                ? reading.send(request)
                : CompletableFuture.completedFuture(
                        new OutboundAnswer(status, Optional.of(Duration.ofSeconds(7)), new byte[0]));
    }

    @ParameterizedTest
    @CsvSource({
        "301, FAILED",
        "400, FAILED",
        "401, FAILED",
        "403, REFUSED",
        "404, FAILED",
        "409, FAILED",
        "422, FAILED",
        "429, FAILED",
        "500, FAILED",
        "503, FAILED"
    })
    void aStatusMeansTheSameWhoeverIsAsked_andWhateverFor(int status, Outcome outcome) {
        Answer expected = outcome == Outcome.FAILED
                ? new Answer(outcome, "answered with " + status, Optional.of(Duration.ofSeconds(7)))
                : Answer.of(outcome, "answered with " + status);

        for (Endpoint.Kind kind : SETTINGS.keySet()) {
            assertThat(statusOfRead(kind, status, "hush")).as(kind.label()).isEqualTo(expected);
        }
        assertThat(tell(Endpoint.Kind.ARGO_CD, BY_COMMIT, writing(new ArgoCdStandIn().server(), status)))
                .isEqualTo(expected);
        assertThat(tell(Endpoint.Kind.NOMAD, BY_VERSION, writing(new NomadStandIn().server(), status)))
                .isEqualTo(expected);
        assertThat(tell(Endpoint.Kind.GITLAB_JOB_RETRY, BY_COMMIT, writing(new GitlabStandIn().server(), status)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "[[", "\"hush\"", "{\"hush\": 1}", "null"})
    void whatIsNoAnswerOfTheProtocolIsAskedForAgain_andNotShown(String body) {
        for (Endpoint.Kind kind : SETTINGS.keySet()) {
            assertThat(statusOfRead(kind, 200, body))
                    .as(kind.label())
                    .isEqualTo(Answer.of(Outcome.FAILED, "its answer is not understood"));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = ".*(ROLLOUT|DEPLOYMENT|CD|NOMAD|RETRY)")
    void aTokenIsOneWordOfAscii(Endpoint.Kind kind) {
        assertThat(SETTINGS).containsKey(kind);
        assertThat(kind.protocol().isKey(TOKEN)).isTrue();
        assertThat(kind.protocol().isKey("two words".getBytes(StandardCharsets.UTF_8)))
                .isFalse();
    }

    @Test
    void noFurtherRequestIsBegunWhenTheOnesBeforeHaveTakenTooLong() {
        var sent = new AtomicInteger();
        var talk = new Talk(
                StrictServer.BASE,
                Map.of(),
                request -> {
                    sent.incrementAndGet();
                    return CompletableFuture.completedFuture(
                            new OutboundAnswer(200, Optional.empty(), "{}".getBytes(StandardCharsets.UTF_8)));
                },
                Duration.ofNanos(-1));

        CompletableFuture<Answer> answer =
                talk.write("POST", "/", "application/json", new byte[0], Outcome.ACKNOWLEDGED);

        assertThat(sent).hasValue(0);
        assertThat(answer.handle((taken, failure) -> failure).join())
                .hasRootCauseMessage("the requests before the last one have taken too long");
    }

    @Test
    void aSelectorIsWrittenAsTheApiOfKubernetesTakesIt() {
        assertThat(LabelSelector.of(json("{\"matchLabels\": {\"app\": \"checkout\"}, \"matchExpressions\": ["
                        + "{\"key\": \"tier\", \"operator\": \"In\", \"values\": [\"a\", \"b\"]},"
                        + "{\"key\": \"zone\", \"operator\": \"NotIn\", \"values\": [\"c\"]},"
                        + "{\"key\": \"live\", \"operator\": \"Exists\"},"
                        + "{\"key\": \"old\", \"operator\": \"DoesNotExist\"}]}")))
                .contains("app=checkout,tier in (a,b),zone notin (c),live,!old");
        assertThat(LabelSelector.of(json("{}"))).isEmpty();
        assertThat(LabelSelector.of(json("{\"matchExpressions\": [{\"key\": \"a\", \"operator\": \"Gt\"}]}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "checkout, , ",
        "checkout:1.3.9, 1.3.9, ",
        "registry.example.org:5000/checkout, , ",
        "registry.example.org:5000/shop/checkout:1.3.9, 1.3.9, ",
        "shop/checkout@sha256:2c26, , sha256:2c26",
        "shop/checkout:1.3.9@sha256:2c26, 1.3.9, sha256:2c26"
    })
    void anImageSaysItsTagAndItsDigest(String image, String version, String digest) {
        assertThat(Artifact.ofImage(image)).isEqualTo(new Artifact(version, null, digest));
    }
}
