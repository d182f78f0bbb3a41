package dev.sluice.gate;

import dev.sluice.dora.DoraRow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is asked, and what is known when it is asked.
 *
 * @param gate the gate's name
 * @param service which service
 * @param environment where it would go
 * @param row its metrics; null where nothing is known of it
 * @param age how old the knowledge is; null where that is not known, which counts as stale
 */
public record EvaluationInput(
        String gate,
        String service,
        String environment,
        @Nullable DoraRow row,
        @Nullable Duration age) {}
