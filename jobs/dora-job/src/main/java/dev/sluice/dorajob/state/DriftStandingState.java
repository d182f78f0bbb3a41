package dev.sluice.dorajob.state;

import dev.sluice.dora.DriftEpisode;
import dev.sluice.dora.DriftStanding;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A {@link DriftStanding}, flat. */
public record DriftStandingState(
        Instant checkedAt, @Nullable DriftEpisodeState episode) {

    /** Returns the flat form. */
    public static DriftStandingState of(DriftStanding standing) {
        DriftEpisode episode = standing.episode();
        return new DriftStandingState(standing.checkedAt(), episode == null ? null : DriftEpisodeState.of(episode));
    }

    /** Returns the domain's form. */
    public DriftStanding toDomain() {
        return new DriftStanding(checkedAt, episode == null ? null : episode.toDomain());
    }
}
