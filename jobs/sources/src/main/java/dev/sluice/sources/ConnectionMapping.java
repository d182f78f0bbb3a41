package dev.sluice.sources;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the names of a connection's source become Sluice's.
 *
 * @param services service by repository, e.g. {@code acme/shop-checkout} to {@code checkout}; a repository that is not
 *     named here is a service of its own name
 * @param environments the environments that are taken; empty takes all
 * @param workflows the workflows of which each run is a deployment; no two for the same repository and workflow
 */
public record ConnectionMapping(Map<String, String> services, Set<String> environments, List<DeployWorkflow> workflows)
        implements Serializable {
    /** Takes everything under the names that the source gives. */
    public static final ConnectionMapping DEFAULT = new ConnectionMapping(Map.of(), Set.of());

    public ConnectionMapping {
        services = Map.copyOf(services);
        environments = Set.copyOf(environments);
        workflows = List.copyOf(workflows);
        services.forEach((repository, service) -> {
            if (repository.isBlank() || service.isBlank()) {
                throw new IllegalArgumentException(
                        "services must map names to names: \"" + repository + "\" to \"" + service + "\"");
            }
        });
        Set<List<String>> seen = new HashSet<>();
        for (DeployWorkflow workflow : workflows) {
            if (!environments.isEmpty() && !environments.contains(workflow.environment())) {
                throw new IllegalArgumentException(
                        "environments must contain the one that a workflow deploys to: " + workflow);
            }
            if (!seen.add(List.of(workflow.repository(), workflow.workflow()))) {
                throw new IllegalArgumentException(
                        "workflows must name a repository's workflow once, for a run is one deployment: " + workflow);
            }
        }
    }

    /** Creates a mapping in which no workflow is a deployment. */
    public ConnectionMapping(Map<String, String> services, Set<String> environments) {
        this(services, environments, List.of());
    }

    /** Returns the service that a repository is deployed as, where the source does not name one. */
    public String serviceOf(String repository) {
        return services.getOrDefault(repository, repository);
    }

    /** Returns the service that a run of a workflow deploys. */
    public String serviceOf(String repository, DeployWorkflow workflow) {
        return workflow.service() == null ? serviceOf(repository) : workflow.service();
    }

    /** Returns whether deployments to an environment are taken. */
    public boolean takes(String environment) {
        return environments.isEmpty() || environments.contains(environment);
    }

    /** Returns what the runs of a repository's workflow deploy; the repository's own entry goes before that for all. */
    public Optional<DeployWorkflow> workflow(String repository, String workflow) {
        DeployWorkflow found = null;
        for (DeployWorkflow entry : workflows) {
            if (entry.isFor(repository) && entry.workflow().equals(workflow)) {
                if (entry.repository().equals(repository)) {
                    return Optional.of(entry);
                }
                found = entry;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Returns a workflow whose runs are the deployments of a repository to an environment. */
    public Optional<DeployWorkflow> workflowTo(String repository, String environment) {
        return workflows.stream()
                .filter(entry -> entry.isFor(repository) && entry.environment().equals(environment))
                .filter(entry -> workflow(repository, entry.workflow()).equals(Optional.of(entry)))
                .findFirst();
    }
}
