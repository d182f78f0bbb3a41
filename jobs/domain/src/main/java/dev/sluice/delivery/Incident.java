package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An incident as the set of its observations tells it; the order in which they came plays no part.
 *
 * <p>The highest revision that says something wins. Among the states of that revision the last one that was said tells
 * whether it is over: it is if that one is RESOLVED. It is over since the first RESOLVED of those that nothing came between,
 * so that a repetition does not move the end, and a re-opened incident ends with its last resolution. Where that states when
 * it was over, it was over then, even if that was before anybody had noticed it.
 *
 * @param id the incident's identity
 * @param service the service that suffers; {@link #UNKNOWN} where nobody said
 * @param environment where; {@link #UNKNOWN} where nobody said
 * @param absent whether there is no such incident: nothing but amendments is known of it, or it was deleted
 * @param mergedInto the incident that counts instead, or null
 * @param startedAt when the impact began: as stated, else the first sign of it
 * @param startKnown whether anybody told how it began; the first sign may be its end
 * @param resolvedAt when it was over; null while it is not
 * @param closedGapMs for how long it had been taken for resolved before it was opened again, in milliseconds
 * @param severity as the source names it
 * @param changeCaused false where something else than a change of the service caused it
 * @param deployments the deployments that caused it, as the source gave them; null where nothing is said
 * @param repository the repository of {@code rootCause}
 * @param rootCause the commit that caused it
 * @param title what people call it
 */
public record Incident(
        String id,
        String service,
        String environment,
        boolean absent,
        @Nullable String mergedInto,
        Instant startedAt,
        boolean startKnown,
        @Nullable Instant resolvedAt,
        long closedGapMs,
        @Nullable String severity,
        boolean changeCaused,
        @Nullable List<String> deployments,
        @Nullable String repository,
        @Nullable String rootCause,
        @Nullable String title) {
    /** Stands for a service or an environment that nobody named. */
    public static final String UNKNOWN = "unknown";

    private static final Comparator<IncidentObserved> BY_AUTHORITY = Comparator.comparingLong(
                    IncidentObserved::revision)
            .thenComparingInt(IncidentObserved::rank)
            .thenComparing(observation -> observation.header().occurredAt())
            .thenComparing(observation -> observation.header().id());

    private static final Comparator<IncidentObserved> IN_TIME = Comparator.comparing(
                    (IncidentObserved observation) -> observation.header().occurredAt())
            .thenComparingInt(IncidentObserved::rank)
            .thenComparing(observation -> observation.header().id());

    public Incident {
        requireNonNull(id, "id");
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        requireNonNull(startedAt, "startedAt");
        deployments = deployments == null ? null : List.copyOf(deployments);
    }

    /**
     * Returns what the observations of one incident amount to.
     *
     * @param observations at least one, all of the same incident id, no two with the same event id
     */
    public static Incident of(Collection<IncidentObserved> observations) {
        if (observations.isEmpty()) {
            throw new IllegalArgumentException("an incident needs an observation");
        }
        List<IncidentObserved> byAuthority =
                observations.stream().sorted(BY_AUTHORITY.reversed()).toList();
        List<IncidentObserved> states = byAuthority.stream()
                .filter(observation -> observation.state().showsIncident())
                .toList();
        long highest = states.isEmpty() ? -1 : states.get(0).revision();
        List<IncidentObserved> judging = states.stream()
                .filter(observation -> observation.revision() == highest)
                .sorted(IN_TIME)
                .toList();
        boolean deleted = judging.stream().anyMatch(observation -> observation.state() == IncidentState.DELETED);
        boolean merged = judging.stream().anyMatch(observation -> observation.state() == IncidentState.MERGED);
        String mergedInto = best(byAuthority, IncidentObserved::mergedInto);
        IncidentObserved first = byAuthority.get(0);
        Course course = Course.of(courseOf(states));
        return new Incident(
                first.incidentId(),
                or(best(byAuthority, IncidentObserved::service), UNKNOWN),
                or(best(byAuthority, IncidentObserved::environment), UNKNOWN),
                states.isEmpty() || deleted,
                merged ? or(mergedInto, UNKNOWN) : null,
                startedAt(byAuthority, states),
                isStartKnown(byAuthority),
                course.resolvedAt(),
                course.closedGapMs(),
                best(byAuthority, IncidentObserved::severity),
                !Boolean.FALSE.equals(best(byAuthority, IncidentObserved::changeCaused)),
                best(byAuthority, IncidentObserved::deployments),
                best(byAuthority, IncidentObserved::repository),
                best(byAuthority, IncidentObserved::rootCause),
                best(byAuthority, IncidentObserved::title));
    }

    /** Returns whether it can be the failure of a deployment: it happened, is no duplicate, and a change caused it. */
    public boolean counts() {
        return happened() && changeCaused;
    }

    /** Returns whether it happened, is no duplicate of another, and has a beginning. */
    public boolean happened() {
        return !absent && mergedInto == null && startKnown;
    }

    /** The states that tell how it went: of the highest revision that has such, in time. */
    private static List<IncidentObserved> courseOf(List<IncidentObserved> byAuthority) {
        List<IncidentObserved> course = byAuthority.stream()
                .filter(observation -> switch (observation.state()) {
                    case DETECTED, ACKNOWLEDGED, RESOLVED, REOPENED -> true;
                    case MERGED, DELETED, AMENDED -> false;
                })
                .toList();
        long revision = course.isEmpty() ? -1 : course.get(0).revision();
        return course.stream()
                .filter(observation -> observation.revision() == revision)
                .sorted(IN_TIME)
                .toList();
    }

    /**
     * How it went.
     *
     * @param resolvedAt when it was over, or null
     * @param closedGapMs how long it was closed before it was opened again
     */
    private record Course(@Nullable Instant resolvedAt, long closedGapMs) {
        static Course of(List<IncidentObserved> inTime) {
            Instant resolved = null;
            long gap = 0;
            for (IncidentObserved observation : inTime) {
                switch (observation.state()) {
                    case RESOLVED -> resolved = resolved == null ? timeOf(observation) : resolved;
                    case DETECTED, REOPENED -> {
                        if (resolved != null) {
                            gap += Duration.between(resolved, timeOf(observation))
                                    .toMillis();
                        }
                        resolved = null;
                    }
                    default -> {
                        // an acknowledgement changes nothing
                    }
                }
            }
            return new Course(resolved, gap);
        }
    }

    private static Instant timeOf(IncidentObserved observation) {
        Instant stated = observation.state() == IncidentState.RESOLVED ? observation.resolvedAt() : null;
        return stated == null ? observation.header().occurredAt() : stated;
    }

    private static boolean isStartKnown(List<IncidentObserved> observations) {
        return observations.stream()
                .anyMatch(observation -> observation.startedAt() != null
                        || observation.state() == IncidentState.DETECTED
                        || observation.state() == IncidentState.ACKNOWLEDGED);
    }

    /** The least stated start of the highest revision that states one; else the first sign of it. */
    private static Instant startedAt(List<IncidentObserved> byAuthority, List<IncidentObserved> states) {
        var stated = byAuthority.stream()
                .filter(observation -> observation.startedAt() != null)
                .toList();
        var starts = new ArrayList<Instant>();
        for (IncidentObserved observation : stated) {
            if (observation.revision() == stated.get(0).revision()) {
                starts.add(requireNonNull(observation.startedAt()));
            }
        }
        if (starts.isEmpty()) {
            List<IncidentObserved> signs = states.isEmpty() ? byAuthority : states;
            signs.forEach(observation -> starts.add(observation.header().occurredAt()));
        }
        return starts.stream().min(Comparator.naturalOrder()).orElseThrow();
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    private static <T> @Nullable T best(
            List<IncidentObserved> byAuthority, Function<IncidentObserved, @Nullable T> field) {
        for (IncidentObserved observation : byAuthority) {
            T value = field.apply(observation);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
