package dev.sluice.gateapi.decide;

import dev.sluice.wire.Json;
import java.time.Instant;

/**
 * A decision with its JSON: what is logged is what is answered, so it is written once.
 *
 * @param decision the decision
 * @param json the same as JSON
 */
record WrittenDecision(DecisionRecord decision, byte[] json) {
    static WrittenDecision of(DecisionRecord decision) {
        return new WrittenDecision(decision, Json.bytes(decision));
    }

    /** The same as it is to be read now; written anew only where that differs. */
    WrittenDecision asOf(Instant now) {
        DecisionRecord shown = decision.asOf(now);
        return shown.equals(decision) ? this : of(shown);
    }
}
