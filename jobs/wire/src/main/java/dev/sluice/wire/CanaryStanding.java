package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a canary run stands: a row of {@link Topic#VERDICTS}.
 *
 * @param tenant whose run it is
 * @param run the run's id
 * @param configDigest of the config that it is judged by
 * @param ended whether it is the last word
 * @param stages how many further stages have begun in what was judged
 * @param freshUntil until when the verdict speaks of the present: the job says it again before, as long as it works
 * @param buckets how many buckets with data have been judged
 * @param late points that came after their bucket was complete, and were left out
 * @param doubts why the stage that goes on does not pass, whatever the evidence; none where nothing is wrong with its data
 * @param condition what is wrong with the source of its series; null where nothing is
 * @param verdict as {@link VerdictJson} writes it
 * @param deleted whether the run is forgotten
 */
public record CanaryStanding(
        String tenant,
        String run,
        String configDigest,
        boolean ended,
        int stages,
        Instant freshUntil,
        long buckets,
        long late,
        List<String> doubts,
        @Nullable String condition,
        @Nullable JsonNode verdict,
        boolean deleted) {
    public CanaryStanding {
        requireNonNull(tenant, "tenant");
        requireNonNull(run, "run");
        requireNonNull(configDigest, "configDigest");
        requireNonNull(freshUntil, "freshUntil");
        doubts = List.copyOf(doubts);
    }

    /** Returns the same with another verdict. */
    public CanaryStanding withVerdict(JsonNode other) {
        return new CanaryStanding(
                tenant, run, configDigest, ended, stages, freshUntil, buckets, late, doubts, condition, other, deleted);
    }

    /** Returns the record key. */
    public String key() {
        return Keys.of(tenant, run);
    }
}
