package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pull request as the set of its observations tells it; the order in which they came plays no part.
 *
 * <p>The highest revision that says something wins, for each thing by itself: when it was opened, was ready and was
 * reviewed, how it ended, and each value beside the state. Among observations of one revision the latest tells a value,
 * and the earliest tells when a state began, so that a repetition does not move it.
 *
 * @param id its number or name in its repository
 * @param absent whether there is no such pull request: nothing but amendments is known of it, or one of its states of the
 *     highest revision is DELETED
 * @param readyAt when it was ready for review: its READY; else its opening, unless as a draft; else, of a draft that nobody
 *     called ready and where no opening is known, its merge; null where there is none of these
 * @param firstReviewAt when another human reviewed it first; null where nobody had by its merge: a later review changed
 *     nothing of what was merged
 * @param mergedAt when it was merged; null where it was not
 * @param firstCommitAt author time of its first commit: the least of those that are listed, else as stated; null where
 *     neither is told
 * @param headSha the commit at the head of its branch
 * @param mergeSha the commit on the target branch that it became
 * @param cherryPickOf the pull request of the same repository that it repeats on another line
 * @param title what people call it
 */
public record PullRequest(
        String id,
        boolean absent,
        @Nullable Instant readyAt,
        @Nullable Instant firstReviewAt,
        @Nullable Instant mergedAt,
        @Nullable Instant firstCommitAt,
        @Nullable String headSha,
        @Nullable String mergeSha,
        @Nullable String cherryPickOf,
        @Nullable String title) {
    private static final Comparator<PullRequestObserved> BY_AUTHORITY = Comparator.comparingLong(
                    PullRequestObserved::revision)
            .thenComparing(observation -> observation.header().occurredAt())
            .thenComparing(observation -> observation.header().id());

    public PullRequest {
        requireNonNull(id, "id");
    }

    /**
     * Returns what the observations of one pull request amount to.
     *
     * @param observations at least one, all of the same repository and pull request id, no two with the same event id
     */
    public static PullRequest of(Collection<PullRequestObserved> observations) {
        if (observations.isEmpty()) {
            throw new IllegalArgumentException("a pull request needs an observation");
        }
        List<PullRequestObserved> byAuthority =
                observations.stream().sorted(BY_AUTHORITY.reversed()).toList();
        Instant mergedAt = mergedAt(byAuthority);
        Instant reviewedAt = earliest(highest(byAuthority, said -> said.state() == PullRequestState.REVIEWED));
        boolean reviewed = reviewedAt != null && (mergedAt == null || !reviewedAt.isAfter(mergedAt));
        return new PullRequest(
                byAuthority.get(0).pullRequestId(),
                isAbsent(byAuthority),
                or(readyAt(byAuthority), mergedAt),
                reviewed ? reviewedAt : null,
                mergedAt,
                firstCommitAt(byAuthority),
                best(byAuthority, PullRequestObserved::headSha),
                best(byAuthority, PullRequestObserved::mergeSha),
                best(byAuthority, PullRequestObserved::cherryPickOf),
                best(byAuthority, PullRequestObserved::title));
    }

    /** Returns whether there is such a pull request and it was merged. */
    public boolean isMerged() {
        return !absent && mergedAt != null;
    }

    /** Returns the commits that bring it where they are deployed, each once; none while it is not merged. */
    public List<String> shas() {
        var shas = new ArrayList<String>();
        if (isMerged() && mergeSha != null) {
            shas.add(mergeSha);
        }
        if (isMerged() && headSha != null && !headSha.equals(mergeSha)) {
            shas.add(headSha);
        }
        return shas;
    }

    private static boolean isAbsent(List<PullRequestObserved> byAuthority) {
        List<PullRequestObserved> states =
                highest(byAuthority, said -> said.state().showsPullRequest());
        return states.isEmpty() || states.stream().anyMatch(said -> said.state() == PullRequestState.DELETED);
    }

    /** A correction that says no more than that it was closed takes its merge back. */
    private static @Nullable Instant mergedAt(List<PullRequestObserved> byAuthority) {
        List<PullRequestObserved> ends = highest(
                byAuthority,
                said -> said.state() == PullRequestState.MERGED || said.state() == PullRequestState.CLOSED);
        return earliest(ends.stream()
                .filter(end -> end.state() == PullRequestState.MERGED)
                .toList());
    }

    private static @Nullable Instant readyAt(List<PullRequestObserved> byAuthority) {
        List<PullRequestObserved> openings = highest(byAuthority, said -> said.state() == PullRequestState.OPENED);
        return or(
                earliest(highest(byAuthority, said -> said.state() == PullRequestState.READY)),
                earliest(openings.stream()
                        .filter(opening -> !isDraft(opening, byAuthority))
                        .toList()));
    }

    /**
     * Returns whether it was opened as a draft, as its opening or an amendment says. What others say beside their own
     * state is left out: a source may mean whether it is a draft by then.
     */
    private static boolean isDraft(PullRequestObserved opening, List<PullRequestObserved> byAuthority) {
        List<PullRequestObserved> told = byAuthority.stream()
                .filter(said -> said.equals(opening) || said.state() == PullRequestState.AMENDED)
                .toList();
        return Boolean.TRUE.equals(best(told, PullRequestObserved::draft));
    }

    /** Whatever is listed outweighs what is stated in the same revision: it can be looked up. */
    private static @Nullable Instant firstCommitAt(List<PullRequestObserved> byAuthority) {
        List<PullRequestObserved> told =
                highest(byAuthority, said -> firstAuthoredAt(said) != null || said.firstCommitAt() != null);
        return or(best(told, PullRequest::firstAuthoredAt), best(told, PullRequestObserved::firstCommitAt));
    }

    /** The observations that say something, of the highest revision that does. */
    private static List<PullRequestObserved> highest(
            List<PullRequestObserved> byAuthority, Predicate<PullRequestObserved> saysIt) {
        List<PullRequestObserved> all = byAuthority.stream().filter(saysIt).toList();
        return all.stream()
                .takeWhile(said -> said.revision() == all.get(0).revision())
                .toList();
    }

    private static @Nullable Instant earliest(List<PullRequestObserved> observations) {
        return observations.stream()
                .map(observation -> observation.header().occurredAt())
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** An empty list says nothing of its commits. */
    private static @Nullable Instant firstAuthoredAt(PullRequestObserved observation) {
        List<PullRequestObserved.Commit> commits = observation.commits();
        return commits == null
                ? null
                : commits.stream()
                        .map(PullRequestObserved.Commit::authoredAt)
                        .min(Comparator.naturalOrder())
                        .orElse(null);
    }

    private static <T> @Nullable T or(@Nullable T value, @Nullable T otherwise) {
        return value == null ? otherwise : value;
    }

    private static <T> @Nullable T best(
            List<PullRequestObserved> byAuthority, Function<PullRequestObserved, @Nullable T> field) {
        for (PullRequestObserved observation : byAuthority) {
            T value = field.apply(observation);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
