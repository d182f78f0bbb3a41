package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.DeploymentKind;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A finished attempt in the order of its series, with its judgement.
 *
 * @param finishedAt when it ended
 * @param id the attempt's identity; decides between equal times
 * @param result how it ended
 * @param versionKey what kinds compare
 * @param kind what it did; null unless it succeeded
 * @param seed whether it is the first successful one
 */
public record AttemptRow(
        Instant finishedAt,
        String id,
        AttemptResult result,
        @Nullable String versionKey,
        @Nullable DeploymentKind kind,
        boolean seed)
        implements Comparable<AttemptRow> {
    private static final Comparator<AttemptRow> ORDER =
            Comparator.comparing(AttemptRow::finishedAt).thenComparing(AttemptRow::id);

    public AttemptRow {
        requireNonNull(finishedAt, "finishedAt");
        requireNonNull(id, "id");
        requireNonNull(result, "result");
    }

    boolean isSuccess() {
        return result == AttemptResult.SUCCESS;
    }

    AttemptRow judged(DeploymentKind judgedKind, boolean isSeed) {
        return new AttemptRow(finishedAt, id, result, versionKey, judgedKind, isSeed);
    }

    @Override
    public int compareTo(AttemptRow other) {
        return ORDER.compare(this, other);
    }
}
