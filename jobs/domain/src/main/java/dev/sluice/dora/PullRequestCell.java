package dev.sluice.dora;

/**
 * What the pull requests of the deployments of one day (UTC) add to pull request lead time.
 *
 * @param leadTimes lead times of those that count, in milliseconds
 * @param codingMs sum of their first stages
 * @param pickupMs sum of their second stages
 * @param reviewMs sum of their third stages
 * @param deployMs sum of their fourth stages
 * @param withoutCommits pull requests left out: their first commit is not known
 * @param clockSkew those that count, but with a stage that would be negative
 * @param deployedBeforeMerge those that count and were deployed before they were merged
 */
public record PullRequestCell(
        long[] leadTimes,
        long codingMs,
        long pickupMs,
        long reviewMs,
        long deployMs,
        int withoutCommits,
        int clockSkew,
        int deployedBeforeMerge) {}
