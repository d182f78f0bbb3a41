package dev.sluice.sources.github;

import dev.sluice.sources.InstanceName;
import dev.sluice.sources.Place;

/** Which GitHub a payload comes from. */
final class GitHubInstance {
    private static final InstanceName NAME = new InstanceName("github", "github.com");

    private GitHubInstance() {}

    /** Returns {@code github} for github.com, {@code github/<host>} for an instance of one's own. */
    static String of(Place repository) {
        return NAME.of(repository.at("html_url"));
    }
}
