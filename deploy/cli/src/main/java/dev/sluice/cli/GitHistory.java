package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The commits and releases of a repository, wherever they were read.
 *
 * @param repository its name
 * @param commits commits, parents before children where the source knows
 * @param releases releases
 */
record GitHistory(String repository, List<Commit> commits, List<Release> releases) {
    /** Whose ids the events' ids are: the same history has the same ids, from files or from git. */
    static final String SOURCE = "sluice-cli";

    GitHistory {
        commits = List.copyOf(commits);
        releases = List.copyOf(releases);
    }

    /**
     * Returns the history as events, commits first: a release is a successful deployment of a new version, named by its
     * tag.
     */
    List<ObjectNode> events(String service, String environment) {
        var events = new Events(SOURCE);
        var all = new ArrayList<ObjectNode>();
        commits.forEach(commit -> all.add(events.of(commit)));
        for (Release release : releases) {
            all.add(events.of(new Deployment(
                    release.tag(),
                    service,
                    environment,
                    "success",
                    release.at(),
                    release.tag(),
                    repository,
                    release.sha())));
        }
        return all;
    }
}
