package dev.sluice.sources.github;

import static dev.sluice.sources.Deliveries.RECEIVED_AT;
import static dev.sluice.sources.Deliveries.bytes;
import static dev.sluice.sources.Deliveries.github;
import static dev.sluice.sources.Deliveries.payload;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventIds;
import dev.sluice.delivery.Parentage;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import dev.sluice.sources.ServicePaths;
import dev.sluice.sources.Summary;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubAdapterTest {
    private static final String A = "a1".repeat(20);
    private static final String B = "b2".repeat(20);
    private static final String C = "c3".repeat(20);
    private static final String BEFORE = "d4".repeat(20);

    private final GitHubAdapter adapter = new GitHubAdapter(connection -> ConnectionMapping.DEFAULT);

    @Test
    void pushRecordsItsCommitsInOrderOfThePush() {
        List<CommitRecorded> commits = commits(adapter.adapt(github("push", payload("github/push.json"))));

        assertThat(commits).extracting(CommitRecorded::sha).containsExactly(A, B, C);
        assertThat(commits)
                .extracting(CommitRecorded::parents)
                .containsExactly(List.of(BEFORE), List.of(A), List.of(B));
        assertThat(commits).extracting(CommitRecorded::parentage).containsOnly(Parentage.INFERRED);
        assertThat(commits).extracting(CommitRecorded::repository).containsOnly("acme/checkout");
        assertThat(commits)
                .extracting(CommitRecorded::authoredAt)
                .containsExactly(
                        Instant.parse("2026-03-01T09:15:00Z"),
                        Instant.parse("2026-03-01T09:40:00Z"),
                        Instant.parse("2026-03-01T11:55:30Z"));
        assertThat(commits).allSatisfy(commit -> {
            assertThat(commit.header().source()).isEqualTo("github");
            assertThat(commit.header().tenant()).isEqualTo("default");
            assertThat(commit.header().delivery()).isEqualTo(Deliveries.ID);
            assertThat(commit.header().occurredAt()).isEqualTo("2026-03-01T12:00:00Z");
            assertThat(commit.header().receivedAt()).isEqualTo(RECEIVED_AT);
        });
        assertThat(commits).extracting(commit -> commit.header().id()).doesNotHaveDuplicates();
    }

    @Test
    void pushTellsWhoseFilesItsCommitsTouch_whereTheRepositoryIsOfSeveralServices() {
        byte[] push = changed("push", body -> {
            ObjectNode first = (ObjectNode) body.at("/commits/0");
            first.putArray("added").add("services/checkout/A.java");
            first.putArray("modified").add("lib/B.java");
            first.putArray("removed");
        });
        var mono = ConnectionMapping.DEFAULT.withPaths(List.of(
                ServicePaths.of("acme/checkout", "checkout", List.of("services/checkout/**"), List.of()),
                ServicePaths.of("acme/checkout", "search", List.of("services/search/**"), List.of())));

        assertThat(commits(new GitHubAdapter(connection -> mono).adapt(github("push", push)))
                        .get(0)
                        .services())
                .containsExactly("checkout");
        assertThat(commits(adapter.adapt(github("push", push))).get(0).services())
                .as("not configured")
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"push_new_branch", "push_forced"})
    void firstCommitHasNoKnownParent_whereThePushDoesNotContinueTheBranch(String name) {
        CommitRecorded first = commits(adapter.adapt(github("push", payload("github/" + name + ".json"))))
                .get(0);

        assertThat(first.parentage()).isEqualTo(Parentage.UNKNOWN);
        assertThat(first.parents()).isEmpty();
    }

    @Test
    void firstCommitHasNoKnownParent_whereTheListMayBeCut() {
        List<CommitRecorded> complete = commits(adapter.adapt(github("push", pushOf(GitHubPush.COMMIT_LIMIT - 1))));
        List<CommitRecorded> cut = commits(adapter.adapt(github("push", pushOf(GitHubPush.COMMIT_LIMIT))));

        assertThat(complete.get(0).parentage()).isEqualTo(Parentage.INFERRED);
        assertThat(cut.get(0).parentage()).isEqualTo(Parentage.UNKNOWN);
        assertThat(cut.get(1).parents()).containsExactly(cut.get(0).sha());
        assertThat(cut).hasSize(GitHubPush.COMMIT_LIMIT);
    }

    @Test
    void commitThatIsWrongIsSkipped_andTheNextOneHasNoKnownParent() {
        byte[] body =
                changed("push", push -> ((ObjectNode) push.at("/commits/1")).put("timestamp", "1901-01-01T00:00:00Z"));

        Outcome.Events outcome = (Outcome.Events) adapter.adapt(github("push", body));

        assertThat(commits(outcome)).extracting(CommitRecorded::sha).containsExactly(A, C);
        assertThat(commits(outcome).get(1).parentage()).isEqualTo(Parentage.UNKNOWN);
        assertThat(outcome.skipped()).extracting(Outcome.Malformed::reason).containsExactly(Reason.TIME_OUT_OF_RANGE);
        assertThat(outcome.skipped()).extracting(Outcome.Malformed::pointer).containsExactly("/commits/1/timestamp");
    }

    @Test
    void everyCommitThatIsWrongIsTold_whereNoneIsRight() {
        byte[] body = changed("push", push -> {
            for (JsonNode commit : push.at("/commits")) {
                ((ObjectNode) commit).put("timestamp", "1901-01-01T00:00:00Z");
            }
        });

        Outcome.Malformed outcome = (Outcome.Malformed) adapter.adapt(github("push", body));

        assertThat(outcome.each())
                .extracting(Outcome.Malformed::pointer)
                .containsExactly("/commits/0/timestamp", "/commits/1/timestamp", "/commits/2/timestamp");
    }

    @Test
    void authorsClockAheadDoesNotRefuseThePush() {
        byte[] body =
                changed("push", push -> ((ObjectNode) push.at("/commits/0")).put("timestamp", "2031-01-01T00:00:00Z"));

        assertThat(commits(adapter.adapt(github("push", body))).get(0).authoredAt())
                .isEqualTo("2031-01-01T00:00:00Z");
    }

    @Test
    void commitNamedTwiceIsRecordedOnce() {
        byte[] body = changed("push", push -> {
            ArrayNode commits = (ArrayNode) push.get("commits");
            commits.add(commits.get(0).deepCopy());
            push.put("before", A);
        });

        List<CommitRecorded> commits = commits(adapter.adapt(github("push", body)));

        assertThat(commits).extracting(CommitRecorded::sha).containsExactly(A, B, C);
        assertThat(commits.get(0).parentage()).isEqualTo(Parentage.UNKNOWN);
    }

    @Test
    void statusSaysWhatBecameOfADeployment() {
        DeploymentObserved success = deployment("deployment_status", "deployment_status_success");

        assertThat(success.state()).isEqualTo(DeploymentState.SUCCESS);
        assertThat(success.deploymentId()).isEqualTo("github/acme/checkout#600200");
        assertThat(success.service()).isEqualTo("checkout");
        assertThat(success.environment()).isEqualTo("production");
        assertThat(success.version()).isEqualTo("2.4.1");
        assertThat(success.repository()).isEqualTo("acme/checkout");
        assertThat(success.sha()).isEqualTo(C);
        assertThat(success.queuedAt()).isEqualTo("2026-03-01T11:58:00Z");
        assertThat(success.startedAt()).isNull();
        assertThat(success.header().occurredAt()).isEqualTo("2026-03-01T12:03:20Z");
    }

    @Test
    void attemptIsOneThroughAllItsStates_andRanksDecideWithinASecond() {
        DeploymentObserved created = deployment("deployment", "deployment_created");
        DeploymentObserved started = deployment("deployment_status", "deployment_status_in_progress");
        DeploymentObserved success = deployment("deployment_status", "deployment_status_success");

        assertThat(List.of(created, started, success))
                .extracting(DeploymentObserved::deploymentId)
                .containsOnly("github/acme/checkout#600200");
        assertThat(created.state()).isEqualTo(DeploymentState.QUEUED);
        assertThat(created.header().occurredAt()).isEqualTo("2026-03-01T11:58:00Z");
        assertThat(created.service()).isEqualTo("acme/checkout");
        assertThat(started.startedAt()).isEqualTo("2026-03-01T11:59:10Z");
        assertThat(created.rank()).isLessThan(started.rank());
        assertThat(started.rank()).isLessThan(success.rank());
    }

    @Test
    void enterpriseInstanceIsASourceOfItsOwn_andPayloadMayBeAText() {
        DeploymentObserved failure = deployment("deployment_status", "deployment_status_failure_enterprise");

        assertThat(failure.header().source()).isEqualTo("github/github.acme.example");
        assertThat(failure.deploymentId()).isEqualTo("github/github.acme.example/acme/checkout#600200");
        assertThat(failure.state()).isEqualTo(DeploymentState.FAILURE);
        assertThat(failure.version()).isEqualTo("2.4.1");
        assertThat(failure.service()).isEqualTo("acme/checkout");
    }

    @ParameterizedTest
    @CsvSource({
        "pending, QUEUED",
        "queued, QUEUED",
        "waiting, QUEUED",
        "in_progress, STARTED",
        "success, SUCCESS",
        "failure, FAILURE",
        "error, FAILURE",
        "inactive, INACTIVE"
    })
    void everyStateOfGitHubHasAMeaning(String state, DeploymentState expected) {
        byte[] body = changed(
                "deployment_status_success",
                status -> ((ObjectNode) status.get("deployment_status")).put("state", state));

        assertThat(((DeploymentObserved) events(adapter.adapt(github("deployment_status", body)))
                                .get(0))
                        .state())
                .isEqualTo(expected);
    }

    @Test
    void statesOfOneSecondHaveDifferentIds_andTheSameStateAlwaysTheSame() {
        byte[] success = payload("github/deployment_status_success.json");
        byte[] error = changed(
                "deployment_status_success",
                status -> ((ObjectNode) status.get("deployment_status")).put("state", "error"));

        String id = events(adapter.adapt(github("deployment_status", success)))
                .get(0)
                .header()
                .id();

        assertThat(events(adapter.adapt(github("deployment_status", success)))
                        .get(0)
                        .header()
                        .id())
                .isEqualTo(id)
                // Stored ids are compared with derived ones: this one must never change.
                .isEqualTo("e1cb07d4-ffd3-5a09-9c14-baeabe563721");
        assertThat(events(adapter.adapt(github("deployment_status", error)))
                        .get(0)
                        .header()
                        .id())
                .isNotEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''",
                "'\"no json\"'",
                "'[1,2]'",
                "'\"{\\\"version\\\": {}}\"'",
                "'{\"version\": \" \"}'",
                "'null'",
                "'7'"
            })
    void payloadThatNamesNoVersionSaysNothing(String json) throws IOException {
        JsonNode payload = json.isEmpty()
                ? Json.mapper().getNodeFactory().textNode("")
                : Json.mapper().readTree(json);
        byte[] body = changed(
                "deployment_status_success", status -> ((ObjectNode) status.get("deployment")).set("payload", payload));

        DeploymentObserved event = (DeploymentObserved)
                events(adapter.adapt(github("deployment_status", body))).get(0);

        assertThat(event.version()).isNull();
        assertThat(event.service()).isEqualTo("acme/checkout");
    }

    @Test
    void connectionNamesServicesAndSelectsEnvironments() {
        var mapping = new ConnectionMapping(Map.of("acme/checkout", "shop-checkout"), Set.of("staging", "production"));
        var mapped =
                new GitHubAdapter(connection -> connection.equals("acme-github") ? mapping : ConnectionMapping.DEFAULT);
        byte[] preview = changed(
                "deployment_created", body -> ((ObjectNode) body.get("deployment")).put("environment", "pr-17"));

        assertThat(Summary.of(mapped.adapt(github("deployment", payload("github/deployment_created.json")))))
                .isEqualTo("QUEUED github/acme/checkout#600200 shop-checkout production 2026-03-01T11:58:00Z");
        assertThat(Summary.of(mapped.adapt(github("deployment", preview))))
                .isEqualTo("IGNORED ENVIRONMENT_NOT_SELECTED");
        assertThat(Summary.of(adapter.adapt(github("deployment", preview)))).startsWith("QUEUED ");
    }

    @ParameterizedTest
    @CsvSource({
        "ping,              ping,                     PING",
        "push,              push_branch_deleted,      REF_DELETED",
        "push,              push_tag_without_commits, NO_COMMITS",
        "workflow_run,      workflow_run_completed,   WORKFLOW_NOT_CONFIGURED",
        "release,           ping,                     UNUSED_EVENT",
        "sponsorship,       ping,                     UNKNOWN_EVENT"
    })
    void ignoresWhatConcernsNoMetric(String event, String file, Reason reason) {
        Outcome.Ignored outcome = (Outcome.Ignored) adapter.adapt(github(event, payload("github/" + file + ".json")));

        assertThat(outcome.reason()).isEqualTo(reason);
        assertThat(outcome.detail()).isNotBlank();
    }

    /** Readers know an event again by its id: what it is made of never changes. */
    @Test
    void idsAreMadeOfWhatGitHubSays() {
        assertThat(deployment("deployment", "deployment_created").header().id())
                .isEqualTo(EventIds.of(
                        "default",
                        "github",
                        "deployment",
                        "acme/checkout#600200",
                        "",
                        "created",
                        "2026-03-01T11:58:00Z"));
        assertThat(commits(adapter.adapt(github("push", payload("github/push.json"))))
                        .get(1)
                        .header()
                        .id())
                .isEqualTo(EventIds.of(
                        "default", "github", "push", "acme/checkout", "refs/heads/main", BEFORE, C, "commit", B));
    }

    @Test
    void ignoresStatesAndActionsThatItDoesNotKnow() {
        byte[] state = changed(
                "deployment_status_success",
                body -> ((ObjectNode) body.get("deployment_status")).put("state", "hibernating"));
        byte[] action = changed("deployment_created", body -> body.put("action", "archived"));

        assertThat(adapter.adapt(github("deployment_status", state)))
                .isEqualTo(new Outcome.Ignored(
                        Reason.UNKNOWN_STATE, "GitHub's deployment state hibernating is not known"));
        assertThat(adapter.adapt(github("deployment", action)))
                .isEqualTo(new Outcome.Ignored(
                        Reason.UNUSED_ACTION, "the action archived of deployment changes no metric"));
    }

    @ParameterizedTest
    @CsvSource({
        "/deployment_status,            MISSING_FIELD",
        "/deployment_status/id,         MISSING_FIELD",
        "/deployment_status/state,      MISSING_FIELD",
        "/deployment_status/created_at, MISSING_FIELD",
        "/deployment,                   MISSING_FIELD",
        "/deployment/id,                MISSING_FIELD",
        "/deployment/sha,               MISSING_FIELD",
        "/deployment/environment,       MISSING_FIELD",
        "/deployment/created_at,        MISSING_FIELD",
        "/repository,                   MISSING_FIELD",
        "/repository/full_name,         MISSING_FIELD"
    })
    void pointsToTheFieldThatIsMissing(String pointer, Reason reason) {
        byte[] body = changed("deployment_status_success", status -> {
            int slash = pointer.lastIndexOf('/');
            ((ObjectNode) status.at(pointer.substring(0, slash))).remove(pointer.substring(slash + 1));
        });

        assertThat(Summary.of(adapter.adapt(github("deployment_status", body))))
                .isEqualTo("MALFORMED " + reason + " " + pointer);
    }

    @Test
    void refusesAStatusOfTheFuture() {
        String limit = RECEIVED_AT.plusSeconds(300).toString();
        String beyond = RECEIVED_AT.plusSeconds(301).toString();

        assertThat(Summary.of(adapter.adapt(github("deployment_status", statusAt(limit)))))
                .startsWith("SUCCESS ");
        assertThat(Summary.of(adapter.adapt(github("deployment_status", statusAt(beyond)))))
                .isEqualTo("MALFORMED FUTURE_DATED /deployment_status/created_at");
    }

    @Test
    void refusesForms() {
        Outcome outcome = adapter.adapt(Deliveries.delivery(
                "github", "acme-github", "push", "application/x-www-form-urlencoded", bytes("payload=%7B%7D")));

        assertThat(Summary.of(outcome)).isEqualTo("MALFORMED UNSUPPORTED_CONTENT_TYPE null");
    }

    private static byte[] statusAt(String time) {
        return changed(
                "deployment_status_success",
                body -> ((ObjectNode) body.get("deployment_status")).put("created_at", time));
    }

    private static byte[] pushOf(int count) {
        return changed("push", push -> {
            ArrayNode commits = push.putArray("commits");
            for (int i = 0; i < count; i++) {
                commits.addObject().put("id", String.format("%040x", i + 1)).put("timestamp", "2026-03-01T10:00:00Z");
            }
        });
    }

    private static byte[] changed(String name, Consumer<ObjectNode> change) {
        return Deliveries.changed("github/" + name + ".json", change);
    }

    private DeploymentObserved deployment(String event, String file) {
        return (DeploymentObserved) events(adapter.adapt(github(event, payload("github/" + file + ".json"))))
                .get(0);
    }

    private static List<CommitRecorded> commits(Outcome outcome) {
        return events(outcome).stream().map(CommitRecorded.class::cast).toList();
    }

    private static List<DeliveryEvent> events(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Events.class);
        return ((Outcome.Events) outcome).events();
    }
}
