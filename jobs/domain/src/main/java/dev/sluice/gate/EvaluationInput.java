package dev.sluice.gate;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is asked, and what is known when it is asked.
 *
 * @param gate the gate's name
 * @param service which service
 * @param environment where it would go
 * @param artifact what would go there, as far as the caller says
 * @param row its metrics; null where nothing is known of it
 * @param current what runs there; null where that is not known
 * @param age how old the knowledge is; null where that is not known, which counts as stale
 * @param evidence what is known beside the metrics
 */
public record EvaluationInput(
        String gate,
        String service,
        String environment,
        Artifact artifact,
        @Nullable DoraRow row,
        @Nullable CurrentRow current,
        @Nullable Duration age,
        Evidence evidence) {
    /** Creates an input of which nothing is known beside the metrics. */
    public EvaluationInput(
            String gate,
            String service,
            String environment,
            Artifact artifact,
            @Nullable DoraRow row,
            @Nullable CurrentRow current,
            @Nullable Duration age) {
        this(gate, service, environment, artifact, row, current, age, Evidence.NONE);
    }

    /**
     * What would be deployed, as far as the caller says.
     *
     * @param version as its users call it
     * @param digest of its content
     * @param commit that it was built from
     */
    public record Artifact(
            @Nullable String version,
            @Nullable String digest,
            @Nullable String commit) {
        /** Of which nothing was said. */
        public static final Artifact UNKNOWN = new Artifact(null, null, null);
    }
}
