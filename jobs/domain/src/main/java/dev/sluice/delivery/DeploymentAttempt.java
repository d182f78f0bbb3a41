package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A deployment attempt as the set of its observations tells it; the order in which they came plays no part.
 *
 * <p>The highest revision that says something wins. Among the terminal observations of that revision the one with the
 * highest (rank, time, id) is the result; where the same rank repeats the result, the first of the repetitions is the
 * end.
 *
 * @param id the attempt's identity
 * @param service the service
 * @param environment the environment
 * @param deleted whether the source, or a correction, took it back, or nothing but amendments is known of it
 * @param result how it ended; IN_PROGRESS while it has not
 * @param queuedAt when it was accepted, if known
 * @param startedAt when it began, if known
 * @param finishedAt when it ended; null while it is in progress
 * @param openedAt the earliest moment known of it
 * @param version the version
 * @param repository the repository of {@code sha}
 * @param sha the commit
 * @param digest the artifact's digest
 * @param groupId joins the attempts of one pipeline
 * @param remediates what it repairs, as the source gave it
 * @param statedKind its kind where the source states it
 * @param planned whether it was planned, where the source states it
 * @param impact whether it degraded the service and needed immediate intervention, where that is stated
 * @param inactive whether it was said to run no longer, after its end
 */
public record DeploymentAttempt(
        String id,
        String service,
        String environment,
        boolean deleted,
        AttemptResult result,
        @Nullable Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        Instant openedAt,
        @Nullable String version,
        @Nullable String repository,
        @Nullable String sha,
        @Nullable String digest,
        @Nullable String groupId,
        @Nullable String remediates,
        @Nullable DeploymentKind statedKind,
        @Nullable Boolean planned,
        @Nullable Boolean impact,
        boolean inactive) {
    /** How long after its first sign an attempt may go without a result. */
    public static final Duration TIME_OUT = Duration.ofHours(24);

    private static final Comparator<DeploymentObserved> BY_AUTHORITY = Comparator.comparingLong(
                    DeploymentObserved::revision)
            .thenComparingInt(DeploymentObserved::rank)
            .thenComparing(observation -> observation.header().occurredAt())
            .thenComparing(observation -> observation.header().id());

    /**
     * Returns what the observations of one attempt amount to.
     *
     * @param observations at least one, all of the same deployment id, no two with the same event id
     */
    public static DeploymentAttempt of(Collection<DeploymentObserved> observations) {
        if (observations.isEmpty()) {
            throw new IllegalArgumentException("an attempt needs an observation");
        }
        List<DeploymentObserved> byAuthority =
                observations.stream().sorted(BY_AUTHORITY.reversed()).toList();
        DeploymentObserved first = byAuthority.get(0);
        List<DeploymentObserved> states = byAuthority.stream()
                .filter(observation -> observation.state().showsAttempt())
                .toList();
        boolean deleted = states.isEmpty()
                || states.stream()
                        .takeWhile(observation ->
                                observation.revision() == states.get(0).revision())
                        .anyMatch(observation -> observation.state() == DeploymentState.DELETED);
        Optional<DeploymentObserved> end = end(byAuthority);
        return new DeploymentAttempt(
                first.deploymentId(),
                first.service(),
                first.environment(),
                deleted,
                end.map(observation -> AttemptResult.of(observation.state())).orElse(AttemptResult.IN_PROGRESS),
                earliest(byAuthority, DeploymentAttempt::queuedAtOf),
                earliest(byAuthority, DeploymentAttempt::startedAtOf),
                end.map(observation -> observation.header().occurredAt()).orElse(null),
                openedAt(states.isEmpty() ? byAuthority : states),
                best(byAuthority, DeploymentObserved::version),
                best(byAuthority, DeploymentObserved::repository),
                best(byAuthority, DeploymentObserved::sha),
                best(byAuthority, DeploymentObserved::digest),
                best(byAuthority, DeploymentObserved::groupId),
                best(byAuthority, DeploymentObserved::remediates),
                best(byAuthority, DeploymentObserved::statedKind),
                best(byAuthority, DeploymentObserved::planned),
                best(byAuthority, DeploymentObserved::impact),
                end.isPresent() && isInactive(byAuthority, end.get()));
    }

    /** Returns whether it ended with the version running. */
    public boolean isSuccess() {
        return !deleted && result == AttemptResult.SUCCESS;
    }

    /** Returns whether the source says that it repairs something: it was not planned, or names what it remediates. */
    public boolean isRepair() {
        return remediates != null || Boolean.FALSE.equals(planned);
    }

    /** Returns when it is given up unless a result comes. */
    public Instant timesOutAt() {
        return openedAt.plus(TIME_OUT);
    }

    /** Returns the attempt as it stands at a moment: given up when its time has run out. */
    public DeploymentAttempt at(Instant now) {
        if (result != AttemptResult.IN_PROGRESS || now.isBefore(timesOutAt())) {
            return this;
        }
        return new DeploymentAttempt(
                id,
                service,
                environment,
                deleted,
                AttemptResult.TIMED_OUT,
                queuedAt,
                startedAt,
                timesOutAt(),
                openedAt,
                version,
                repository,
                sha,
                digest,
                groupId,
                remediates,
                statedKind,
                planned,
                impact,
                inactive);
    }

    /**
     * Returns what it deployed: the version and the commit, as far as known; the artifact's digest where there is neither.
     * The kinds of deployments compare the first of an attempt with all of an earlier one: the version, and the commit
     * only where no version is given.
     */
    public List<String> names() {
        var names = new ArrayList<String>();
        if (version != null) {
            names.add("version " + version);
        }
        if (sha != null) {
            names.add("sha " + sha);
        }
        if (names.isEmpty() && digest != null) {
            names.add("digest " + digest);
        }
        return names;
    }

    private static Optional<DeploymentObserved> end(List<DeploymentObserved> byAuthority) {
        DeploymentObserved end = null;
        for (DeploymentObserved observation : byAuthority) {
            if (!observation.state().isTerminal()) {
                continue;
            }
            if (end == null) {
                end = observation;
            } else if (observation.revision() == end.revision()
                    && observation.rank() == end.rank()
                    && observation.state() == end.state()) {
                if (observation.header().occurredAt().isBefore(end.header().occurredAt())) {
                    end = observation;
                }
            } else {
                break;
            }
        }
        return Optional.ofNullable(end);
    }

    private static boolean isInactive(List<DeploymentObserved> observations, DeploymentObserved end) {
        return observations.stream()
                .anyMatch(observation -> observation.state() == DeploymentState.INACTIVE
                        && observation.revision() >= end.revision()
                        && !observation
                                .header()
                                .occurredAt()
                                .isBefore(end.header().occurredAt()));
    }

    private static @Nullable Instant queuedAtOf(DeploymentObserved observation) {
        if (observation.queuedAt() != null) {
            return observation.queuedAt();
        }
        return observation.state() == DeploymentState.QUEUED
                ? observation.header().occurredAt()
                : null;
    }

    private static @Nullable Instant startedAtOf(DeploymentObserved observation) {
        if (observation.startedAt() != null) {
            return observation.startedAt();
        }
        return observation.state() == DeploymentState.STARTED
                ? observation.header().occurredAt()
                : null;
    }

    private static Instant openedAt(List<DeploymentObserved> observations) {
        Instant opened = null;
        for (DeploymentObserved observation : observations) {
            Instant at = observation.header().occurredAt();
            Instant queued = queuedAtOf(observation);
            Instant started = startedAtOf(observation);
            for (Instant candidate : new @Nullable Instant[] {at, queued, started}) {
                if (candidate != null && (opened == null || candidate.isBefore(opened))) {
                    opened = candidate;
                }
            }
        }
        return requireNonNull(opened);
    }

    /** The least time among the observations of the highest revision that gives one. */
    private static @Nullable Instant earliest(
            List<DeploymentObserved> byAuthority, Function<DeploymentObserved, @Nullable Instant> time) {
        Instant least = null;
        long revision = -1;
        for (DeploymentObserved observation : byAuthority) {
            Instant value = time.apply(observation);
            if (value == null) {
                continue;
            }
            if (least == null) {
                least = value;
                revision = observation.revision();
            } else if (observation.revision() == revision && value.isBefore(least)) {
                least = value;
            }
        }
        return least;
    }

    private static <T> @Nullable T best(
            List<DeploymentObserved> byAuthority, Function<DeploymentObserved, @Nullable T> field) {
        for (DeploymentObserved observation : byAuthority) {
            T value = field.apply(observation);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
