package dev.sluice.kayenta;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/**
 * How a metric is judged.
 *
 * @param name of which the pairs of values have the same
 * @param groups in whose scores it counts; none in which it counts nowhere
 * @param direction which change is bad
 * @param nanStrategy what a point without a number is
 * @param outliers what becomes of values far from the others
 * @param effectSize how large a difference must be beside being significant
 * @param flags what else is said of it
 */
public record MetricConfig(
        String name,
        List<String> groups,
        Direction direction,
        NanStrategy nanStrategy,
        Outliers outliers,
        EffectSize effectSize,
        Set<Flag> flags) {
    public MetricConfig {
        requireNonNull(name, "name");
        groups = List.copyOf(groups);
        requireNonNull(direction, "direction");
        requireNonNull(nanStrategy, "nanStrategy");
        requireNonNull(outliers, "outliers");
        requireNonNull(effectSize, "effectSize");
        flags = Set.copyOf(flags);
    }

    boolean isCritical() {
        return flags.contains(Flag.CRITICAL);
    }

    boolean mustHaveData() {
        return flags.contains(Flag.MUST_HAVE_DATA);
    }

    /** Returns whether it is judged and shown, and counts nowhere. */
    public boolean isMuted() {
        return flags.contains(Flag.MUTED);
    }

    /** What may be said of a metric. */
    public enum Flag {
        /** If it fails by enough, or has no data, the canary's score is 0. */
        CRITICAL,
        /** Without data it fails, unless it is critical, or points without a number are replaced. */
        MUST_HAVE_DATA,
        /** It is judged and shown, and counts nowhere. */
        MUTED
    }
}
