package dev.sluice.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one service and environment, as their observations come in. The same deployment id in another service
 * or environment is another attempt: a pipeline that deploys two services, or promotes from one environment to the next,
 * has one id for all of them.
 */
public final class DeploymentRegister {
    private final Table<String, List<DeploymentObserved>> observations;

    /**
     * Creates the register over its table.
     *
     * @param observations the observations of each attempt, by deployment id
     */
    public DeploymentRegister(Table<String, List<DeploymentObserved>> observations) {
        this.observations = observations;
    }

    /**
     * What an observation changed.
     *
     * @param before the attempt without it; null where there was none
     * @param after the attempt with it
     */
    public record Change(@Nullable DeploymentAttempt before, DeploymentAttempt after) {
        /** Returns where and when the attempt succeeded; null where it did not, is gone, or names no commit. */
        public @Nullable DeployedHead headAfter() {
            String sha = after.sha();
            return after.isSuccess() && sha != null && after.finishedAt() != null
                    ? new DeployedHead(after.id(), after.service(), after.environment(), sha, after.finishedAt())
                    : null;
        }

        /** Returns the repository that no longer has the attempt; null where there is none. */
        public @Nullable String repositoryLeft() {
            String repository = before == null ? null : before.repository();
            return Objects.equals(repository, after.repository()) ? null : repository;
        }
    }

    /** Adds an observation; returns what it changed, or null where it was known. */
    public @Nullable Change observe(DeploymentObserved observation) {
        List<DeploymentObserved> known = observations.get(observation.deploymentId());
        if (known == null) {
            observations.put(observation.deploymentId(), List.of(observation));
            return new Change(null, DeploymentAttempt.of(List.of(observation)));
        }
        String id = observation.header().id();
        if (known.stream().anyMatch(other -> other.header().id().equals(id))) {
            return null;
        }
        var more = new ArrayList<>(known);
        more.add(observation);
        observations.put(observation.deploymentId(), List.copyOf(more));
        return new Change(DeploymentAttempt.of(known), DeploymentAttempt.of(more));
    }
}
