package dev.sluice.sources.github;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.delivery.Parentage;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.EventTimes;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The event {@code push}: the commits that a branch or tag gained, oldest first. It names no parents; their order gives
 * them, which is right on a linear history and a guess across merges.
 */
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
        return read(new Push(delivery, body, ref), commits);
    }

    private static Outcome read(Push push, Place commits) {
        var events = new ArrayList<DeliveryEvent>();
        var skipped = new ArrayList<Outcome.Malformed>();
        Set<String> seen = new HashSet<>();
        String parent = commits.node().size() < COMMIT_LIMIT ? push.before() : null;
        for (int i = 0; i < commits.node().size(); i++) {
            Place commit = commits.at(i);
            try {
                String sha = commit.object().at("id").text();
                if (seen.add(sha)) {
                    events.add(push.commit(commit, sha, sha.equals(parent) ? null : parent));
                    parent = sha;
                }
            } catch (Rejection e) {
                skipped.add(e.outcome());
                parent = null;
            }
        }
        return events.isEmpty() ? skipped.get(0) : new Outcome.Events(events, skipped);
    }

    /** What all commits of a push have in common. */
    private static final class Push {
        private final Delivery delivery;
        private final String ref;
        private final String source;
        private final String repository;
        private final String after;
        private final String beforeId;
        private final @Nullable String before;
        private final Instant pushedAt;

        Push(Delivery delivery, Place body, String ref) {
            this.delivery = delivery;
            this.ref = ref;
            Place place = body.at("repository").object();
            source = GitHubInstance.of(place);
            repository = place.at("full_name").text();
            after = body.at("after").text();
            beforeId = body.at("before").text();
            boolean continues = !isZero(beforeId) && !body.at("forced").isTrue();
            before = continues ? beforeId : null;
            pushedAt = pushedAt(place.at("pushed_at"), delivery.receivedAt());
        }

        /** Returns the commit that the first one of the push follows, null if the push does not say it. */
        @Nullable
        String before() {
            return before;
        }

        CommitRecorded commit(Place commit, String sha, @Nullable String parent) {
            Instant authoredAt = commit.at("timestamp").time();
            String id = EventIds.of(delivery.tenant(), source, "push", repository, ref, beforeId, after, "commit", sha);
            return new CommitRecorded(
                    new EventHeader(id, delivery.tenant(), source, delivery.id(), pushedAt, delivery.receivedAt()),
                    repository,
                    sha,
                    parent == null ? List.of() : List.of(parent),
                    parent == null ? Parentage.UNKNOWN : Parentage.INFERRED,
                    authoredAt,
                    null,
                    List.of(),
                    null);
        }

        private static boolean isZero(String sha) {
            return sha.chars().allMatch(digit -> digit == '0');
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
}
