package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.wire.CanaryStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How a run stands, as far as what was said of it is of the present: a pass is not what was proven once. */
final class BelievedStanding {
    /** The log is looked at every two seconds. */
    private static final Duration LONGEST_UNREAD = Duration.ofSeconds(10);

    private BelievedStanding() {}

    /**
     * Returns a standing as it may be shown. A pass of an earlier stage is Pending; one that was not said again in time is
     * Inconclusive. All else is as it was said.
     *
     * @param run what is set of the run
     * @param said what the job has said
     * @param readTo the moment as of which this replica has read all that was set and said
     * @param now the present
     */
    static CanaryStanding of(Run run, CanaryStanding said, Instant readTo, Instant now) {
        JsonNode verdict = said.verdict();
        if (verdict == null || said.ended() || !isPass(verdict)) {
            return said;
        }
        List<Instant> stages = run.document().stages();
        if (said.stages() < stages.size()) {
            return with(
                    said,
                    verdict,
                    CanaryState.PENDING,
                    "nothing of the stage that began at " + stages.get(stages.size() - 1) + " was judged yet");
        }
        if (now.isAfter(readTo.plus(LONGEST_UNREAD))) {
            return with(
                    said,
                    verdict,
                    CanaryState.INCONCLUSIVE,
                    "this replica has not read the log to its end since " + readTo
                            + ": another one may have begun a stage");
        }
        if (!isOfThePresent(said, now)) {
            return with(
                    said,
                    verdict,
                    CanaryState.INCONCLUSIVE,
                    "nothing was judged since " + verdict.path("at").asText()
                            + ": the verdict should have been said again by " + said.freshUntil());
        }
        return said;
    }

    /** Returns whether what was said is the last word, or would have been said again by now if it were not so any more. */
    static boolean isOfThePresent(CanaryStanding said, Instant now) {
        return said.ended() || !now.isAfter(said.freshUntil());
    }

    private static boolean isPass(JsonNode verdict) {
        return verdict.path("state").asText().equals(CanaryState.SUCCESSFUL.label());
    }

    private static CanaryStanding with(CanaryStanding said, JsonNode verdict, CanaryState state, String reason) {
        ObjectNode believed = verdict.deepCopy();
        believed.put("state", state.label());
        believed.putArray("reasons").add(reason);
        return said.withVerdict(believed);
    }
}
