package dev.sluice.sources.gitlab;

import static dev.sluice.sources.Deliveries.changed;
import static dev.sluice.sources.Deliveries.gitlab;
import static dev.sluice.sources.Deliveries.payload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.Summary;
import dev.sluice.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deployments and the jobs that make them: each deploy counts once, whatever hooks tell of it. */
class GitLabDeploymentsTest {
    private static final List<String> HOOKS_OF_ONE_DEPLOY =
            List.of("deployment_running", "deployment_success", "build_manual", "build_success", "pipeline_success");

    private static final ConnectionMapping BY_DEPLOYMENT =
            new ConnectionMapping(Map.of("acme/shop/checkout", "checkout"), Set.of());
    private static final ConnectionMapping BY_JOB = new ConnectionMapping(
            BY_DEPLOYMENT.services(),
            Set.of(),
            List.of(new DeployWorkflow("acme/shop/checkout", "deploy-eu", "production/eu", "shop-eu")));
    private static final ConnectionMapping BY_TIER =
            BY_DEPLOYMENT.withOptions(JsonNodeFactory.instance.objectNode().put("environment_from", "tier"));

    private static Outcome adapt(ConnectionMapping mapping, byte[] body) {
        return new GitLabAdapter(connection -> mapping).adapt(gitlab(body));
    }

    private static byte[] file(String name) {
        return payload("gitlab/" + name + ".json");
    }

    private static List<DeploymentObserved> observed(ConnectionMapping mapping, byte[]... bodies) {
        return Stream.of(bodies)
                .map(body -> adapt(mapping, body))
                .filter(Outcome.Events.class::isInstance)
                .flatMap(outcome -> ((Outcome.Events) outcome).events().stream())
                .map(DeploymentObserved.class::cast)
                .toList();
    }

    private static List<DeploymentObserved> ofOneDeploy(ConnectionMapping mapping) {
        return observed(
                mapping,
                HOOKS_OF_ONE_DEPLOY.stream().map(GitLabDeploymentsTest::file).toArray(byte[][]::new));
    }

    @Test
    void deploymentIsTheAttempt_whereNoJobIsConfigured() {
        List<DeploymentObserved> observations = ofOneDeploy(BY_DEPLOYMENT);

        assertThat(observations)
                .extracting(DeploymentObserved::deploymentId)
                .containsExactly("gitlab/acme/shop/checkout#615", "gitlab/acme/shop/checkout#615");
        DeploymentAttempt attempt = DeploymentAttempt.of(observations);
        assertThat(attempt.result()).isEqualTo(AttemptResult.SUCCESS);
        assertThat(attempt.service()).isEqualTo("checkout");
        assertThat(attempt.environment()).isEqualTo("production/eu");
        assertThat(attempt.startedAt()).isEqualTo("2026-03-01T12:00:20Z");
        assertThat(attempt.finishedAt()).isEqualTo("2026-03-01T12:03:20Z");
        assertThat(attempt.sha()).isEqualTo("c3".repeat(20));
    }

    @Test
    void jobIsTheAttempt_whereItIsConfigured() {
        List<DeploymentObserved> observations = ofOneDeploy(BY_JOB);

        assertThat(observations)
                .extracting(DeploymentObserved::deploymentId)
                .containsExactly("gitlab/acme/shop/checkout#job-7960");
        DeploymentObserved job = observations.get(0);
        assertThat(job.state()).isEqualTo(DeploymentState.SUCCESS);
        assertThat(job.service()).isEqualTo("shop-eu");
        assertThat(job.environment()).isEqualTo("production/eu");
        assertThat(job.queuedAt()).isEqualTo("2026-03-01T12:00:07.500Z");
        assertThat(job.startedAt()).isEqualTo("2026-03-01T12:00:20Z");
        assertThat(job.header().occurredAt()).isEqualTo("2026-03-01T12:03:19Z");
        assertThat(job.sha()).as("of the commit, not of the pipeline").isEqualTo("c3".repeat(20));
        assertThat(Summary.of(adapt(BY_JOB, file("deployment_success")))).isEqualTo("IGNORED COUNTED_BY_WORKFLOW");
    }

