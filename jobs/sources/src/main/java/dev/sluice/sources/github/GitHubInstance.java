package dev.sluice.sources.github;

import dev.sluice.sources.Place;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Which GitHub a payload comes from; ids of deployments are unique in one instance only. */
final class GitHubInstance {
    private static final String PUBLIC = "github";
    private static final String PUBLIC_HOST = "github.com";

    private GitHubInstance() {}

    /** Returns {@code github} for github.com, {@code github/<host>} for an instance of one's own. */
    static String of(Place repository) {
        Place url = repository.at("html_url");
        String text = url.optionalText();
        if (text == null) {
            return PUBLIC;
        }
        String host;
        try {
            host = new URI(text).getAuthority();
        } catch (URISyntaxException e) {
            host = null;
        }
        if (host == null || host.isEmpty()) {
            throw url.wrong("must be a URL with a host");
        }
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals(PUBLIC_HOST) || name.equals("www." + PUBLIC_HOST) ? PUBLIC : PUBLIC + "/" + name;
    }
}
