package dev.sluice.sources.github;

import dev.sluice.sources.Delivery;
import dev.sluice.sources.EventTimes;
import dev.sluice.sources.ForgeEvents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import java.time.Instant;

/** The event {@code push}: the commits that a branch or tag gained, oldest first. It names no parents. */
final class GitHubPush {
    /** GitHub names at most so many commits; then the first one's parent is not what the branch was before. */
    static final int COMMIT_LIMIT = 2048;

    private static final String BRANCHES = "refs/heads/";

    private GitHubPush() {}

    static Outcome read(Delivery delivery, Place body) {
        String ref = body.at("ref").text();
        if (body.at("deleted").isTrue()) {
            return new Outcome.Ignored(Reason.REF_DELETED, ref + " was deleted: no commit came");
        }
        Place commits = body.at("commits");
        if (!commits.isAbsent() && !commits.node().isArray()) {
            throw commits.wrong("must be a list");
        }
        if (commits.node().isEmpty()) {
            return new Outcome.Ignored(
                    Reason.NO_COMMITS,
                    (ref.startsWith(BRANCHES) ? "the push to " : "the push of ") + ref + " brought no commit");
        }
        Place repository = body.at("repository").object();
        String source = GitHubInstance.of(repository);
        String name = repository.at("full_name").text();
        String after = body.at("after").text();
        String before = body.at("before").text();
        boolean continues = !ForgeEvents.isNoCommit(before)
                && !body.at("forced").isTrue()
                && commits.node().size() < COMMIT_LIMIT;
        Instant pushedAt = pushedAt(repository.at("pushed_at"), delivery.receivedAt());
        return new ForgeEvents(delivery, source, name)
                .commits(new ForgeEvents.Push(ref, before, after, continues ? before : null, pushedAt), commits);
    }

    /** In a push seconds since 1970, elsewhere at GitHub a text; the receipt follows the push within seconds. */
    private static Instant pushedAt(Place place, Instant receivedAt) {
        if (place.isAbsent()) {
            return receivedAt;
        }
        Instant time =
                place.node().isTextual() ? place.time() : EventTimes.ofEpochSecond(place.number(), place.pointer());
        return EventTimes.occurred(time, receivedAt, place.pointer());
    }
}