    @Test
    void deploymentThatNoJobMadeCountsBesideConfiguredJobs() {
        assertThat(Summary.of(adapt(BY_JOB, file("deployment_success_by_api"))))
                .startsWith("SUCCESS gitlab/acme/shop/checkout#616 checkout production/eu ");
    }

    @Test
    void jobThatIsRunAgainIsAnotherAttempt() {
        byte[] again = changed(
                "gitlab/build_success.json", job -> job.put("build_id", 7961).put("retries_count", 1));

        assertThat(observed(BY_JOB, file("build_success"), again))
                .extracting(DeploymentObserved::deploymentId)
                .containsExactly("gitlab/acme/shop/checkout#job-7960", "gitlab/acme/shop/checkout#job-7961");
    }

    @ParameterizedTest
    @CsvSource({
        "created,  QUEUED",
        "blocked,  QUEUED",
        "running,  STARTED",
        "success,  SUCCESS",
        "failed,   FAILURE",
        "canceled, CANCELLED",
        "skipped,  SKIPPED"
    })
    void statusOfADeploymentIsItsState(String status, DeploymentState state) {
        byte[] body = changed("gitlab/deployment_running.json", deployment -> deployment.put("status", status));

        assertThat(observed(BY_DEPLOYMENT, body))
                .extracting(DeploymentObserved::state)
                .containsExactly(state);
    }

    @ParameterizedTest
    @CsvSource({"approved, UNUSED_ACTION", "rejected, UNUSED_ACTION", "hibernating, UNKNOWN_STATE"})
    void otherStatusesOfADeploymentAreIgnored(String status, String reason) {
        byte[] body = changed("gitlab/deployment_running.json", deployment -> deployment.put("status", status));

        assertThat(Summary.of(adapt(BY_DEPLOYMENT, body))).isEqualTo("IGNORED " + reason);
    }

    @ParameterizedTest
    @CsvSource({"running, STARTED", "success, SUCCESS", "failed, FAILURE", "canceled, CANCELLED"})
    void statusOfAJobIsItsState_alsoWhereItMayFail(String status, DeploymentState state) {
        byte[] body = changed("gitlab/build_success.json", job -> job.put("build_status", status));

        assertThat(observed(BY_JOB, body)).extracting(DeploymentObserved::state).containsExactly(state);
    }

    @ParameterizedTest
    @CsvSource({
        "created,              RUN_NOT_BEGUN",
        "manual,               RUN_NOT_BEGUN",
        "scheduled,            RUN_NOT_BEGUN",
        "pending,              RUN_NOT_BEGUN",
        "preparing,            RUN_NOT_BEGUN",
        "waiting_for_resource, RUN_NOT_BEGUN",
        "skipped,              RUN_WITHOUT_RESULT",
        "canceling,            UNKNOWN_STATE"
    })
    void jobThatDidNotRunIsNoAttempt(String status, String reason) {
        byte[] body = changed("gitlab/build_manual.json", job -> job.put("build_status", status));

        assertThat(Summary.of(adapt(BY_JOB, body))).isEqualTo("IGNORED " + reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "prepare", "verify", "access"})
    void jobThatOnlyTouchesAnEnvironmentDoesNotDeploy(String action) {
        byte[] body = changed(
                "gitlab/build_success.json", job -> ((ObjectNode) job.get("environment")).put("action", action));

        assertThat(Summary.of(adapt(BY_JOB, body))).isEqualTo("IGNORED UNUSED_ACTION");
    }

    @Test
    void jobThatDeploysElsewhereIsLeftToItsDeployment() {
        byte[] elsewhere = changed(
                "gitlab/build_success.json", job -> ((ObjectNode) job.get("environment")).put("name", "production/us"));

        assertThat(Summary.of(adapt(BY_JOB, elsewhere))).isEqualTo("IGNORED WORKFLOW_NOT_CONFIGURED");
    }

