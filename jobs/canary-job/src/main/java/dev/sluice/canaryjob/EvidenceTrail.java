package dev.sluice.canaryjob;

import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.CanaryState;
import dev.sluice.canary.CanaryVerdict;
import dev.sluice.wire.CanaryEvidence;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Keys;
import dev.sluice.wire.VerdictJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the evidence of the run whose key is current came about, bucket after bucket. It goes by the time of the buckets alone, so
 * it is the same after a restart, and has no hole where many buckets were judged at once.
 */
final class EvidenceTrail {
    /** How far apart two of a run are, if nothing was decided between them. */
    static final Duration EVERY = Duration.ofSeconds(10);

    private final RunStates states;

    EvidenceTrail(RunStates states) {
        this.states = states;
    }

    /** Returns whether it is time for the next. */
    boolean isDue(Instant at) throws IOException {
        Long told = states.toldAt().value();
        return told == null || at.toEpochMilli() - told >= EVERY.toMillis();
    }

    /** Returns whether another state was told last. */
    boolean isOther(CanaryState state) throws IOException {
        return !state.label().equals(states.toldState().value());
    }

    /**
     * Returns what is told, and remembers that it was.
     *
     * @param key of the run
     * @param doubts why the stage does not pass
     * @param verdict as it is published
     * @param ended whether it is the last one
     */
    CanaryEvidence tell(
            String key, Setup setup, CanaryRun run, List<String> doubts, CanaryVerdict verdict, boolean ended)
            throws IOException {
        states.toldAt().update(verdict.at().toEpochMilli());
        states.toldState().update(verdict.state().label());
        String[] of = Keys.split(key);
        CanaryRunDocument document = setup.document();
        return new CanaryEvidence(
                of[0],
                of[1],
                document.service(),
                document.environment(),
                document.baseline(),
                document.canary(),
                document.configDigest(),
                setup.config().alpha(),
                document.startedAt(),
                verdict.at(),
                ended,
                doubts,
                ended ? null : condition(),
                run.twin().map(CanaryState::label).orElse(null),
                VerdictJson.of(verdict));
    }

    /** Returns what is wrong with the source of the series; null where nothing is. */
    @Nullable
    String condition() throws IOException {
        String condition = states.condition().value();
        return condition == null || condition.isEmpty() ? null : condition;
    }
}
