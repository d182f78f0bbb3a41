package dev.sluice.dora;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A time during which what ran was not what was declared. Its identity is the resource and when it was opened. Which check
 * ends it, {@link DriftEpisode} says.
 *
 * @param tenant whose data
 * @param service the service
 * @param environment the environment
 * @param resource what drifted
 * @param openedAt the first check that saw the drift
 * @param closedAt the check that saw it gone; null while it goes on
 * @param reconcileMs closed minus opened; null while it goes on
 * @param lastCheckAt the last check that saw it; null where there is no such episode
 * @param checks how many checks saw it
 * @param fingerprints what differed, each once, the first {@link DriftEpisode#MOST_FINGERPRINTS}
 * @param detectors which sources saw it, each once
 * @param deleted whether there is no such episode any more
 * @param computedAt progress at which the judgement was made
 */
public record DriftEpisodeFact(
        String tenant,
        String service,
        String environment,
        String resource,
        Instant openedAt,
        @Nullable Instant closedAt,
        @Nullable Long reconcileMs,
        @Nullable Instant lastCheckAt,
        int checks,
        List<String> fingerprints,
        List<String> detectors,
        boolean deleted,
        Instant computedAt) {
    public DriftEpisodeFact {
        fingerprints = List.copyOf(fingerprints);
        detectors = List.copyOf(detectors);
    }
}
