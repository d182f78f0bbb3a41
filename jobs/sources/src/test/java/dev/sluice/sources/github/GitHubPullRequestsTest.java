package dev.sluice.sources.github;

import static dev.sluice.sources.Deliveries.changed;
import static dev.sluice.sources.Deliveries.github;
import static dev.sluice.sources.Deliveries.payload;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.PullRequest;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestState;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Summary;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubPullRequestsTest {
    private static final String OPENED = "github/pull_request_opened_draft.json";
    private static final String READY = "github/pull_request_ready_for_review.json";
    private static final String MERGED = "github/pull_request_closed_merged.json";
    private static final String REVIEWED = "github/pull_request_review_submitted.json";

    private final GitHubAdapter adapter = new GitHubAdapter(connection -> ConnectionMapping.DEFAULT);

    private PullRequestObserved observed(String event, byte[] body) {
        Outcome.Events outcome = (Outcome.Events) adapter.adapt(github(event, body));
        assertThat(outcome.events()).hasSize(1);
        return (PullRequestObserved) outcome.events().get(0);
    }

    private Outcome review(String reviewer) {
        return adapter.adapt(github(
                "pull_request_review",
                changed(REVIEWED, body -> ((ObjectNode) body.get("review")).set("user", json(reviewer)))));
    }

    private static JsonNode json(String text) {
        return Documents.read(text).node();
    }

    @Test
    void wholeCourseIsOnePullRequest_inWhateverOrder() {
        PullRequestObserved opened = observed("pull_request", payload(OPENED));
        PullRequestObserved ready = observed("pull_request", payload(READY));
        PullRequestObserved reviewed = observed("pull_request_review", payload(REVIEWED));
        PullRequestObserved merged = observed("pull_request", payload(MERGED));

        PullRequest pull = PullRequest.of(List.of(merged, reviewed, opened, ready));

        assertThat(pull)
                .isEqualTo(new PullRequest(
                        "42",
                        false,
                        Instant.parse("2026-02-27T15:30:00Z"),
                        Instant.parse("2026-02-28T08:20:00Z"),
                        Instant.parse("2026-02-28T10:05:00Z"),
                        null,
                        "b2".repeat(20),
                        "e5".repeat(20),
                        null,
                        "Take vouchers at the checkout"));
        assertThat(List.of(opened, ready, reviewed, merged)).allSatisfy(said -> {
            assertThat(said.repository()).isEqualTo("acme/checkout");
            assertThat(said.header().source()).isEqualTo("github");
            assertThat(said.revision()).isZero();
        });
        assertThat(opened.draft()).isTrue();
        assertThat(ready.draft()).isNull();
    }

    @Test
    void testMergeOfAPullRequestThatWasNotMergedIsNoCommitOfIt() {
        PullRequestObserved closed = observed("pull_request", changed(MERGED, body -> {
            ObjectNode pull = (ObjectNode) body.get("pull_request");
            pull.put("merged", false).putNull("merged_at");
        }));

        assertThat(closed.state()).isEqualTo(PullRequestState.CLOSED);
        assertThat(closed.header().occurredAt()).isEqualTo("2026-02-28T10:05:00Z");
        assertThat(closed.mergeSha()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"converted_to_draft", "reopened", "synchronize", "edited", "labeled", "enqueued"})
    void otherActionsChangeNothing(String action) {
        byte[] body = changed(OPENED, pull -> pull.put("action", action));

        assertThat(Summary.of(adapter.adapt(github("pull_request", body)))).isEqualTo("IGNORED UNUSED_ACTION");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"login\": \"dependabot[bot]\", \"id\": 49699333, \"type\": \"Bot\"} | is a bot",
                "{\"login\": \"reviewer[bot]\", \"id\": 5, \"type\": \"User\"}         | is a bot",
                "{\"login\": \"robinroe\", \"id\": 77, \"type\": \"User\"}             | is the author",
                "null                                                                  | is not there any more"
            })
    void reviewsByBotsAndTheAuthorAreNotCounted(String reviewer, String why) {
        assertThat(review(reviewer)).isInstanceOfSatisfying(Outcome.Ignored.class, ignored -> {
            assertThat(ignored.reason()).isEqualTo(Reason.REVIEW_NOT_COUNTED);
            assertThat(ignored.detail()).contains(why);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"approved", "changes_requested", "commented"})
    void everyKindOfReviewIsOne(String state) {
        byte[] body = changed(REVIEWED, review -> ((ObjectNode) review.get("review")).put("state", state));

        assertThat(Summary.of(adapter.adapt(github("pull_request_review", body))))
                .isEqualTo("pull request REVIEWED acme/checkout#42 2026-02-28T08:20:00Z");
    }

    @Test
    void reviewThatIsEditedOrDismissedIsNoneAnew() {
        for (String action : List.of("edited", "dismissed")) {
            byte[] body = changed(REVIEWED, review -> review.put("action", action));

            assertThat(Summary.of(adapter.adapt(github("pull_request_review", body))))
                    .isEqualTo("IGNORED UNUSED_ACTION");
        }
    }

    @Test
    void twoReviewsOfOneSecondAreTwoEvents() {
        byte[] other = changed(REVIEWED, review -> ((ObjectNode) review.get("review")).put("id", 7700002));

        assertThat(observed("pull_request_review", payload(REVIEWED)).header().id())
                .isEqualTo(observed("pull_request_review", payload(REVIEWED))
                        .header()
                        .id())
                .isNotEqualTo(observed("pull_request_review", other).header().id());
    }

    @ParameterizedTest
    @CsvSource({
        "/pull_request,            MISSING_FIELD",
        "/pull_request/number,     MISSING_FIELD",
        "/pull_request/created_at, MISSING_FIELD",
        "/repository,              MISSING_FIELD",
        "/repository/full_name,    MISSING_FIELD",
        "/action,                  MISSING_FIELD"
    })
    void pointsToWhatIsMissing(String pointer, Reason reason) {
        int last = pointer.lastIndexOf('/');
        byte[] body = changed(
                OPENED, pull -> ((ObjectNode) pull.at(pointer.substring(0, last))).remove(pointer.substring(last + 1)));

        assertThat(adapter.adapt(github("pull_request", body)))
                .isInstanceOfSatisfying(Outcome.Malformed.class, malformed -> {
                    assertThat(malformed.reason()).isEqualTo(reason);
                    assertThat(malformed.pointer()).isEqualTo(pointer);
                });
    }
}
