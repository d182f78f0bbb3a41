package dev.sluice.sources;

import java.io.Serializable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A workflow of which each run is an attempt to deploy: of GitHub Actions, or a job of GitLab.
 *
 * @param repository the repository, {@code owner/name} (of GitLab with all groups before the name), or {@code *} for every
 *     repository that has no entry of its own for this workflow
 * @param workflow the name of the workflow or job, as its file gives it
 * @param environment the environment that it deploys to
 * @param service the service that it deploys; null for the one of the repository
 */
public record DeployWorkflow(
        String repository,
        String workflow,
        String environment,
        @Nullable String service) implements Serializable {
    /** The repository of an entry for all repositories. */
    public static final String ANY_REPOSITORY = "*";

    private static final int MAX_LENGTH = 255;
    private static final Pattern REPOSITORY = Pattern.compile("[^\\s/*]+(?:/[^\\s/*]+)+");

    public DeployWorkflow {
        requireName("repository", repository);
        requireName("workflow", workflow);
        requireName("environment", environment);
        if (service != null) {
            requireName("service", service);
        }
        if (!repository.equals(ANY_REPOSITORY)
                && !REPOSITORY.matcher(repository).matches()) {
            throw new IllegalArgumentException("repository must be owner/name or *: \"" + repository + "\"");
        }
    }

    /** Returns whether this entry is for a repository. */
    boolean isFor(String name) {
        return repository.equals(ANY_REPOSITORY) || repository.equals(name);
    }

    private static void requireName(String field, String name) {
        if (name.isBlank() || name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    field + " must be a name of 1 to " + MAX_LENGTH + " characters: \"" + name + "\"");
        }
    }
}
