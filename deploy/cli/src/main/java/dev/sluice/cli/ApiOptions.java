package dev.sluice.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which Sluice is asked, and as whom. */
final class ApiOptions {
    private static final String URL = "SLUICE_URL";
    private static final String TOKEN = "SLUICE_TOKEN";
    private static final URI LOCAL = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The gate API (default: environment variable SLUICE_URL, else http://127.0.0.1:8080).")
    private @Nullable URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The credential (default: environment variable SLUICE_TOKEN, else none).")
    private @Nullable String token;

    /**
     * Returns a client for the chosen Sluice.
     *
     * @param running what is asked where the options do not say; null for what the environment says, or this machine
     * @param patience how long it goes on when Sluice is busy, or has gone after it had answered
     */
    ApiClient client(Console console, @Nullable URI running, Duration patience) {
        URI chosen = url == null ? running : url;
        if (chosen == null) {
            chosen = console.variable(URL).map(ApiOptions::parsed).orElse(LOCAL);
        }
        String credential = token;
        if (credential == null) {
            credential = console.variable(TOKEN).orElse(null);
        }
        return new ApiClient(chosen, credential, patience);
    }

    private static URI parsed(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new CommandFailedException("the environment variable " + URL + " is not a URL: " + text, e);
        }
    }
}
