package dev.sluice.dora;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A commit as first deployed to one (service, environment), with its judgement.
 *
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param repository the repository
 * @param sha the commit
 * @param deploymentId the first successful deployment that holds it; null when deleted
 * @param authoredAt author time; null while only a child has named the commit
 * @param finishedAt when that deployment ended
 * @param finishedDay the day of that, in the service's zone
 * @param leadTimeMs finished minus authored in milliseconds; null unless counted
 * @param counted whether change lead time counts it
 * @param excludedReason why not: MERGE, SEED, CLOCK_SKEW or NOT_RECORDED
 * @param deleted whether no deployment holds it any more
 * @param computedAt progress at which the judgement was made
 */
public record ChangeFact(
        String tenant,
        String service,
        String environment,
        String repository,
        String sha,
        @Nullable String deploymentId,
        @Nullable Instant authoredAt,
        @Nullable Instant finishedAt,
        @Nullable LocalDate finishedDay,
        @Nullable Long leadTimeMs,
        boolean counted,
        @Nullable String excludedReason,
        boolean deleted,
        Instant computedAt) {}
