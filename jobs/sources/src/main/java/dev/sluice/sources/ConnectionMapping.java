package dev.sluice.sources;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the names of a connection's source become Sluice's.
 *
 * @param services service by its name in the source, which is the repository's where the source deploys repositories,
 *     e.g. {@code acme/shop-checkout} to {@code checkout}
 * @param environments the environments that are taken; empty takes all
 * @param workflows the workflows of which each run is a deployment; no two for the same repository and workflow
 * @param service the service of whatever {@code services} does not name; null for the one of the source's own name
 * @param environment the environment of whatever the source names none for; null leaves it open
 * @param incidentLabels the labels of issues that are incidents
 * @param paths whose files are where in repositories that several services share
 * @param options what only the adapter of the connection's source reads: a JSON object; never changed
 */
public record ConnectionMapping(
        Map<String, String> services,
        Set<String> environments,
        List<DeployWorkflow> workflows,
        @Nullable String service,
        @Nullable String environment,
        Set<String> incidentLabels,
        List<ServicePaths> paths,
        JsonNode options)
        implements Serializable {
    /** The labels of issues that are incidents where none are configured. */
    public static final Set<String> INCIDENT_LABELS = Set.of("incident");

    /** The most globs of paths: each file of a commit is asked for all. */
    static final int MOST_GLOBS = 500;

    /** Takes everything under the names that the source gives. */
    public static final ConnectionMapping DEFAULT = new ConnectionMapping(Map.of(), Set.of());

    public ConnectionMapping {
        services = Map.copyOf(services);
        environments = Set.copyOf(environments);
        workflows = List.copyOf(workflows);
        incidentLabels = Set.copyOf(incidentLabels);
        paths = List.copyOf(paths);
        int globs = paths.stream().mapToInt(ServicePaths::globs).sum();
        if (globs > MOST_GLOBS) {
            throw new IllegalArgumentException("paths must have at most " + MOST_GLOBS + " globs: there are " + globs);
        }
        options = options.deepCopy();
        if (!options.isObject()) {
            throw new IllegalArgumentException("options must be an object: " + options);
        }
        if (environment != null && !environments.isEmpty() && !environments.contains(environment)) {
            throw new IllegalArgumentException(
                    "environments must contain the one that is meant where the source names none: " + environment);
        }
        services.forEach((name, known) -> {
            if (name.isBlank() || known.isBlank()) {
                throw new IllegalArgumentException(
                        "services must map names to names: \"" + name + "\" to \"" + known + "\"");
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

    /** Creates a mapping in which every commit is one of all services of its repository. */
    public ConnectionMapping(
            Map<String, String> services,
            Set<String> environments,
            List<DeployWorkflow> workflows,
            @Nullable String service,
            @Nullable String environment,
            Set<String> incidentLabels,
            JsonNode options) {
        this(services, environments, workflows, service, environment, incidentLabels, List.of(), options);
    }

    /** Creates a mapping with defaults for all else. */
    public ConnectionMapping(Map<String, String> services, Set<String> environments, List<DeployWorkflow> workflows) {
        this(services, environments, workflows, null, null, INCIDENT_LABELS, JsonNodeFactory.instance.objectNode());
    }

    /** Creates a mapping in which no workflow is a deployment. */
    public ConnectionMapping(Map<String, String> services, Set<String> environments) {
        this(services, environments, List.of());
    }

    /** Returns the same with other options of the source. */
    public ConnectionMapping withOptions(JsonNode newOptions) {
        return new ConnectionMapping(
                services, environments, workflows, service, environment, incidentLabels, paths, newOptions);
    }

    /** Returns the same with another service and environment where the source names none. */
    public ConnectionMapping withDefaults(@Nullable String newService, @Nullable String newEnvironment) {
        return new ConnectionMapping(
                services, environments, workflows, newService, newEnvironment, incidentLabels, paths, options);
    }

    /** Returns the same with other paths. */
    public ConnectionMapping withPaths(List<ServicePaths> newPaths) {
        return new ConnectionMapping(
                services, environments, workflows, service, environment, incidentLabels, newPaths, options);
    }

    /**
     * Returns the services whose files a commit touches, in text order.
     *
     * @param repository the commit's repository
     * @param files the files that it touches; null where that is not known
     * @return null where the repository is not one of several services, or the files are not known
     */
    public @Nullable List<String> servicesOf(String repository, @Nullable Collection<String> files) {
        List<ServicePaths> known = paths.stream()
                .filter(entry -> entry.repository().equals(repository))
                .toList();
        if (known.isEmpty() || files == null) {
            return null;
        }
        return known.stream()
                .filter(entry -> files.stream().anyMatch(entry::holds))
                .map(ServicePaths::service)
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns an option of the source, absent where it is not configured. */
    public Place option(String name) {
        return new Place(options, "/options").at(name);
    }

    /** Returns the service that something is deployed as which the source calls, e.g., by its repository. */
    public String serviceOf(String name) {
        String known = services.get(name);
        if (known != null) {
            return known;
        }
        return service == null ? name : service;
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
