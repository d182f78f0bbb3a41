package dev.sluice.sources.gitlab;

import dev.sluice.delivery.PullRequestState;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.ForgeEvents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A merge request. Its commits are not listed, but its head is, by which one that was fast-forwarded is found, since that
 * has no merge commit.
 */
final class GitLabMergeRequests {
    /** The users that GitLab makes for access tokens of projects and groups, and for service accounts. */
    private static final Pattern BOT = Pattern.compile("(?:project|group)_\\d+_bot(?:_.*)?|service_account_.+");

    private final Delivery delivery;

    GitLabMergeRequests(Delivery delivery) {
        this.delivery = delivery;
    }

    Outcome read(Place body) {
        Place attributes = body.at("object_attributes").object();
        Place action = attributes.at("action");
        if (action.isAbsent()) {
            return Outcome.Ignored.action("none", "merge_request");
        }
        Place updated = attributes.at("updated_at");
        return switch (action.text()) {
            case "open" -> {
                Place created = attributes.at("created_at");
                yield observed(body, PullRequestState.OPENED, isDraft(attributes), past(created));
            }
            case "update" ->
                becameReady(body.at("changes"))
                        ? observed(body, PullRequestState.READY, null, past(updated))
                        : Outcome.Ignored.action("update", "merge_request");
            case "merge" -> observed(body, PullRequestState.MERGED, null, past(updated));
            case "close" -> observed(body, PullRequestState.CLOSED, null, past(updated));
            case "approved", "approval" -> approved(body, attributes);
            default -> Outcome.Ignored.action(action.text(), "merge_request");
        };
    }

    /**
     * Only an approval says by whom, and no hook says when: it is sent at once. It comes late if it is sent again, so what
     * it says beside is not the latest word.
     */
    private Outcome approved(Place body, Place attributes) {
        Place user = body.at("user").object();
        String name = user.at("username").text();
        if (BOT.matcher(name).matches()) {
            return notCounted("the reviewer " + name + " is a bot");
        }
        if (user.at("id").number() == attributes.at("author_id").number()) {
            return notCounted("the reviewer is the author of the merge request");
        }
        return GitLabProject.of(body)
                .events(delivery)
                .pullRequest(
                        new ForgeEvents.PullRequest(attributes.at("iid").number(), null, null, null, null),
                        PullRequestState.REVIEWED,
                        Long.toString(user.at("id").number()),
                        delivery.receivedAt());
    }

    private static Outcome notCounted(String why) {
        return new Outcome.Ignored(Reason.REVIEW_NOT_COUNTED, why);
    }

    /** Older GitLab calls a draft work in progress. */
    private static @Nullable Boolean isDraft(Place attributes) {
        Place draft = attributes.at("draft");
        return (draft.isAbsent() ? attributes.at("work_in_progress") : draft).optionalFlag();
    }

    private static boolean becameReady(Place changes) {
        Place draft = changes.at("draft");
        Place change = draft.isAbsent() ? changes.at("work_in_progress") : draft;
        return change.at("previous").isTrue() && !change.at("current").isTrue();
    }

    private Instant past(Place time) {
        return delivery.past(GitLabTimes.time(time), time);
    }

    private Outcome observed(Place body, PullRequestState state, @Nullable Boolean draft, Instant at) {
        Place attributes = body.at("object_attributes");
        boolean merged = state == PullRequestState.MERGED;
        return GitLabProject.of(body)
                .events(delivery)
                .pullRequest(
                        new ForgeEvents.PullRequest(
                                attributes.at("iid").number(),
                                draft,
                                attributes.at("last_commit").at("id").optionalText(),
                                merged ? attributes.at("merge_commit_sha").optionalText() : null,
                                attributes.at("title").beginning()),
                        state,
                        "",
                        at);
    }
}
