package dev.sluice.sources.gitlab;

import static dev.sluice.sources.Deliveries.RECEIVED_AT;
import static dev.sluice.sources.Deliveries.bytes;
import static dev.sluice.sources.Deliveries.changed;
import static dev.sluice.sources.Deliveries.gitlab;
import static dev.sluice.sources.Deliveries.payload;
import static dev.sluice.sources.Deliveries.received;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.Incident;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.PullRequest;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Summary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushes, merge requests and incidents; deployments and jobs have a test of their own. */
class GitLabAdapterTest {
    private static final String A = "a1".repeat(20);
    private static final String B = "b2".repeat(20);
    private static final String C = "c3".repeat(20);
    private static final String BEFORE = "d4".repeat(20);

    private static final ConnectionMapping MAPPING =
            new ConnectionMapping(Map.of("acme/shop/checkout", "checkout"), Set.of()).withDefaults(null, "production");

    private final GitLabAdapter adapter = new GitLabAdapter(connection -> MAPPING);

    private static byte[] file(String name) {
        return payload("gitlab/" + name + ".json");
    }

    private static byte[] attributes(String name, Consumer<ObjectNode> change) {
        return changed("gitlab/" + name + ".json", body -> change.accept((ObjectNode) body.get("object_attributes")));
    }

    private String summary(byte[] body) {
        return Summary.of(adapter.adapt(gitlab(body)));
    }

    private <E extends DeliveryEvent> List<E> events(Class<E> type, byte[]... bodies) {
        return Stream.of(bodies)
                .map(body -> (Outcome.Events) adapter.adapt(gitlab(body)))
                .flatMap(outcome -> outcome.events().stream())
                .map(type::cast)
                .toList();
    }

    private static <E> List<E> reversed(List<E> events) {
        var reversed = new ArrayList<>(events);
        Collections.reverse(reversed);
        return reversed;
    }

    @Test
    void pushRecordsItsCommitsInOrder() {
        List<CommitRecorded> commits = events(CommitRecorded.class, file("push"));

        assertThat(commits).extracting(CommitRecorded::sha).containsExactly(A, B, C);
        assertThat(commits)
                .extracting(CommitRecorded::parents)
                .containsExactly(List.of(BEFORE), List.of(A), List.of(B));
        assertThat(commits.get(0).authoredAt()).isEqualTo("2026-03-01T09:15:00Z");
        assertThat(commits).allSatisfy(commit -> {
            assertThat(commit.repository()).isEqualTo("acme/shop/checkout");
            assertThat(commit.header().source()).isEqualTo("gitlab");
            assertThat(commit.header().occurredAt()).isEqualTo(RECEIVED_AT);
        });
    }

    @Test
    void firstCommitHasNoKnownParent_whereTheListIsCutOrTheBranchIsNew() {
        byte[] cut = changed("gitlab/push.json", push -> push.put("total_commits_count", 4));
        byte[] created = changed("gitlab/push.json", push -> push.put("before", "0".repeat(40)));

        assertThat(events(CommitRecorded.class, cut).get(0).parents()).isEmpty();
        assertThat(events(CommitRecorded.class, created).get(0).parents()).isEmpty();
        assertThat(events(CommitRecorded.class, cut).get(1).parents()).containsExactly(A);
    }

    @Test
    void courseOfAMergeRequestIsOne_inWhateverOrder() {
        List<PullRequestObserved> course = events(
                PullRequestObserved.class,
                file("merge_request_open_draft"),
                file("merge_request_update_ready"),
                file("merge_request_approved"),
                file("merge_request_merge"));

        assertThat(course).hasSize(4);
        assertThat(PullRequest.of(course)).isEqualTo(PullRequest.of(reversed(course)));
        PullRequest pull = PullRequest.of(course);
        assertThat(pull.id()).isEqualTo("42");
        assertThat(pull.readyAt()).isEqualTo("2026-02-27T15:30:00Z");
        assertThat(pull.mergedAt()).isEqualTo("2026-02-28T10:05:00Z");
        assertThat(pull.mergeSha()).isEqualTo("e5".repeat(20));
        assertThat(pull.headSha()).isEqualTo(B);
        assertThat(pull.title()).isEqualTo("Take vouchers at the checkout");
        assertThat(course).extracting(PullRequestObserved::repository).containsOnly("acme/shop/checkout");
    }

    @Test
    void approvalWasWhenItCame_forNoHookSaysWhen() {
        assertThat(summary(file("merge_request_approved")))
                .isEqualTo("pull request REVIEWED acme/shop/checkout#42 " + RECEIVED_AT);
        assertThat(summary(attributes("merge_request_approved", mr -> mr.put("action", "approval"))))
                .isEqualTo("pull request REVIEWED acme/shop/checkout#42 " + RECEIVED_AT);
    }

