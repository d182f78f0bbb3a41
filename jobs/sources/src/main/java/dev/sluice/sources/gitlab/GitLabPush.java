package dev.sluice.sources.gitlab;

import dev.sluice.sources.Delivery;
import dev.sluice.sources.ForgeEvents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;

/**
 * A push to a branch: its latest commits, at most 20, oldest first, with the times of their committers. It does not say
 * when it happened, nor whether it was forced.
 */
final class GitLabPush {
    private GitLabPush() {}

    static Outcome read(Delivery delivery, Place body) {
        String ref = body.at("ref").text();
        String before = body.at("before").text();
        String after = body.at("after").text();
        if (ForgeEvents.isNoCommit(after)) {
            return new Outcome.Ignored(Reason.REF_DELETED, ref + " was deleted: no commit came");
        }
        Place commits = body.at("commits");
        if (!commits.isAbsent() && !commits.node().isArray()) {
            throw commits.wrong("must be a list");
        }
        if (commits.node().isEmpty()) {
            return new Outcome.Ignored(Reason.NO_COMMITS, "the push to " + ref + " brought no commit");
        }
        Place total = body.at("total_commits_count");
        boolean complete = total.isAbsent() || total.number() <= commits.node().size();
        String parent = complete && !ForgeEvents.isNoCommit(before) ? before : null;
        return GitLabProject.of(body)
                .events(delivery)
                .commits(new ForgeEvents.Push(ref, before, after, parent, delivery.receivedAt()), commits);
    }
}
