package dev.sluice.dorajob.state;

import org.jspecify.annotations.Nullable;

/**
 * What stage graph reads: a commit, an observation of a pull request, or where an attempt stands now.
 *
 * @param key tenant and repository; tenant and service for an attempt that names no repository
 * @param tenant whose data
 * @param repository the repository; null where there is none
 * @param commit a commit, or null
 * @param head where and when the attempt succeeded, or null
 * @param withdrawnHead key of the head that an attempt no longer is, or null
 * @param pullRequest an observation of a pull request, or null
 * @param forward what goes on to stage delivery, behind the ownerships that it causes, or null
 */
public record GraphInput(
        String key,
        String tenant,
        @Nullable String repository,
        @Nullable CommitState commit,
        @Nullable HeadState head,
        @Nullable String withdrawnHead,
        @Nullable PullRequestObservationState pullRequest,
        @Nullable DeliveryInput forward) {}
