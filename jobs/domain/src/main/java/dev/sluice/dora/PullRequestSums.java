package dev.sluice.dora;

import dev.sluice.dora.DeliveryMetrics.PullRequestLeadTime;
import org.jspecify.annotations.Nullable;

/** Adds up pull requests: to what a day adds, and days to the metrics of a range. */
final class PullRequestSums {
    private final Sample leadTimes = new Sample();
    private long codingMs;
    private long pickupMs;
    private long reviewMs;
    private long deployMs;
    private int withoutCommits;
    private int clockSkew;
    private int deployedBeforeMerge;

    void add(JudgedPullRequest pullRequest) {
        PullRequestStages stages = pullRequest.stages();
        if (stages != null) {
            leadTimes.add(stages.leadTimeMs());
            codingMs += stages.codingMs();
            pickupMs += stages.pickupMs();
            reviewMs += stages.reviewMs();
            deployMs += stages.deployMs();
            clockSkew += stages.clockSkew() ? 1 : 0;
            deployedBeforeMerge += stages.deployedBeforeMerge() ? 1 : 0;
        } else if (pullRequest.judgement() == PullRequestJudgement.NO_COMMITS) {
            withoutCommits++;
        }
    }

    void add(PullRequestCell day) {
        leadTimes.addAll(day.leadTimes());
        codingMs += day.codingMs();
        pickupMs += day.pickupMs();
        reviewMs += day.reviewMs();
        deployMs += day.deployMs();
        withoutCommits += day.withoutCommits();
        clockSkew += day.clockSkew();
        deployedBeforeMerge += day.deployedBeforeMerge();
    }

    PullRequestCell cell() {
        return new PullRequestCell(
                leadTimes.values(),
                codingMs,
                pickupMs,
                reviewMs,
                deployMs,
                withoutCommits,
                clockSkew,
                deployedBeforeMerge);
    }

    PullRequestLeadTime metrics() {
        return new PullRequestLeadTime(
                leadTimes.count(),
                leadTimes.median(),
                leadTimes.medianInterval(),
                leadTimes.p90(),
                leadTimes.mean(),
                mean(codingMs),
                mean(pickupMs),
                mean(reviewMs),
                mean(deployMs),
                withoutCommits,
                clockSkew,
                deployedBeforeMerge,
                leadTimes.count() == 0 ? "no_pull_requests" : null);
    }

    private @Nullable Double mean(long sum) {
        return leadTimes.count() == 0 ? null : Double.valueOf(sum / (double) leadTimes.count());
    }
}
