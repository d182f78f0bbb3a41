package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.DeploymentKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished attempt in the order of its series, with its judgement.
 *
 * @param finishedAt when it ended
 * @param id the attempt's identity; decides between equal times
 * @param result how it ended
 * @param names what it deployed, see {@link dev.sluice.delivery.DeploymentAttempt#names()}
 * @param repository the repository whose commit it deployed; null where none is known
 * @param kind what it did; null unless it succeeded
 * @param seed whether it is the first successful one of its repository: the baseline
 */
public record AttemptRow(
        Instant finishedAt,
        String id,
        AttemptResult result,
        List<String> names,
        @Nullable String repository,
        @Nullable DeploymentKind kind,
        boolean seed)
        implements Comparable<AttemptRow> {
    private static final Comparator<AttemptRow> ORDER =
            Comparator.comparing(AttemptRow::finishedAt).thenComparing(AttemptRow::id);

    public AttemptRow {
        requireNonNull(finishedAt, "finishedAt");
        requireNonNull(id, "id");
        requireNonNull(result, "result");
        names = List.copyOf(names);
    }

    boolean isSuccess() {
        return result == AttemptResult.SUCCESS;
    }

    AttemptRow judged(DeploymentKind judgedKind, boolean isSeed) {
        return new AttemptRow(finishedAt, id, result, names, repository, judgedKind, isSeed);
    }

    /** Returns whether an earlier attempt deployed what this one does: by version, by commit where this one has none. */
    boolean repeats(AttemptRow earlier) {
        return !names.isEmpty() && earlier.names.contains(names.get(0));
    }

    AttemptKey key() {
        return new AttemptKey(finishedAt, id);
    }

    @Override
    public int compareTo(AttemptRow other) {
        return ORDER.compare(this, other);
    }
}
