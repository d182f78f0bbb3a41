package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.wire.CanaryStanding;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * A canary run and how it stands, as far as that may be believed now: what callers with a protocol of their own are told.
 *
 * @param id the run's id
 * @param startedAt when the canary began to have traffic
 * @param stages how many further stages have begun
 * @param isEnded whether somebody has said that the rollout has ended
 * @param isClosed whether the verdict is the last word: the rollout has ended, or the run's horizon is reached
 * @param isFresh whether the verdict is of the present, or the last word; not so while nothing was said of the run
 * @param state how it stands
 * @param reason why, in a sentence
 * @param verdict all of the verdict; an empty object while there is none
 */
public record StandingRun(
        String id,
        Instant startedAt,
        int stages,
        boolean isEnded,
        boolean isClosed,
        boolean isFresh,
        CanaryState state,
        String reason,
        JsonNode verdict) {

    /** Returns how a run stands; where there is no verdict yet it is {@link CanaryState#PENDING}. */
    static StandingRun of(Run run, Optional<CanaryStanding> believed, Instant now) {
        JsonNode verdict = believed.map(CanaryStanding::verdict)
                .map(JsonNode.class::cast)
                .orElseGet(JsonNodeFactory.instance::objectNode);
        CanaryState state = state(verdict.path("state").asText(CanaryState.PENDING.label()));
        return new StandingRun(
                run.id(),
                run.document().startedAt(),
                run.document().stages().size(),
                run.document().isEnded(),
                believed.map(CanaryStanding::ended).orElse(false),
                believed.map(said -> BelievedStanding.isOfThePresent(said, now)).orElse(false),
                state,
                reason(verdict, state),
                verdict);
    }

    /** A state that is not known can only be of a later release: it is no pass. */
    private static CanaryState state(String label) {
        return Arrays.stream(CanaryState.values())
                .filter(state -> state.label().equals(label))
                .findFirst()
                .orElse(CanaryState.ERROR);
    }

    private static String reason(JsonNode verdict, CanaryState state) {
        String first = verdict.path("reasons").path(0).asText();
        if (!first.isEmpty()) {
            return first;
        }
        return state == CanaryState.PENDING ? "nothing has been judged yet" : "the run is " + state.label();
    }
}
