package dev.sluice.dorajob.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stage graph reads: a commit, or where an attempt stands now.
 *
 * @param key tenant and repository; tenant and service for an attempt that names no repository
 * @param tenant whose data
 * @param repository the repository; null where there is none
 * @param commit a commit, or null
 * @param deploymentId the attempt that {@code head} speaks of, or null
 * @param head where and when the attempt succeeded; null where it did not, or is gone
 * @param forward what goes on to stage delivery, behind the ownerships that it causes
 */
public record GraphInput(
        String key,
        String tenant,
        @Nullable String repository,
        @Nullable CommitState commit,
        @Nullable String deploymentId,
        @Nullable HeadState head,
        List<DeliveryInput> forward) {}
