package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say which Sluice is asked, and as whom. */
final class ApiOptions {
    private static final String URL = "SLUICE_URL";
    private static final String TOKEN = "SLUICE_TOKEN";
    private static final URI LOCAL = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "The gate API (default: environment variable SLUICE_URL, else that of --data where it runs, else http://127.0.0.1:8080).")
    private @Nullable URI url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The credential (default: environment variable SLUICE_TOKEN, else none).")
    private @Nullable String token;

    @Mixin
    private DataOption data = new DataOption();

    /**
     * Returns a client for the chosen Sluice.
     *
     * @param running what is asked where the options do not say; null for what the environment says, or the data
     *     directory, or this machine
     * @param patience how long it goes on when Sluice is busy, or has gone after it had answered
     */
    ApiClient client(Console console, @Nullable URI running, Duration patience) {
        String credential = token;
        if (credential == null) {
            credential = console.variable(TOKEN).orElse(null);
        }
        URI chosen = url == null ? running : url;
        if (chosen == null) {
            chosen = console.variable(URL).map(ApiOptions::parsed).orElse(null);
        }
        return chosen == null
                ? ofDirectory(data.directory(console), credential, patience)
                : new ApiClient(chosen, credential, patience);
    }

    /** Returns which installation on this machine is meant. */
    DataDirectory directory(Console console) {
        return data.directory(console);
    }

    /** Returns a client for the Sluice of a data directory; where none is ready, for the usual port if none was named. */
    private ApiClient ofDirectory(DataDirectory directory, @Nullable String credential, Duration patience) {
        OptionalLong pid = directory.runningPid();
        JsonNode endpoints = directory.endpoints();
        if (pid.isPresent() && endpoints.path("pid").asLong() == pid.getAsLong()) {
            return new ApiClient(URI.create(endpoints.path("url").asText()), credential, patience);
        }
        String advice = pid.isPresent()
                ? "The Sluice of %s (process %d) is still starting; `deploy/sluice status` says when it is ready."
                        .formatted(directory.path(), pid.getAsLong())
                : ApiClient.START_ADVICE;
        if (data.isGiven()) {
            throw new CommandFailedException(
                    pid.isPresent() ? advice : "no Sluice runs on the data directory %s".formatted(directory.path()));
        }
        return new ApiClient(LOCAL, credential, patience, advice);
    }

    private static URI parsed(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new CommandFailedException("the environment variable " + URL + " is not a URL: " + text, e);
        }
    }
}
