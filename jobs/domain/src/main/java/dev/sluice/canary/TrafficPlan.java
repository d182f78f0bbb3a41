package dev.sluice.canary;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the traffic of a rollout is to be divided.
 *
 * @param randomizedBy what is assigned to the arms at random; null where nothing is, or nobody knows
 * @param stages the planned stages, in order; empty where nobody has said them
 */
public record TrafficPlan(@Nullable Unit randomizedBy, List<Stage> stages) {
    /** Nothing is known. */
    public static final TrafficPlan UNKNOWN = new TrafficPlan(null, List.of());

    /** What is assigned to an arm at random: the randomization unit of experiments. */
    public enum Unit {
        /** Each request by itself. */
        REQUEST,
        /** All requests of a session together. */
        SESSION,
        /** All requests of a user together. */
        USER
    }

    /**
     * A planned step of the rollout.
     *
     * @param duration how long it lasts at most
     * @param canaryShare which share of the requests the canary gets, above 0 and below 1; null where that is not known
     */
    public record Stage(Duration duration, @Nullable Double canaryShare) {
        public Stage {
            if (requireNonNull(duration, "duration").toMillis() <= 0) {
                throw new IllegalArgumentException("a stage must last at least a millisecond, it lasts " + duration);
            }
            if (canaryShare != null && !(canaryShare > 0 && canaryShare < 1)) {
                throw new IllegalArgumentException(
                        "the canary's share must be above 0 and below 1, it is " + canaryShare);
            }
        }
    }

    public TrafficPlan {
        stages = List.copyOf(stages);
    }

    /** Returns how long all stages last together, at most; zero where there are none. */
    public Duration duration() {
        return stages.stream().map(Stage::duration).reduce(Duration.ZERO, Duration::plus);
    }

    /**
     * Returns the planned share of a stage.
     *
     * @param stage its number, 0 for the first
     * @return null where it is not known
     */
    @Nullable
    Double canaryShare(int stage) {
        return stage < stages.size() ? stages.get(stage).canaryShare() : null;
    }
}
