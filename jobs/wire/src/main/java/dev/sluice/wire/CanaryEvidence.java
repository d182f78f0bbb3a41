package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the evidence of a canary run was at the end of a bucket: a row of {@link Topic#EVIDENCE}, for those who look at how a verdict
 * came about. Who decides reads {@link CanaryStanding}.
 *
 * @param tenant whose run it is
 * @param run the run's id
 * @param service the service that is rolled out
 * @param environment where
 * @param baselineVersion the version in place; null where nobody has said it
 * @param canaryVersion the new version; null where nobody has said it
 * @param configDigest of the config that it is judged by
 * @param alpha in how many runs it promises to fail at most a canary that is as it should be
 * @param startedAt when the canary began to have traffic
 * @param at the end of the bucket
 * @param ended whether it is the last of the run
 * @param doubts why the stage does not pass, whatever the evidence
 * @param condition what is wrong with the source of its series; null where nothing is
 * @param twin the state of the A/A twin; null where there is none
 * @param verdict as {@link VerdictJson} writes it
 */
public record CanaryEvidence(
        String tenant,
        String run,
        String service,
        String environment,
        @Nullable String baselineVersion,
        @Nullable String canaryVersion,
        String configDigest,
        double alpha,
        Instant startedAt,
        Instant at,
        boolean ended,
        List<String> doubts,
        @Nullable String condition,
        @Nullable String twin,
        JsonNode verdict) {
    public CanaryEvidence {
        requireNonNull(tenant, "tenant");
        requireNonNull(run, "run");
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        requireNonNull(configDigest, "configDigest");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(at, "at");
        requireNonNull(verdict, "verdict");
        doubts = List.copyOf(doubts);
    }

    /** Returns the record key. */
    public String key() {
        return Keys.of(tenant, run);
    }
}