    @Test
    void jobWithoutAnEnvironmentDeploysToTheConfiguredOne_ofAnOldInstallationToo() {
        byte[] none = changed("gitlab/build_success.json", job -> {
            job.putNull("environment");
            job.remove("project");
        });
        byte[] text = changed("gitlab/build_success.json", job -> job.put("environment", "production/eu"));

        assertThat(Summary.of(adapt(BY_JOB, none)))
                .isEqualTo("SUCCESS gitlab/acme/shop/checkout#job-7960 shop-eu production/eu 2026-03-01T12:03:19Z");
        assertThat(adapt(BY_JOB, text)).isEqualTo(adapt(BY_JOB, none));
    }

    @Test
    void jobThatTellsNoQueueWasQueuedAtNoKnownTime() {
        for (String duration : List.of("null", "-1", "1e300", "\"12\"")) {
            byte[] body = changed(
                    "gitlab/build_success.json",
                    job -> job.set(
                            "build_queued_duration", Documents.read(duration).node()));

            assertThat(observed(BY_JOB, body).get(0).queuedAt()).as(duration).isNull();
        }
    }

    @Test
    void environmentsMayBeCalledByTheirTier() {
        var job = new ConnectionMapping(
                        Map.of(),
                        Set.of("production"),
                        List.of(new DeployWorkflow("*", "deploy-eu", "production", null)))
                .withOptions(BY_TIER.options());

        assertThat(observed(BY_TIER, file("deployment_success")).get(0).environment())
                .isEqualTo("production");
        assertThat(observed(job, file("build_success")).get(0).environment()).isEqualTo("production");
        assertThat(Summary.of(adapt(
                        BY_TIER, changed("gitlab/deployment_success.json", body -> body.remove("environment_tier")))))
                .isEqualTo("MALFORMED MISSING_FIELD /environment_tier");
    }

    @Test
    void optionIsNameOrTier() {
        var options = new GitLabOptions();

        options.check(BY_DEPLOYMENT);
        options.check(BY_TIER);
        options.check(BY_TIER.withOptions(JsonNodeFactory.instance.objectNode().put("environment_from", "name")));
        assertThatThrownBy(() -> options.check(BY_TIER.withOptions(
                        JsonNodeFactory.instance.objectNode().put("environment_from", "slug"))))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.outcome().pointer()).isEqualTo("/options/environment_from"));
        assertThat(options.names()).containsExactly("environment_from");
    }

    @Test
    void environmentsThatTheConnectionDoesNotTakeAreIgnored() {
        assertThat(Summary.of(adapt(new ConnectionMapping(Map.of(), Set.of("staging")), file("deployment_success"))))
                .isEqualTo("IGNORED ENVIRONMENT_NOT_SELECTED");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "null",
                "https://gitlab.com/acme/shop/checkout/-/commit/c3c3c3c3",
                "https://gitlab.com/acme/shop/checkout/-/tree/main"
            },
            nullValues = "null")
    void onlyAWholeIdIsACommit(String url) {
        byte[] body = changed("gitlab/deployment_success.json", deployment -> deployment.put("commit_url", url));

        assertThat(observed(BY_DEPLOYMENT, body).get(0).sha()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "deployment_success, deployment_id,     MISSING_FIELD",
        "deployment_success, status_changed_at, MISSING_FIELD",
        "deployment_success, environment,       MISSING_FIELD",
        "deployment_success, status,            MISSING_FIELD",
        "build_success,      build_id,          MISSING_FIELD",
        "build_success,      build_finished_at, MISSING_FIELD",
        "build_success,      build_name,        MISSING_FIELD",
        "build_success,      sha,               MISSING_FIELD"
    })
    void pointsToWhatIsMissing(String name, String field, String reason) {
        byte[] body = changed("gitlab/" + name + ".json", hook -> hook.remove(field));

        assertThat(Summary.of(adapt(BY_JOB, changedToApi(name, body)))).isEqualTo("MALFORMED " + reason + " /" + field);
    }

    /** A deployment by the API is looked at also where jobs are configured. */
    private static byte[] changedToApi(String name, byte[] body) {
        ObjectNode hook = (ObjectNode) Documents.read(body).node();
        return name.startsWith("deployment") ? Json.bytes(hook.without("deployable_id")) : body;
    }
}
