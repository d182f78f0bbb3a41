package dev.sluice.sources;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Names of installations of a system that its makers also run for all: what it numbers is unique in one installation only.
 *
 * @param system the name of the public one, and the beginning of the name of every other
 * @param publicHost where the public one is
 */
public record InstanceName(String system, String publicHost) {

    /**
     * Returns {@code <system>} for the public installation and where nothing is said, {@code <system>/<host>} for others.
     *
     * @param url the place of a URL of the installation
     * @throws Rejection if it is something else
     */
    public String of(Place url) {
        String text = url.optionalText();
        if (text == null) {
            return system;
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
        return name.equals(publicHost) || name.equals("www." + publicHost) ? system : system + "/" + name;
    }
}
