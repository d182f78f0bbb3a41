package dev.sluice.gateapi.decide;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.Evidence;
import dev.sluice.gate.Waivers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a decision was made of, as it stood at that moment: from it the decision can be made again, whatever has become of the
 * records since. It is logged with the decision and not answered.
 *
 * @param row the service's metrics; null where nothing was known of it
 * @param current what ran there; null where that was not known
 * @param ageMs how old that was, in milliseconds; null where it was not known
 * @param waivers what lifted policies for this question; null means nothing did
 * @param evidence what was known beside; null means nothing was
 */
record Snapshot(
        @Nullable DoraRow row,
        @Nullable CurrentRow current,
        @Nullable Long ageMs,
        @Nullable Waivers waivers,
        @Nullable Evidence evidence) {
    /** The same with what lifted policies for this question. */
    Snapshot with(Waivers lifted) {
        return new Snapshot(row, current, ageMs, lifted, evidence);
    }

    /** Returns what lifted policies. */
    Waivers lifted() {
        return waivers == null ? Waivers.NONE : waivers;
    }

    /** Returns what is to be judged where this is what is known. */
    EvaluationInput input(GateRequest request) {
        return new EvaluationInput(
                request.gate(),
                request.service(),
                request.environment(),
                artifact(request),
                row,
                current,
                ageMs == null ? null : Duration.ofMillis(ageMs),
                evidence == null ? Evidence.NONE : evidence);
    }

    /** Returns what would be deployed, as far as the caller has said. */
    static EvaluationInput.Artifact artifact(GateRequest request) {
        GateRequest.Artifact artifact = request.artifact();
        return artifact == null
                ? EvaluationInput.Artifact.UNKNOWN
                : new EvaluationInput.Artifact(artifact.version(), artifact.digest(), artifact.commit());
    }
}
