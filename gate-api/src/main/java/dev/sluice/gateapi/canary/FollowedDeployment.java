package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dora.CurrentRow;
import dev.sluice.wire.CanaryRunDocument;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the newest successful deployment of a service says of a run of it, where the run's config has it followed.
 *
 * @param step what it says
 * @param at when it finished
 */
record FollowedDeployment(Step step, Instant at) {
    private static final String MEMBER = "deployments";

    /** What becomes of the run. */
    enum Step {
        /** Its next stage begins. */
        STAGE,
        /** The rollout has ended: the canary has all traffic, or something else was deployed. */
        END
    }

    /** What a config says of deployments. */
    private enum Following {
        /** Nothing is made of them. */
        IGNORE,
        /** The first one ends the run. */
        END,
        /** Each of the canary's version begins a stage, one of another version ends the run. */
        STAGES
    }

    /**
     * Returns what is to become of a run; nothing if it is so already, or the deployment is not one of its time.
     *
     * @param run what is set of it
     * @param current what runs of its service in its environment
     * @param now a deployment of later, by a clock that is ahead, is followed when its time has come
     */
    static Optional<FollowedDeployment> of(CanaryRunDocument run, CurrentRow current, Instant now) {
        Following following = following(run.config());
        Instant at = current.since();
        if (following == Following.IGNORE
                || run.isEnded()
                || at == null
                || at.isAfter(now)
                || !at.isAfter(run.lastChange())) {
            return Optional.empty();
        }
        boolean begins = following == Following.STAGES && isOfCanary(run, current);
        if (begins && run.stages().size() >= Canaries.MAX_STAGES) {
            return Optional.empty();
        }
        return Optional.of(new FollowedDeployment(begins ? Step.STAGE : Step.END, at));
    }

    /** Returns whether deployments may change a run at all, by its document as it is in the log. */
    static boolean mayChange(JsonNode document) {
        return !document.hasNonNull("ended_at") && following(document.path("config")) != Following.IGNORE;
    }

    private static Following following(JsonNode config) {
        String text = config.path(MEMBER).asText();
        return List.of(Following.values()).stream()
                .filter(following -> following.name().equalsIgnoreCase(text))
                .findFirst()
                .orElse(Following.IGNORE);
    }

    private static boolean isOfCanary(CanaryRunDocument run, CurrentRow current) {
        String canary = run.canary();
        return canary != null
                && Stream.of(
                                Optional.ofNullable(current.version()),
                                Optional.ofNullable(current.sha()),
                                Optional.ofNullable(current.digest()))
                        .flatMap(Optional::stream)
                        .anyMatch(canary::equals);
    }

    /**
     * Returns the run after it.
     *
     * @param moment when that is said to have been
     */
    CanaryRunDocument on(CanaryRunDocument run, Instant moment) {
        return step == Step.STAGE ? run.withStage(moment) : run.endedAt(moment);
    }
}
