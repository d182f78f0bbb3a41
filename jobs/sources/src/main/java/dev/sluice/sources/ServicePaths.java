package dev.sluice.sources;

import java.io.Serializable;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * Whose files are where in a repository that several services share.
 *
 * @param repository the repository's full name
 * @param service the service
 * @param include globs of its files from the repository's root, as {@link java.nio.file.FileSystem#getPathMatcher} has them,
 *     e.g. {@code services/checkout/**}; at least one
 * @param exclude globs of files that are not its, though they are included
 */
public record ServicePaths(String repository, String service, List<String> include, List<String> exclude)
        implements Serializable {
    public ServicePaths {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        if (repository.isBlank() || service.isBlank() || include.isEmpty()) {
            throw new IllegalArgumentException(
                    "paths must name a repository, a service and at least one glob to include: \"" + repository
                            + "\", \"" + service + "\"");
        }
        include.forEach(ServicePaths::requireGlob);
        exclude.forEach(ServicePaths::requireGlob);
    }

    /** Returns whether a file is one of the service. */
    boolean holds(String file) {
        return matchesOne(include, file) && !matchesOne(exclude, file);
    }

    private static boolean matchesOne(List<String> globs, String file) {
        try {
            Path path = Path.of(file);
            return globs.stream()
                    .anyMatch(glob -> FileSystems.getDefault()
                            .getPathMatcher("glob:" + glob)
                            .matches(path));
        } catch (InvalidPathException e) {
            return false; // no file system has such a file
        }
    }

    private static void requireGlob(String glob) {
        try {
            FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("paths must hold globs: \"" + glob + "\" is none", e);
        }
    }
}
