package dev.sluice.sources.github;

import dev.sluice.delivery.PullRequestState;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.ForgeEvents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The events {@code pull_request} and {@code pull_request_review}. Neither lists the commits of a pull request: its head
 * and the commit that it was merged as are known, so its first commit is found where pushes told of its branch.
 */
final class GitHubPullRequests {
    private final Delivery delivery;

    GitHubPullRequests(Delivery delivery) {
        this.delivery = delivery;
    }

    /**
     * A pull request was opened, became ready, or ended. Whatever else happens to it changes none of this: what was pushed
     * to it and how it is called is told again by its end, and a draft that it is made again leaves it ready once.
     */
    Outcome read(Place body) {
        Place pull = body.at("pull_request").object();
        String action = body.at("action").text();
        return switch (action) {
            case "opened" ->
                observed(
                        body,
                        PullRequestState.OPENED,
                        "",
                        pull.at("created_at"),
                        pull.at("draft").optionalFlag());
            case "ready_for_review" -> observed(body, PullRequestState.READY, "", pull.at("updated_at"), null);
            case "closed" ->
                pull.at("merged").isTrue()
                        ? observed(body, PullRequestState.MERGED, "", pull.at("merged_at"), null)
                        : observed(body, PullRequestState.CLOSED, "", pull.at("closed_at"), null);
            default -> Outcome.Ignored.action(action, "pull_request");
        };
    }

    /** Somebody reviewed it: only another human than its author shows that it was looked at. */
    Outcome review(Place body) {
        String action = body.at("action").text();
        if (!action.equals("submitted")) {
            return Outcome.Ignored.action(action, "pull_request_review");
        }
        Place review = body.at("review").object();
        Place reviewer = review.at("user");
        Place author = body.at("pull_request").object().at("user");
        if (reviewer.isAbsent()) {
            return notCounted("the reviewer is not there any more");
        }
        if (isBot(reviewer)) {
            return notCounted("the reviewer " + reviewer.at("login").text() + " is a bot");
        }
        if (!author.isAbsent() && reviewer.at("id").number() == author.at("id").number()) {
            return notCounted("the reviewer is the author of the pull request");
        }
        String id = Long.toString(review.at("id").number());
        return observed(body, PullRequestState.REVIEWED, id, review.at("submitted_at"), null);
    }

    private static Outcome notCounted(String why) {
        return new Outcome.Ignored(Reason.REVIEW_NOT_COUNTED, why);
    }

    private static boolean isBot(Place user) {
        return "Bot".equals(user.at("type").optionalText())
                || user.at("login").text().endsWith("[bot]");
    }

    private Outcome observed(Place body, PullRequestState state, String reviewId, Place time, @Nullable Boolean draft) {
        Place repository = body.at("repository").object();
        Place pull = body.at("pull_request");
        boolean merged = state == PullRequestState.MERGED;
        return new ForgeEvents(
                        delivery,
                        GitHubInstance.of(repository),
                        repository.at("full_name").text())
                .pullRequest(
                        new ForgeEvents.PullRequest(
                                pull.at("number").number(),
                                draft,
                                pull.at("head").at("sha").optionalText(),
                                merged ? pull.at("merge_commit_sha").optionalText() : null,
                                pull.at("title").beginning()),
                        state,
                        reviewId,
                        delivery.past(time.time(), time));
    }
}
