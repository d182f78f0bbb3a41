package dev.sluice.sources.gitlab;

import dev.sluice.sources.Delivery;
import dev.sluice.sources.ForgeEvents;
import dev.sluice.sources.InstanceName;
import dev.sluice.sources.Place;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * The project that a hook tells of.
 *
 * @param source which GitLab it is of: {@code gitlab} for gitlab.com, {@code gitlab/<host>} for another
 * @param path its name with all groups before it
 */
record GitLabProject(String source, String path) {
    private static final InstanceName INSTANCE = new InstanceName("gitlab", "gitlab.com");

    /** Returns the project of a hook; those of jobs have only its page in older GitLab. */
    static GitLabProject of(Place body) {
        Place project = body.at("project");
        if (project.node().isObject()) {
            return new GitLabProject(
                    INSTANCE.of(project.at("web_url")),
                    project.at("path_with_namespace").text());
        }
        Place page = body.at("repository").object().at("homepage");
        String url = page.text();
        String path;
        try {
            path = new URI(url).getPath();
        } catch (URISyntaxException e) {
            path = null;
        }
        if (path == null || path.length() < 2) {
            throw page.wrong("must be the URL of a project");
        }
        return new GitLabProject(INSTANCE.of(page), path.substring(1));
    }

    /** Returns the events of this project that a delivery tells of. */
    ForgeEvents events(Delivery delivery) {
        return new ForgeEvents(delivery, source, path);
    }
}
