package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryState;
import dev.sluice.canary.intake.BucketClock;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.wire.CanaryStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A run whose rollout has ended while its last bucket is not judged: points of it may still be under way. */
final class EndingRun {
    /** The verdict of a run is kept for so long: of one that ended before nothing is said because it is forgotten. */
    private static final Duration KEPT = Duration.ofDays(7);

    private EndingRun() {}

    /**
     * Returns whether a run is such a one.
     *
     * @param run what is set of the run
     * @param standing how it stands; nothing if nothing was said of it yet
     * @param now the present
     */
    static boolean isOne(Run run, Optional<CanaryStanding> standing, Instant now) {
        Instant ended = run.document().endedAt();
        return ended != null && now.isBefore(ended.plus(KEPT)) && !ShownRun.isDecided(standing);
    }

    /**
     * Returns how such a run stands: as before, with the reason first that its last bucket is waited for, and until when.
     *
     * @param run what is set of the run
     * @param standing how it stands; nothing if nothing was said of it yet
     * @param config what it is judged by
     * @param buckets its buckets
     */
    static CanaryStanding standing(
            Run run, Optional<CanaryStanding> standing, CanaryConfig config, BucketClock buckets) {
        ObjectNode verdict = standing.map(CanaryStanding::verdict)
                .map(JsonNode::<ObjectNode>deepCopy)
                .orElseGet(() -> JsonNodeFactory.instance.objectNode().put("state", CanaryState.PENDING.label()));
        JsonNode before = verdict.path("reasons");
        ArrayNode reasons = verdict.putArray("reasons")
                .add("ended at " + run.document().endedAt() + "; waits for its last bucket, which is due at "
                        + due(run, config, buckets));
        before.forEach(reasons::add);
        return standing.map(said -> said.withVerdict(verdict))
                .orElseGet(() -> new CanaryStanding(
                        run.tenant(),
                        run.id(),
                        run.document().configDigest(),
                        false,
                        0,
                        Instant.EPOCH,
                        0,
                        0,
                        List.of(),
                        null,
                        verdict,
                        false));
    }

    /** No points are taken after the end, so the last bucket waits as long as buckets of silent arms do. */
    private static Instant due(Run run, CanaryConfig config, BucketClock buckets) {
        Instant horizon = run.document().startedAt().plus(config.horizon());
        Instant ended = run.document().endedAt();
        return buckets.completeAt(buckets.numberOf(ended == null || ended.isAfter(horizon) ? horizon : ended));
    }
}
