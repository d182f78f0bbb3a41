package dev.sluice.dora;

import dev.sluice.delivery.PullRequestOwnership;
import dev.sluice.delivery.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The pull requests of a series, each with the deployment that first brought it there, and their judgement.
 *
 * <p>A cherry-pick is a pull request of its own, but the same change: of an original and its cherry-picks that would count
 * in the series each by itself, only the one that was deployed first does, in the order of (finished_at, deployment id,
 * pull request id).
 */
final class PullRequestLedger {
    private final ServiceEnvironment series;
    private final AttemptTimeline timeline;
    private final Ranges ranges;
    private final Table<String, List<String>> cherryPicks;

    PullRequestLedger(ServiceEnvironment series, LedgerTables tables, AttemptTimeline timeline) {
        this.series = series;
        this.timeline = timeline;
        this.ranges = new Ranges(tables);
        this.cherryPicks = tables.cherryPicks();
    }

    private static final class Ranges extends OwnedRanges<PullRequestOwnership> {
        Ranges(LedgerTables tables) {
            super(tables.pullRequests(), tables.pullRequestRanges());
        }

        @Override
        @Nullable
        String ownerOf(PullRequestOwnership ownership) {
            return ownership.deploymentId();
        }
    }

    /** Returns what tells a pull request from every other of the series. */
    static String key(PullRequestOwnership pullRequest) {
        return key(pullRequest.repository(), pullRequest.pullRequestId());
    }

    private static String key(String repository, String pullRequestId) {
        return repository.length() + ":" + repository + "/" + pullRequestId;
    }

    /**
     * Sets which deployment first brought a pull request.
     *
     * @return the pull requests that may be judged otherwise now, each with the deployment that it adds to, or did
     */
    List<PullRequestOwnership> own(PullRequestOwnership ownership) {
        String key = key(ownership);
        PullRequestOwnership before = ranges.get(key);
        if (ownership.equals(before) || (before == null && ownership.deploymentId() == null)) {
            return List.of();
        }
        var affected = new ArrayList<PullRequestOwnership>();
        if (before != null) {
            affected.add(before);
            affected.addAll(relatives(before));
            changeCherryPicks(before, false);
        }
        if (ownership.deploymentId() == null) {
            ranges.remove(key);
        } else {
            ranges.put(key, ownership);
            changeCherryPicks(ownership, true);
            affected.add(ownership);
            affected.addAll(relatives(ownership));
        }
        return affected;
    }

    private void changeCherryPicks(PullRequestOwnership pullRequest, boolean add) {
        if (pullRequest.cherryPickOf() != null) {
            String original = key(pullRequest.repository(), pullRequest.cherryPickOf());
            Lists.change(cherryPicks, original, key(pullRequest), add);
        }
    }

    /** Returns the pull requests that a deployment was the first to bring, in no particular order. */
    List<PullRequestOwnership> of(String deploymentId) {
        return ranges.of(deploymentId);
    }

    /** Returns the other pull requests of the series that make the same change: its original, and cherry-picks of either. */
    List<PullRequestOwnership> relatives(PullRequestOwnership pullRequest) {
        String own = key(pullRequest);
        var keys = new TreeSet<>(Lists.of(cherryPicks, own));
        if (pullRequest.cherryPickOf() != null) {
            String original = key(pullRequest.repository(), pullRequest.cherryPickOf());
            keys.add(original);
            keys.addAll(Lists.of(cherryPicks, original));
        }
        keys.remove(own);
        return keys.stream().map(ranges::get).filter(Objects::nonNull).toList();
    }

    /** Judges the pull requests that a successful deployment was the first to bring. */
    List<JudgedPullRequest> judge(AttemptRow deployment) {
        return ranges.of(deployment.id()).stream()
                .map(pullRequest -> judge(pullRequest, deployment))
                .toList();
    }

    private JudgedPullRequest judge(PullRequestOwnership pullRequest, AttemptRow deployment) {
        PullRequestJudgement judgement = PullRequestJudgement.of(pullRequest, deployment);
        if (judgement == PullRequestJudgement.COUNTED
                && relatives(pullRequest).stream().anyMatch(other -> countsBefore(other, pullRequest, deployment))) {
            judgement = PullRequestJudgement.CHERRY_PICK;
        }
        return JudgedPullRequest.of(pullRequest, deployment, judgement);
    }

    private boolean countsBefore(PullRequestOwnership other, PullRequestOwnership pullRequest, AttemptRow deployment) {
        AttemptRow row = deploymentOf(other);
        if (row == null || PullRequestJudgement.of(other, row) != PullRequestJudgement.COUNTED) {
            return false;
        }
        int order = row.compareTo(deployment);
        return order < 0 || (order == 0 && other.pullRequestId().compareTo(pullRequest.pullRequestId()) < 0);
    }

    /** Returns the successful deployment that a pull request came with; null while its observation is on the way. */
    private @Nullable AttemptRow deploymentOf(PullRequestOwnership pullRequest) {
        String id = pullRequest.deploymentId();
        AttemptRow row = id == null ? null : timeline.get(id);
        return row == null || !row.isSuccess() ? null : row;
    }

    /** Returns a pull request as it stands, by its key. */
    PullRequestFact fact(String key, Instant now) {
        PullRequestOwnership pullRequest = ranges.get(key);
        AttemptRow deployment = pullRequest == null ? null : deploymentOf(pullRequest);
        return pullRequest == null || deployment == null
                ? deleted(key, now)
                : fact(judge(pullRequest, deployment), deployment, now);
    }

    private PullRequestFact fact(JudgedPullRequest judged, AttemptRow deployment, Instant now) {
        PullRequestOwnership pullRequest = judged.pullRequest();
        PullRequestStages stages = judged.stages();
        return new PullRequestFact(
                series.tenant(),
                series.service(),
                series.environment(),
                pullRequest.repository(),
                pullRequest.pullRequestId(),
                pullRequest.title(),
                deployment.id(),
                pullRequest.firstCommitAt(),
                pullRequest.readyAt(),
                pullRequest.firstReviewAt(),
                pullRequest.mergedAt(),
                deployment.finishedAt(),
                series.dayOf(deployment.finishedAt()),
                stages == null ? null : stages.leadTimeMs(),
                stages == null ? null : stages.codingMs(),
                stages == null ? null : stages.pickupMs(),
                stages == null ? null : stages.reviewMs(),
                stages == null ? null : stages.deployMs(),
                stages != null,
                stages == null ? judged.judgement().name() : null,
                judged.flags(),
                false,
                now);
    }

    private PullRequestFact deleted(String key, Instant now) {
        int colon = key.indexOf(':');
        int slash = colon + 1 + Integer.parseInt(key.substring(0, colon));
        return new PullRequestFact(
                series.tenant(),
                series.service(),
                series.environment(),
                key.substring(colon + 1, slash),
                key.substring(slash + 1),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                null,
                List.of(),
                true,
                now);
    }
}
