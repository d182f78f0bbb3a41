package dev.sluice.dorajob.state;

import dev.sluice.dora.DriftEpisode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link DriftEpisode}, flat. */
public record DriftEpisodeState(
        Instant openedAt,
        @Nullable Instant closedAt,
        Instant lastSeenAt,
        int checks,
        List<String> fingerprints,
        List<String> detectors) {

    /** Returns the flat form. */
    public static DriftEpisodeState of(DriftEpisode episode) {
        return new DriftEpisodeState(
                episode.openedAt(),
                episode.closedAt(),
                episode.lastSeenAt(),
                episode.checks(),
                episode.fingerprints(),
                episode.detectors());
    }

    /** Returns the domain's form. */
    public DriftEpisode toDomain() {
        return new DriftEpisode(openedAt, closedAt, lastSeenAt, checks, fingerprints, detectors);
    }
}
