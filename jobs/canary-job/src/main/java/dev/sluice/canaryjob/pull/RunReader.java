package dev.sluice.canaryjob.pull;

import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySelection;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads what is set of a run. */
public interface RunReader extends Serializable {
    /**
     * What is set of a run.
     *
     * @param document the record of it
     * @param selection which series belong to it; null where none do
     * @param bucket how long its buckets are
     * @param horizon how long it may last
     */
    record Read(CanaryRunDocument document, @Nullable CanarySelection selection, Duration bucket, Duration horizon) {
        /** Returns where its series are asked for; null where they are sent. */
        CanarySelection.@Nullable Pull pull() {
            return selection == null ? null : selection.pull();
        }
    }

    /**
     * Reads a document.
     *
     * @param key of the run
     * @return null where it cannot be judged by
     */
    @Nullable
    Read read(String key, byte[] document);
}