    @Test
    void approvalBeforeTheMergeIsTheReview() {
        Instant at = Instant.parse("2026-02-28T09:30:00Z");
        Outcome.Events approved = (Outcome.Events) adapter.adapt(received(gitlab(file("merge_request_approved")), at));
        List<PullRequestObserved> course = new ArrayList<>(
                events(PullRequestObserved.class, file("merge_request_open_draft"), file("merge_request_merge")));
        course.add((PullRequestObserved) approved.events().get(0));

        assertThat(PullRequest.of(course).firstReviewAt()).isEqualTo(at);
    }

    @ParameterizedTest
    @CsvSource({
        "77, robinroe,                          is the author",
        "90, project_310_bot_4ffca233d8298ea1,  is a bot",
        "91, group_12_bot,                      is a bot",
        "92, service_account_group_345_6018816, is a bot"
    })
    void approvalsByBotsAndTheAuthorAreNotCounted(long id, String name, String why) {
        byte[] body = changed(
                "gitlab/merge_request_approved.json",
                mr -> ((ObjectNode) mr.get("user")).put("id", id).put("username", name));

        assertThat(adapter.adapt(gitlab(body))).isInstanceOfSatisfying(Outcome.Ignored.class, ignored -> {
            assertThat(ignored.reason()).isEqualTo(Reason.REVIEW_NOT_COUNTED);
            assertThat(ignored.detail()).contains(why);
        });
    }

    @Test
    void fastForwardedMergeRequestIsFoundByItsHead() {
        PullRequestObserved merged = events(
                        PullRequestObserved.class,
                        attributes("merge_request_merge", mr -> mr.putNull("merge_commit_sha")))
                .get(0);

        assertThat(merged.mergeSha()).isNull();
        assertThat(PullRequest.of(List.of(merged)).shas()).containsExactly(B);
    }

