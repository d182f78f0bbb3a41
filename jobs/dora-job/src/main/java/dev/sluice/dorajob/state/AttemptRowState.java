package dev.sluice.dorajob.state;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.dora.AttemptRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@link AttemptRow}, flat. */
public record AttemptRowState(
        Instant finishedAt,
        String id,
        AttemptResult result,
        List<String> names,
        @Nullable String repository,
        @Nullable Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable DeploymentKind kind,
        boolean seed,
        boolean rework,
        @Nullable Instant firstTriedAt,
        @Nullable Boolean impact,
        boolean failRateCounted,
        @Nullable FailureState failure) {

    /** Returns the flat form. */
    public static AttemptRowState of(AttemptRow row) {
        return new AttemptRowState(
                row.finishedAt(),
                row.id(),
                row.result(),
                row.names(),
                row.repository(),
                row.queuedAt(),
                row.startedAt(),
                row.kind(),
                row.seed(),
                row.rework(),
                row.firstTriedAt(),
                row.impact(),
                row.failRateCounted(),
                row.failure() == null ? null : FailureState.of(row.failure()));
    }

    /** Returns the domain's form. */
    public AttemptRow toDomain() {
        return new AttemptRow(
                finishedAt,
                id,
                result,
                names,
                repository,
                queuedAt,
                startedAt,
                kind,
                seed,
                rework,
                firstTriedAt,
                impact,
                failRateCounted,
                failure == null ? null : failure.toDomain());
    }
}
