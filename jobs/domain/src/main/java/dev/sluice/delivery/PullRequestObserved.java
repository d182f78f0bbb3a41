package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a source said at one moment about one pull request. A pull request is the set of its observations, in whatever
 * order they arrive.
 *
 * @param header who said it; {@code occurredAt} is when the pull request came into {@code state}
 * @param repository the repository that it goes into
 * @param pullRequestId its number or name in that repository
 * @param state what it came into
 * @param revision 0 for what the source said at first; a correction of the same pull request has a higher one and wins
 * @param draft whether it was a draft when it was opened, if the observation says so
 * @param commits its own commits before any squash or rebase; null where the observation does not list them
 * @param firstCommitAt author time of its first commit, where the source gives no list
 * @param headSha the commit at the head of its branch
 * @param mergeSha the commit on the target branch that it became: a merge, a squash, or the last of a rebase
 * @param cherryPickOf the pull request of the same repository that it repeats on another line
 * @param title what people call it
 */
public record PullRequestObserved(
        EventHeader header,
        String repository,
        String pullRequestId,
        PullRequestState state,
        long revision,
        @Nullable Boolean draft,
        @Nullable List<Commit> commits,
        @Nullable Instant firstCommitAt,
        @Nullable String headSha,
        @Nullable String mergeSha,
        @Nullable String cherryPickOf,
        @Nullable String title)
        implements DeliveryEvent {
    public PullRequestObserved {
        requireNonNull(header, "header");
        Texts.requireText(repository, "repository");
        Texts.requireText(pullRequestId, "pullRequestId");
        requireNonNull(state, "state");
        if (revision < 0) {
            throw new IllegalArgumentException("revision must not be negative: " + revision);
        }
        commits = commits == null ? null : List.copyOf(commits);
    }

    /**
     * A commit of a pull request's own branch.
     *
     * @param sha the commit's id
     * @param authoredAt author time
     */
    public record Commit(String sha, Instant authoredAt) {
        public Commit {
            Texts.requireText(sha, "sha");
            requireNonNull(authoredAt, "authoredAt");
        }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.pullRequestObserved(this);
    }
}