    @Test
    void draftOfOldInstallationsIsWorkInProgress() {
        byte[] body = changed("gitlab/merge_request_update_ready.json", mr -> {
            ObjectNode changes = (ObjectNode) mr.get("changes");
            changes.set("work_in_progress", changes.remove("draft"));
        });

        assertThat(summary(body)).startsWith("pull request READY ");
        assertThat(events(PullRequestObserved.class, attributes("merge_request_open_draft", mr -> mr.remove("draft")))
                        .get(0)
                        .draft())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"update", "reopen", "unapproved", "unapproval"})
    void otherActionsOfAMergeRequestChangeNothing(String action) {
        assertThat(summary(attributes("merge_request_open_draft", mr -> mr.put("action", action))))
                .isEqualTo("IGNORED UNUSED_ACTION");
    }

    @Test
    void draftThatItIsMadeAgainChangesNothing() {
        byte[] body = changed(
                "gitlab/merge_request_update_ready.json",
                mr -> ((ObjectNode) mr.at("/changes/draft"))
                        .put("previous", false)
                        .put("current", true));

        assertThat(summary(body)).isEqualTo("IGNORED UNUSED_ACTION");
    }

    @Test
    void closedMergeRequestWasNotMerged() {
        assertThat(summary(attributes("merge_request_merge", mr -> mr.put("action", "close"))))
                .isEqualTo("pull request CLOSED acme/shop/checkout#42 2026-02-28T10:05:00Z");
    }

    @Test
    void incidentIsOverWhenItsStatusIsResolved_notLaterWhenItIsClosed() {
        List<IncidentObserved> course = events(
                IncidentObserved.class, file("incident_open"), file("incident_resolved"), file("incident_close"));

        Incident incident = Incident.of(course);

        assertThat(incident).isEqualTo(Incident.of(reversed(course)));
        assertThat(incident.id()).isEqualTo("gitlab/acme/shop/checkout#issue-23");
        assertThat(incident.service()).isEqualTo("checkout");
        assertThat(incident.environment()).isEqualTo("production");
        assertThat(incident.severity()).isEqualTo("critical");
        assertThat(incident.startedAt()).isEqualTo("2026-03-01T12:20:00Z");
        assertThat(incident.resolvedAt()).isEqualTo("2026-03-01T13:00:00Z");
    }

    @Test
    void closingEndsAnIncidentThatNobodyResolved() {
        assertThat(Incident.of(events(IncidentObserved.class, file("incident_close")))
                        .resolvedAt())
                .isEqualTo("2026-03-02T08:00:00Z");
        assertThat(summary(attributes("incident_close", incident -> incident.remove("closed_at"))))
                .endsWith(" 2026-03-02T08:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "triggered,    incident REOPENED",
        "acknowledged, incident ACKNOWLEDGED",
        "ignored,      incident ACKNOWLEDGED",
        "snoozed,      IGNORED UNKNOWN_STATE"
    })
    void statusOfAnIncidentIsItsState(String status, String outcome) {
        byte[] body = changed(
                "gitlab/incident_resolved.json",
                incident -> ((ObjectNode) incident.at("/changes/escalation_status")).put("current", status));

        assertThat(summary(body)).startsWith(outcome);
    }

    @Test
    void reopenedIncidentGoesOn() {
        byte[] reopened = attributes(
                "incident_close",
                incident -> incident.put("action", "reopen").put("updated_at", "2026-03-02 08:10:00 UTC"));

        assertThat(Incident.of(events(IncidentObserved.class, file("incident_open"), file("incident_close"), reopened))
                        .resolvedAt())
                .isNull();
    }

    @Test
    void changeOfAnythingElseOfAnIncidentChangesNothing() {
        byte[] body = changed(
                "gitlab/incident_resolved.json",
                incident -> incident.putObject("changes").putObject("title"));

        assertThat(summary(body)).isEqualTo("IGNORED UNUSED_ACTION");
        assertThat(summary(attributes("incident_open", incident -> incident.put("action", "promote"))))
                .isEqualTo("IGNORED UNUSED_ACTION");
    }

    @Test
    void issueIsAnIncidentWhileItHasTheLabel() {
        List<IncidentObserved> labelled = events(IncidentObserved.class, file("issue_labeled"));
        List<IncidentObserved> both = events(IncidentObserved.class, file("issue_labeled"), file("issue_unlabeled"));

        assertThat(labelled.get(0).severity()).isNull();
        assertThat(Incident.of(labelled).happened()).isTrue();
        assertThat(Incident.of(labelled).startedAt()).isEqualTo(Instant.parse("2026-03-01T12:20:00Z"));
        assertThat(Incident.of(both).absent()).isTrue();
        assertThat(Incident.of(reversed(both)).absent()).isTrue();
    }

    @Test
    void issueThatIsLabelledAfterItsClosingIsOverSinceThen() {
        byte[] late = attributes(
                "issue_labeled", issue -> issue.put("state", "closed").put("closed_at", "2026-03-01 12:25:00 UTC"));

        assertThat(summary(late)).startsWith("incident RESOLVED ").endsWith(" 2026-03-01T12:25:00Z");
    }

    @Test
    void issueWithoutTypeOrLabelConcernsNoMetric() {
        assertThat(summary(attributes("incident_open", issue -> issue.put("type", "Task"))))
                .isEqualTo("IGNORED NOT_AN_INCIDENT");
        assertThat(summary(changed("gitlab/incident_open.json", incident -> {
                    incident.put("object_kind", "incident");
                    ((ObjectNode) incident.get("object_attributes")).remove("type");
                })))
                .startsWith("incident DETECTED ");
    }

    @ParameterizedTest
    @CsvSource({
        "push_branch_deleted, REF_DELETED",
        "pipeline_success,    UNUSED_EVENT",
        "build_success,       WORKFLOW_NOT_CONFIGURED"
    })
    void ignoresWhatConcernsNoMetric(String name, Reason reason) {
        assertThat(summary(file(name))).isEqualTo("IGNORED " + reason);
    }

    @Test
    void ignoresPushesWithoutCommitsAndEventsThatItDoesNotKnow() {
        assertThat(summary(changed("gitlab/push.json", push -> push.putArray("commits"))))
                .isEqualTo("IGNORED NO_COMMITS");
        assertThat(summary(bytes("{\"object_kind\": \"sponsorship\"}"))).isEqualTo("IGNORED UNKNOWN_EVENT");
        assertThat(summary(bytes("{\"object_kind\": \"note\"}"))).isEqualTo("IGNORED UNUSED_EVENT");
    }

    @Test
    void pointsToWhatIsWrong() {
        assertThat(summary(bytes("[]"))).isEqualTo("MALFORMED WRONG_VALUE ");
        assertThat(summary(bytes("{}"))).isEqualTo("MALFORMED MISSING_FIELD /object_kind");
        assertThat(summary(changed("gitlab/push.json", push -> push.put("commits", "none"))))
                .isEqualTo("MALFORMED WRONG_VALUE /commits");
        assertThat(summary(changed("gitlab/push.json", push -> push.remove("project"))))
                .isEqualTo("MALFORMED MISSING_FIELD /repository");
        assertThat(summary(attributes("merge_request_merge", mr -> mr.put("updated_at", "2026-03-02 09:00:00 UTC"))))
                .isEqualTo("MALFORMED FUTURE_DATED /object_attributes/updated_at");
    }

    @Test
    void anInstallationOfOnesOwnIsASourceOfItsOwn() {
        byte[] body = changed(
                "gitlab/incident_open.json",
                incident -> ((ObjectNode) incident.get("project"))
                        .put("web_url", "https://git.acme.example:8443/acme/shop/checkout"));

        assertThat(summary(body)).contains(" gitlab/git.acme.example:8443/acme/shop/checkout#issue-23 ");
    }
}
