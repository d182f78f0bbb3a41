package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a resource stands after some of its checks.
 *
 * @param checkedAt the last of them
 * @param episode the episode of drift that is open then; null where none is
 */
public record DriftStanding(Instant checkedAt, @Nullable DriftEpisode episode) {
    public DriftStanding {
        requireNonNull(checkedAt, "checkedAt");
    }
}
