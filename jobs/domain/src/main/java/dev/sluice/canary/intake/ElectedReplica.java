package dev.sluice.canary.intake;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Of several senders of the same series, such as a pair of Prometheus servers, the one that is heard. When nothing came of it for a
 * while another one is. Who it is depends on the times of points alone.
 *
 * @param name of the replica
 * @param seenAt the time of its last point
 */
public record ElectedReplica(String name, Instant seenAt) {
    /** After so long without a point another one is elected. */
    public static final Duration FAIL_OVER = Duration.ofSeconds(30);

    public ElectedReplica {
        requireNonNull(name, "name");
        requireNonNull(seenAt, "seenAt");
    }

    /**
     * Elects the replica whose points of a bucket count.
     *
     * @param before who was elected; null at first
     * @param points of the bucket
     * @return who is elected now; nothing, where no replica is known that could be
     */
    public static Optional<ElectedReplica> among(@Nullable ElectedReplica before, Collection<SamplePoint> points) {
        Map<String, Instant> newest = new TreeMap<>();
        for (SamplePoint point : points) {
            if (!point.series().replica().isEmpty()) {
                newest.merge(point.series().replica(), point.at(), (one, other) -> one.isAfter(other) ? one : other);
            }
        }
        return newest.isEmpty() ? Optional.empty() : Optional.of(of(before, newest));
    }

    /** Returns the points without those of other replicas. */
    public List<SamplePoint> heard(Collection<SamplePoint> points) {
        return points.stream()
                .filter(point -> point.series().replica().isEmpty()
                        || point.series().replica().equals(name))
                .toList();
    }

    /**
     * Elects the replica whose points of a bucket count.
     *
     * @param before who was elected; null at first
     * @param newest of each replica with points in the bucket, its newest one; at least one
     */
    public static ElectedReplica of(@Nullable ElectedReplica before, Map<String, Instant> newest) {
        var byName = new TreeMap<>(newest);
        Instant ofElected = before == null ? null : byName.get(before.name());
        if (before != null && ofElected != null) {
            return new ElectedReplica(before.name(), ofElected);
        }
        Instant latest = byName.values().stream().max(Instant::compareTo).orElseThrow();
        if (before != null && Duration.between(before.seenAt(), latest).compareTo(FAIL_OVER) < 0) {
            return before;
        }
        return new ElectedReplica(byName.firstKey(), byName.firstEntry().getValue());
    }
}
