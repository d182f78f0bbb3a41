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
import java.util.ArrayList;
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
    private static final String BASE = "https://deployer.example.org";
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
                URI.create(BASE + "/"),
                new TreeMap<>(requireNonNull(SETTINGS.get(kind))),
                new SecretReferences(new SecretReference(false, "SLUICE_SECRET_TOKEN"), null));
        return kind.protocol()
                .tell(endpoint, message, List.of(TOKEN), Orders.NOON, exchange)
                .join();
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }

    /** An application of Argo CD, with its history. */
    private static final class Application {
        private static final String URL = BASE + "/api/v1/applications/checkout";
        private final List<String> history = new ArrayList<>(List.of(
                "{\"id\": 5, \"revision\": \"9f9f\", \"source\": {\"targetRevision\": \"1.3.8\"}}",
                "{\"id\": 6, \"revision\": \"a1b2\", \"source\": {\"targetRevision\": \"1.3.9\"}}",
                "{\"id\": 7, \"revision\": \"c3d4\", \"source\": {\"targetRevision\": \"1.4.0\"}}"));
        private String policy = "{}";
        private String more = "";

        private StrictServer server() {
            return new StrictServer(Map.of("Accept", "application/json", "Authorization", "Bearer hush-0123456789"))
                    .reads(
                            URL,
                            () -> "{\"spec\": {\"syncPolicy\": " + policy + "}" + more
                                    + ", \"status\": {\"sync\": {\"revision\": \"e5f6\"}, \"history\": " + history
                                    + "}}")
                    .does(
                            "POST " + URL + "/rollback",
                            "{\"id\": 6}",
                            200,
                            () -> history.add(
                                    "{\"id\": 8, \"revision\": \"a1b2\", \"source\": {\"targetRevision\": \"1.3.9\"}}"));
        }

        private Answer tell(Message message) {
            return ConversationContractTest.tell(Endpoint.Kind.ARGO_CD, message, server());
        }
    }

    @Test
    void argoCdRollsBackToTheEntryOfTheCommit_onceThoughItIsToldTwice() {
        var application = new Application();
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
        assertThat(new Application().tell(BY_VERSION)).isEqualTo(Answer.of(Outcome.ACKNOWLEDGED, "answered with 200"));
    }

    @Test
    void argoCdIsLeftAsItIs_whereSomethingElseWasDeployedSince() {
        var application = new Application();
        application.history.add("{\"id\": 8, \"revision\": \"e5f6\", \"source\": {}}");

        assertThat(application.tell(BY_COMMIT)).isEqualTo(FENCED);
    }

    @Test
    void argoCdRefusesWithAutoSync_beforeAnythingIsSent() {
        var application = new Application();
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
        assertThat(application.tell(BY_COMMIT).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ", \"operation\": {\"sync\": {\"revision\": \"%s\"}}",
                ", \"operation\": {\"sync\": {\"revisions\": [\"%s\"]}}"
            })
    void anOperationOfArgoCdThatIsUnderWayIsDone_orIsAwaited(String operation) {
        var application = new Application();
        application.more = operation.formatted("a1b2");
        assertThat(application.tell(BY_COMMIT).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        application.more = operation.formatted("e5f6");
        assertThat(application.tell(BY_COMMIT))
                .isEqualTo(Answer.of(Outcome.FAILED, "another operation of the application is under way"));
    }

    @Test
    void entriesOfArgoCdAreNotGuessed() {
        var application = new Application();
        application.history.add(0, "{\"id\": 4, \"revision\": \"a1b2\", \"source\": {\"targetRevision\": \"1.3.9\"}}");
        assertThat(application.tell(BY_COMMIT).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        application = new Application();
        application.history.add(0, "{\"id\": 4, \"revision\": \"a1b2\", \"source\": {\"helm\": {\"values\": \"x\"}}}");
        assertThat(application.tell(BY_COMMIT)).isEqualTo(AMBIGUOUS);

        application = new Application();
        application.history.remove(1);
        assertThat(application.tell(BY_COMMIT)).isEqualTo(UNKNOWN);
        assertThat(application.tell(ABORT)).isEqualTo(NO_CANARY);
    }

    /** A job of Nomad, with its versions and its deployment. */
    private static final class Job {
        private static final String URL = BASE + "/v1/job/checkout";
        private final List<String> versions =
                new ArrayList<>(List.of(version(2, "1.4.0", "1.4.0", true, 3), version(1, "1.3.9", "1.3.9", true, 3)));
        private String deployment = "null";

        private static String version(int number, String meta, String tag, boolean stable, int count) {
            return "{\"Version\": " + number + ", \"Stable\": " + stable + ", \"SubmitTime\": " + number * 1_000
                    + ", \"JobModifyIndex\": " + number * 7 + ", \"Meta\": "
                    + (meta.isEmpty() ? "null" : "{\"version\": \"" + meta + "\"}")
                    + ", \"TaskGroups\": [{\"Count\": " + count + ", \"Tasks\": [{\"Name\": \"proxy\"},"
                    + " {\"Name\": \"server\", \"Config\": {\"image\": \"shop/checkout:" + tag + "\"}}]}]}";
        }

        private StrictServer server() {
            return new StrictServer(Map.of("Accept", "application/json", "X-Nomad-Token", "hush-0123456789"))
                    .reads(URL + "/versions?namespace=shop", () -> "{\"Versions\": " + versions + ", \"Diffs\": null}")
                    .reads(URL + "/deployment?namespace=shop", () -> deployment)
                    .does(
                            "POST " + URL + "/revert?namespace=shop",
                            "{\"JobID\": \"checkout\", \"JobVersion\": 1, \"EnforcePriorVersion\": 2}",
                            200,
                            () -> versions.add(0, version(3, "1.3.9", "1.3.9", false, 3)))
                    .does(
                            "POST " + BASE + "/v1/deployment/fail/d-1?namespace=shop",
                            "",
                            200,
                            () -> canary(2, "failed"));
        }

        private void canary(int version, String status) {
            deployment = "{\"ID\": \"d-1\", \"JobVersion\": " + version + ", \"Status\": \"" + status + "\"}";
        }

        private Answer tell(Message message) {
            return ConversationContractTest.tell(Endpoint.Kind.NOMAD, message, server());
        }
    }

    @Test
    void nomadRevertsWhileTheVersionIsTheOneThatWasRead_onceThoughItIsToldTwice() {
        StrictServer server = new Job().server();
        server.loseAnswers(true);

        assertThat(tell(Endpoint.Kind.NOMAD, BY_VERSION, server).outcome()).isEqualTo(Outcome.FAILED);
        server.loseAnswers(false);
        assertThat(tell(Endpoint.Kind.NOMAD, BY_VERSION, server).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        assertThat(server.done()).hasSize(1);
    }

    @Test
    void nomadIsLeftAsItIs_whereALaterVersionIsThere() {
        var job = new Job();
        job.versions.add(0, Job.version(3, "1.5.0", "1.5.0", false, 3));

        assertThat(job.tell(BY_VERSION)).isEqualTo(FENCED);
    }

    @Test
    void nomadRevertsToWhatWasStable() {
        var job = new Job();
        job.versions.set(1, Job.version(1, "1.3.9", "1.3.9", false, 3));
        assertThat(job.tell(BY_VERSION).words()).contains("never stable");

        job.versions.add(Job.version(0, "1.3.9", "1.3.9", true, 2));
        job.versions.set(1, Job.version(1, "1.3.9", "1.3.9", true, 3));
        assertThat(job.tell(BY_VERSION)).isEqualTo(AMBIGUOUS);

        job.versions.set(2, Job.version(0, "1.3.9", "1.3.9", true, 3));
        assertThat(job.tell(BY_VERSION).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        job = new Job();
        job.versions.remove(1);
        assertThat(job.tell(BY_VERSION)).isEqualTo(UNKNOWN);
    }

    @Test
    void aVersionOfNomadIsWhatItsMetaSays_orElseItsImage() {
        var job = new Job();
        job.versions.set(0, Job.version(2, "", "1.4.0", true, 3));
        job.versions.set(1, Job.version(1, "1.3.9", "latest", true, 3));
        assertThat(job.tell(BY_VERSION).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        job = new Job();
        job.versions.set(0, Job.version(2, "2.0", "1.4.0", true, 3));
        assertThat(job.tell(BY_VERSION)).isEqualTo(FENCED);
    }

    @Test
    void nomadFailsTheDeploymentOfTheCanary_once() {
        var job = new Job();
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
        var job = new Job();
        assertThat(job.tell(ABORT)).isEqualTo(FENCED);

        job.canary(2, "successful");
        assertThat(job.tell(ABORT).words()).isEqualTo("the deployment of the canary is over, and has not failed");

        job.canary(1, "running");
        assertThat(job.tell(ABORT).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);

        job.versions.add(0, Job.version(3, "1.5.0", "1.5.0", false, 3));
        job.canary(3, "running");
        assertThat(job.tell(ABORT)).isEqualTo(FENCED);
    }

    /** A project of GitLab, with the deployments of an environment. */
    private static final class Project {
        private static final String URL = BASE + "/api/v4/projects/acme%2Fcheckout";
        private static final String LIST = URL + "/deployments?environment=review%2Fa%20b";
        private final List<String> succeeded = new ArrayList<>(List.of(
                deployment("c3d4", "success", "{\"id\": 903}"),
                deployment("a1b2", "success", "{\"id\": 902}"),
                deployment("a1b2", "success", "{\"id\": 901}")));
        private String newest = succeeded.get(0);

        private static String deployment(String sha, String status, String job) {
            return "{\"sha\": \"" + sha + "\", \"status\": \"" + status + "\", \"deployable\": " + job + "}";
        }

        private StrictServer server() {
            return new StrictServer(Map.of("Accept", "application/json", "PRIVATE-TOKEN", "hush-0123456789"))
                    .reads(LIST + "&order_by=id&sort=desc&per_page=1", () -> "[" + newest + "]")
                    .reads(LIST + "&status=success&order_by=id&sort=desc&per_page=50", succeeded::toString)
                    .does(
                            "POST " + URL + "/jobs/902/retry",
                            "",
                            201,
                            () -> newest = deployment("a1b2", "created", "{\"id\": 904}"));
        }

        private Answer tell(Message message) {
            return ConversationContractTest.tell(Endpoint.Kind.GITLAB_JOB_RETRY, message, server());
        }
    }

    @Test
    void gitlabRunsTheJobAgainThatHasDeployedTheCommitLast_onceThoughItIsToldTwice() {
        var project = new Project();
        StrictServer server = project.server();
        assertThat(project.tell(BY_COMMIT)).isEqualTo(Answer.of(Outcome.DELIVERED, "answered with 201"));

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
        var project = new Project();
        project.newest = Project.deployment(sha, status, "{\"id\": 905}");
        StrictServer server = project.server();

        assertThat(tell(Endpoint.Kind.GITLAB_JOB_RETRY, BY_COMMIT, server).outcome())
                .isEqualTo(outcome);
        assertThat(server.done()).isEmpty();
    }

    @Test
    void jobsOfGitlabAreNotGuessed() {
        var project = new Project();
        assertThat(project.tell(BY_VERSION).words()).contains("does not name the commits");
        assertThat(project.tell(ABORT)).isEqualTo(NO_CANARY);

        project.succeeded.set(1, Project.deployment("a1b2", "success", "null"));
        assertThat(project.tell(BY_COMMIT)).isEqualTo(UNKNOWN);

        project.succeeded.removeIf(each -> each.contains("a1b2"));
        assertThat(project.tell(BY_COMMIT)).isEqualTo(UNKNOWN);
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
        assertThat(tell(Endpoint.Kind.ARGO_CD, BY_COMMIT, writing(new Application().server(), status)))
                .isEqualTo(expected);
        assertThat(tell(Endpoint.Kind.NOMAD, BY_VERSION, writing(new Job().server(), status)))
                .isEqualTo(expected);
        assertThat(tell(Endpoint.Kind.GITLAB_JOB_RETRY, BY_COMMIT, writing(new Project().server(), status)))
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
                BASE,
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
