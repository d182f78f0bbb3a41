package dev.sluice.sources;

import java.io.Serializable;
import java.util.List;

/**
 * Whose files are where in a repository that several services share.
 *
 * @param repository the repository's full name
 * @param service the service
 * @param include globs of its files from the repository's root, e.g. {@code services/checkout/**}; at least one
 * @param exclude globs of files that are not its, though they are included
 */
public record ServicePaths(String repository, String service, List<Glob> include, List<Glob> exclude)
        implements Serializable {
    public ServicePaths {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        if (repository.isBlank() || service.isBlank() || include.isEmpty()) {
            throw new IllegalArgumentException(
                    "paths must name a repository, a service and at least one glob to include: \"" + repository
                            + "\", \"" + service + "\"");
        }
    }

    /**
     * Reads the globs.
     *
     * @throws IllegalArgumentException naming the first that is none
     */
    public static ServicePaths of(String repository, String service, List<String> include, List<String> exclude) {
        return new ServicePaths(
                repository,
                service,
                include.stream().map(Glob::of).toList(),
                exclude.stream().map(Glob::of).toList());
    }

    /** Returns whether a file is one of the service. */
    boolean holds(String file) {
        return include.stream().anyMatch(glob -> glob.matches(file))
                && exclude.stream().noneMatch(glob -> glob.matches(file));
    }

    /** Returns how many globs there are to ask. */
    int globs() {
        return include.size() + exclude.size();
    }
}
