package dev.sluice.dora;

import dev.sluice.delivery.PullRequestOwnership;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pull request of a successful deployment with its judgement.
 *
 * @param pullRequest the pull request
 * @param judgement whether it counts
 * @param stages its stages; null unless it counts
 */
record JudgedPullRequest(
        PullRequestOwnership pullRequest,
        PullRequestJudgement judgement,
        @Nullable PullRequestStages stages) {
    static JudgedPullRequest of(
            PullRequestOwnership pullRequest, AttemptRow deployment, PullRequestJudgement judgement) {
        return new JudgedPullRequest(
                pullRequest,
                judgement,
                judgement == PullRequestJudgement.COUNTED
                        ? PullRequestStages.of(pullRequest, deployment.finishedAt())
                        : null);
    }

    /** Returns what a reader should know of it. */
    List<String> flags() {
        var flags = new ArrayList<String>();
        if (pullRequest.squashed()) {
            flags.add("SQUASHED");
        }
        if (stages != null && stages.clockSkew()) {
            flags.add("CLOCK_SKEW");
        }
        if (stages != null && stages.deployedBeforeMerge()) {
            flags.add("DEPLOYED_BEFORE_MERGE");
        }
        return flags;
    }
}
