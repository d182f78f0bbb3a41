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
        @Nullable DeploymentKind kind,
        boolean seed) {

    /** Returns the flat form. */
    public static AttemptRowState of(AttemptRow row) {
        return new AttemptRowState(
                row.finishedAt(), row.id(), row.result(), row.names(), row.repository(), row.kind(), row.seed());
    }

    /** Returns the domain's form. */
    public AttemptRow toDomain() {
        return new AttemptRow(finishedAt, id, result, names, repository, kind, seed);
    }
}
