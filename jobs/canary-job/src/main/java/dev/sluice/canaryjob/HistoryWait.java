package dev.sluice.canaryjob;

import dev.sluice.canaryjob.state.RunProgress;
import dev.sluice.streams.AttemptStart;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps the run whose key is current from being judged before what was before it is known, and is in a checkpoint: after a kill the
 * history would be asked for again, and might be told otherwise.
 */
final class HistoryWait {
    /** For how long a run waits at most. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final RunStates states;
    private final AttemptStart start;
    /** Of runs that were calibrated in no checkpoint yet, the last one that had begun then. */
    private final Map<String, Long> unkept = new HashMap<>();

    private long begun;

    HistoryWait(RunStates states, AttemptStart start) {
        this.states = states;
        this.start = start;
    }

    /** Notes that a checkpoint has begun. */
    void checkpointBegins(long id) {
        begun = Math.max(begun, id);
    }

    /** Notes that a checkpoint is complete. */
    void checkpointCompletes(long id) {
        unkept.values().removeIf(before -> before < id);
    }

    /** Returns whether what was before the run can still be taken: it has not been, and nothing is judged. */
    boolean isOpen(RunProgress progress) throws IOException {
        return states.calibrated().value() == null && progress.buckets() == 0;
    }

    /**
     * Begins a run.
     *
     * @param key of the run
     * @param calibrated the run before its first bucket
     */
    void begin(String key, byte[] calibrated) throws IOException {
        states.calibrated().update(true);
        states.evidence().update(calibrated);
        unkept.put(key, begun);
    }

    /** Returns whether a run may be judged. */
    boolean isOver(String key, Setup setup, RunProgress progress, long watermark) throws IOException {
        return !setup.hasHistory()
                || progress.buckets() > 0
                || (states.calibrated().value() != null
                        && (!unkept.containsKey(key) || isPatienceOver(progress, watermark)));
    }

    /** Returns whether a run has waited for as long as it may: since it was heard of, and the job has been there. */
    boolean isPatienceOver(RunProgress progress, long watermark) {
        return watermark >= Math.max(progress.since(), start.millis()) + PATIENCE.toMillis();
    }
}
