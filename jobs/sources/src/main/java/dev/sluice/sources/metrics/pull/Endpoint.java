package dev.sluice.sources.metrics.pull;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.regex.Pattern;

/**
 * Where a source of metrics is asked.
 *
 * @param base an http or https URL, to which the source's own paths are added; has neither a user nor a query. It comes from
 *     those who run Sluice: where it leads is not checked, a source may well stand on a private network
 * @param credentials who asks; without TLS they are sent to this machine only
 */
public record Endpoint(URI base, Credentials credentials) {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.[0-9.]+|\\[::1]");

    public Endpoint {
        requireNonNull(credentials, "credentials");
        boolean isHttps = "https".equals(base.getScheme());
        if (base.getHost() == null || !(isHttps || "http".equals(base.getScheme()))) {
            throw new IllegalArgumentException("base must be an http or https URL with a host");
        }
        if (base.getRawUserInfo() != null || base.getRawQuery() != null || base.getRawFragment() != null) {
            // not told: it may be a secret
            throw new IllegalArgumentException("base must have neither a user nor a query nor a fragment");
        }
        if (credentials.arePresent()
                && !isHttps
                && !LOOPBACK.matcher(base.getHost()).matches()) {
            throw new IllegalArgumentException("base must be https where secrets are sent, is " + base);
        }
    }

    /** Returns scheme, host and port. */
    String name() {
        return base.getScheme() + "://" + base.getRawAuthority();
    }

    /**
     * Begins a request.
     *
     * @param path from the base on, with a slash first, all of it escaped
     */
    HttpRequest.Builder request(String path) {
        String all = base.toString();
        int end = all.length();
        while (all.charAt(end - 1) == '/') {
            end--;
        }
        return HttpRequest.newBuilder(URI.create(all.substring(0, end) + path))
                .header("Accept", "application/json")
                .header("User-Agent", "sluice");
    }
}
