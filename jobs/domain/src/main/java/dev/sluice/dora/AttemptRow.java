package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentKind;
import java.time.Duration;
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
 * @param queuedAt when it was accepted, if known
 * @param startedAt when it began, if known
 * @param kind what it did; null unless it succeeded
 * @param seed whether it is the first successful one of its repository: the baseline
 * @param rework whether it was not planned: it goes back, repairs another, or takes a change back
 * @param firstTriedAt start of the first try of its version, where it is the version's first success; null otherwise, or
 *     where the start is not known
 * @param impact whether it is stated to have had an impact; null where nothing is stated
 * @param failRateCounted whether change fail rate counts it among all
 * @param failure that it failed, or would have with a longer link window; null otherwise
 */
public record AttemptRow(
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
        @Nullable Failure failure)
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

    /** Creates the row of a finished attempt that has not been judged. */
    static AttemptRow of(DeploymentAttempt attempt, Instant finishedAt) {
        return new AttemptRow(
                finishedAt,
                attempt.id(),
                attempt.result(),
                attempt.names(),
                attempt.sha() == null ? null : attempt.repository(),
                attempt.queuedAt(),
                attempt.startedAt(),
                null,
                false,
                false,
                null,
                attempt.impact(),
                false,
                null);
    }

    AttemptRow judged(
            DeploymentKind judgedKind, boolean isSeed, boolean isRework, @Nullable Instant versionFirstTriedAt) {
        return new AttemptRow(
                finishedAt,
                id,
                result,
                names,
                repository,
                queuedAt,
                startedAt,
                judgedKind,
                isSeed,
                isRework,
                versionFirstTriedAt,
                impact,
                failRateCounted,
                failure);
    }

    AttemptRow failed(boolean isFailRateCounted, @Nullable Failure judgedFailure) {
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
                isFailRateCounted,
                judgedFailure);
    }

    /** Returns whether it changed what runs: every success but one that repeats the running version. */
    boolean isCurrentAfterwards() {
        return isSuccess() && kind != DeploymentKind.REDEPLOY;
    }

    /** Returns the earliest moment known of it: nothing that it caused can have begun before. */
    Instant beganAt() {
        Instant began = startedAt == null ? queuedAt : startedAt;
        return began == null || began.isAfter(finishedAt) ? finishedAt : began;
    }

    /** Returns the time from its start to its end in milliseconds; null where no start before the end is known. */
    @Nullable
    Long deployTimeMs() {
        return millis(startedAt, finishedAt);
    }

    /** Returns the time from its acceptance to its start in milliseconds; null where they are not known in this order. */
    @Nullable
    Long queueTimeMs() {
        return startedAt == null ? null : millis(queuedAt, startedAt);
    }

    /** Returns the time from the first try of its version to its end in milliseconds; null where it has none. */
    @Nullable
    Long timeToSuccessMs() {
        return millis(firstTriedAt, finishedAt);
    }

    private static @Nullable Long millis(@Nullable Instant from, Instant to) {
        return from == null || from.isAfter(to)
                ? null
                : Long.valueOf(Duration.between(from, to).toMillis());
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
