package dev.sluice.sources.github;

import static dev.sluice.sources.Deliveries.RECEIVED_AT;
import static dev.sluice.sources.Deliveries.github;
import static dev.sluice.sources.Deliveries.payload;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Summary;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubWorkflowRunsTest {
    private static final String FIRST_ATTEMPT = "github/acme/checkout#run-8800.1";
    private static final String DEPLOYMENT = "github/acme/checkout#600200";
    private static final DeployWorkflow DEPLOY = new DeployWorkflow("acme/checkout", "Deploy", "production", "shop");

    private final GitHubAdapter adapter = configured(DEPLOY);

    @Test
    void runIsAnAttemptThroughAllItsStates() {
        DeploymentObserved queued = run("workflow_run_requested");
        DeploymentObserved started = run("workflow_run_in_progress");
        DeploymentObserved success = run("workflow_run_completed");

        assertThat(List.of(queued, started, success)).allSatisfy(event -> {
            assertThat(event.deploymentId()).isEqualTo(FIRST_ATTEMPT);
            assertThat(event.service()).isEqualTo("shop");
            assertThat(event.environment()).isEqualTo("production");
            assertThat(event.repository()).isEqualTo("acme/checkout");
            assertThat(event.sha()).isEqualTo("c3".repeat(20));
            assertThat(event.version()).isNull();
        });
        assertThat(queued.state()).isEqualTo(DeploymentState.QUEUED);
        assertThat(queued.queuedAt()).isEqualTo("2026-03-01T11:57:30Z");
        assertThat(started.state()).isEqualTo(DeploymentState.STARTED);
        assertThat(started.startedAt()).isEqualTo("2026-03-01T11:57:30Z");
        assertThat(success.state()).isEqualTo(DeploymentState.SUCCESS);
        assertThat(success.startedAt()).isEqualTo("2026-03-01T11:57:30Z");
        assertThat(success.header().occurredAt()).isEqualTo("2026-03-01T12:03:41Z");
        assertThat(queued.rank()).isLessThan(started.rank());
        assertThat(started.rank()).isLessThan(success.rank());
        // Stored ids are compared with derived ones: this one must never change.
        assertThat(success.header().id()).isEqualTo("3c6ff411-d4c8-579f-b497-b76c76314688");
    }

    @Test
    void repeatedRunIsAnAttemptOfItsOwn_whateverConclusionItStillCarries() {
        DeploymentObserved again = run("workflow_run_requested_again");

        assertThat(again.deploymentId()).isEqualTo("github/acme/checkout#run-8800.2");
        assertThat(again.state()).isEqualTo(DeploymentState.QUEUED);
        assertThat(again.queuedAt()).isEqualTo("2026-03-01T13:20:00Z");
    }

    @Test
    void olderInstancesNameNeitherAttemptNorStart() {
        byte[] body = changed(
                "workflow_run_completed",
                event -> ((ObjectNode) event.get("workflow_run"))
                        .without(List.of("run_attempt", "run_started_at", "head_repository")));

        DeploymentObserved event = deployment(adapter.adapt(github("workflow_run", body)));

        assertThat(event.deploymentId()).isEqualTo(FIRST_ATTEMPT);
        assertThat(event.startedAt()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "success, SUCCESS",
        "failure, FAILURE",
        "timed_out, FAILURE",
        "startup_failure, FAILURE",
        "cancelled, CANCELLED"
    })
    void conclusionIsTheResult(String conclusion, DeploymentState expected) {
        assertThat(deployment(concluded(conclusion)).state()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "skipped,         RUN_WITHOUT_RESULT",
        "neutral,         RUN_WITHOUT_RESULT",
        "stale,           RUN_WITHOUT_RESULT",
        "action_required, RUN_WITHOUT_RESULT",
        "hibernated,      UNKNOWN_STATE"
    })
    void conclusionThatIsNoResultIsIgnored(String conclusion, Reason reason) {
        Outcome.Ignored outcome = (Outcome.Ignored) concluded(conclusion);

        assertThat(outcome.reason()).isEqualTo(reason);
        assertThat(outcome.detail()).contains(conclusion);
    }

    @Test
    void runOfAnotherWorkflowIsNoDeployment_andTheReasonSaysHowToMakeItOne() {
        byte[] body =
                changed("workflow_run_completed", event -> ((ObjectNode) event.get("workflow")).put("name", "CI"));

        Outcome.Ignored outcome = (Outcome.Ignored) adapter.adapt(github("workflow_run", body));

        assertThat(outcome.reason()).isEqualTo(Reason.WORKFLOW_NOT_CONFIGURED);
        assertThat(outcome.detail())
                .isEqualTo("runs of the workflow CI are no deployments; to make them, add the workflow with its"
                        + " repository and environment to the workflows of the connection acme-github");
    }

    @Test
    void runIsNamedByItself_whereThePayloadDoesNotNameTheWorkflow() {
        byte[] body = changed("workflow_run_completed", event -> {
            event.putNull("workflow");
            ((ObjectNode) event.get("workflow_run")).put("name", "Deploy");
        });

        assertThat(deployment(adapter.adapt(github("workflow_run", body))).deploymentId())
                .isEqualTo(FIRST_ATTEMPT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"full_name\": \"mallory/checkout\"}", "null", "{}"})
    void runOnACommitOfAForkIsIgnored(String head) {
        byte[] body = changed(
                "workflow_run_completed",
                event -> ((ObjectNode) event.get("workflow_run")).set("head_repository", json(head)));

        assertThat(Summary.of(adapter.adapt(github("workflow_run", body)))).isEqualTo("IGNORED RUN_OF_A_FORK");
    }

    @Test
    void unknownActionIsIgnored() {
        byte[] body = changed("workflow_run_completed", event -> event.put("action", "archived"));

        assertThat(Summary.of(adapter.adapt(github("workflow_run", body)))).isEqualTo("IGNORED UNUSED_ACTION");
    }

    @ParameterizedTest
    @CsvSource({
        "/workflow_run,            MISSING_FIELD",
        "/workflow_run/id,         MISSING_FIELD",
        "/workflow_run/head_sha,   MISSING_FIELD",
        "/workflow_run/updated_at, MISSING_FIELD",
        "/workflow_run/conclusion, MISSING_FIELD",
        "/action,                  MISSING_FIELD",
        "/repository/full_name,    MISSING_FIELD"
    })
    void pointsToTheFieldThatIsMissing(String pointer, Reason reason) {
        byte[] body = changed("workflow_run_completed", event -> {
            int slash = pointer.lastIndexOf('/');
            ((ObjectNode) event.at(pointer.substring(0, slash))).remove(pointer.substring(slash + 1));
        });

        assertThat(Summary.of(adapter.adapt(github("workflow_run", body))))
                .isEqualTo("MALFORMED " + reason + " " + pointer);
    }

    @Test
    void refusesRunsOfTheFutureAndAttemptsBelowOne() {
        byte[] future = changed(
                "workflow_run_completed",
                event -> ((ObjectNode) event.get("workflow_run"))
                        .put("updated_at", RECEIVED_AT.plusSeconds(301).toString()));
        byte[] zero = changed(
                "workflow_run_completed", event -> ((ObjectNode) event.get("workflow_run")).put("run_attempt", 0));

        assertThat(Summary.of(adapter.adapt(github("workflow_run", future))))
                .isEqualTo("MALFORMED FUTURE_DATED /workflow_run/updated_at");
        assertThat(Summary.of(adapter.adapt(github("workflow_run", zero))))
                .isEqualTo("MALFORMED WRONG_VALUE /workflow_run/run_attempt");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void deploymentAndItsRunAreOneAttempt_andTheDeploymentWins(long seed) {
        List<DeploymentObserved> said = new ArrayList<>(List.of(
                run("workflow_run_requested"),
                run("workflow_run_in_progress"),
                deployment(concluded("failure")),
                status("success", "2026-03-01T12:03:20Z")));
        Collections.shuffle(said, new Random(seed));

        assertThat(said).extracting(DeploymentObserved::deploymentId).containsOnly(FIRST_ATTEMPT);
        assertThat(said).extracting(DeploymentObserved::service).containsOnly("shop");
        for (int known = 1; known <= said.size(); known++) {
            DeploymentAttempt attempt = DeploymentAttempt.of(said.subList(0, known));
            boolean statusKnown =
                    said.subList(0, known).stream().anyMatch(event -> event.state() == DeploymentState.SUCCESS);
            if (statusKnown) {
                assertThat(attempt.result())
                        .as("seed %s, %s known", seed, known)
                        .isEqualTo(AttemptResult.SUCCESS);
                assertThat(attempt.finishedAt()).isEqualTo("2026-03-01T12:03:20Z");
            }
        }
        assertThat(DeploymentAttempt.of(said).startedAt()).isEqualTo("2026-03-01T11:57:30Z");
    }

    @Test
    void runsResultStands_whileItsDeploymentHasNone() {
        DeploymentAttempt attempt = DeploymentAttempt.of(
                List.of(deployment(concluded("success")), status("in_progress", "2026-03-01T12:00:00Z")));

        assertThat(attempt.result()).isEqualTo(AttemptResult.SUCCESS);
        assertThat(attempt.finishedAt()).isEqualTo("2026-03-01T12:03:41Z");
    }

    @Test
    void deploymentIsAnAttemptOfItsOwn_unlessItsRunIsConfiguredForItsEnvironment() {
        byte[] ofARun = payload("github/deployment_status_success_of_a_run.json");
        byte[] ofNoRun = payload("github/deployment_status_success.json");

        assertThat(deploymentId(adapter, ofARun)).isEqualTo(FIRST_ATTEMPT);
        assertThat(deploymentId(adapter, ofNoRun)).isEqualTo(DEPLOYMENT);
        assertThat(deploymentId(configured(), ofARun)).isEqualTo(DEPLOYMENT);
        assertThat(deploymentId(configured(new DeployWorkflow("*", "Deploy", "staging", null)), ofARun))
                .isEqualTo(DEPLOYMENT);
        assertThat(deploymentId(configured(new DeployWorkflow("*", "Release", "production", null)), ofARun))
                .isEqualTo(DEPLOYMENT);
        assertThat(deploymentId(configured(new DeployWorkflow("*", "Deploy", "production", null)), ofARun))
                .isEqualTo(FIRST_ATTEMPT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/deployment/creator", "/deployment/performed_via_github_app"})
    void deploymentOfActionsThatNamesNoRunIsLeftToTheRun(String removed) {
        byte[] body = changed("deployment_status_success_of_a_run", event -> {
            event.putNull("workflow").putNull("workflow_run");
            int slash = removed.lastIndexOf('/');
            ((ObjectNode) event.at(removed.substring(0, slash))).remove(removed.substring(slash + 1));
        });

        assertThat(Summary.of(adapter.adapt(github("deployment_status", body))))
                .isEqualTo("IGNORED COUNTED_BY_WORKFLOW");
        assertThat(Summary.of(configured().adapt(github("deployment_status", body))))
                .startsWith("SUCCESS " + DEPLOYMENT);
    }

    private static GitHubAdapter configured(DeployWorkflow... workflows) {
        var mapping = new ConnectionMapping(Map.of(), Set.of(), List.of(workflows));
        return new GitHubAdapter(connection -> mapping);
    }

    private static String deploymentId(GitHubAdapter adapter, byte[] status) {
        return deployment(adapter.adapt(github("deployment_status", status))).deploymentId();
    }

    private DeploymentObserved run(String name) {
        return deployment(adapter.adapt(github("workflow_run", payload("github/" + name + ".json"))));
    }

    private DeploymentObserved status(String state, String time) {
        byte[] body = changed(
                "deployment_status_success_of_a_run",
                event -> ((ObjectNode) event.get("deployment_status"))
                        .put("state", state)
                        .put("created_at", time));
        return deployment(adapter.adapt(github("deployment_status", body)));
    }

    private Outcome concluded(String conclusion) {
        return adapter.adapt(github(
                "workflow_run",
                changed(
                        "workflow_run_completed",
                        event -> ((ObjectNode) event.get("workflow_run")).put("conclusion", conclusion))));
    }

    private static DeploymentObserved deployment(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Events.class);
        return (DeploymentObserved) ((Outcome.Events) outcome).events().get(0);
    }

    private static byte[] changed(String name, Consumer<ObjectNode> change) {
        return Deliveries.changed("github/" + name + ".json", change);
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
