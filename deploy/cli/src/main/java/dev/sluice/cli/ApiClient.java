package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The public API of one Sluice. An answer that asks to come back later (429, 503) is tried again; so is a lost
 * connection once Sluice has answered, for every request is safe to repeat: events carry ids of their own. What is not safe
 * to repeat is sent once.
 */
final class ApiClient {
    /** What to do where none answers. */
    static final String START_ADVICE = "Start one with `deploy/sluice up`, or say where it is with --url.";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** After so many doublings a pause is the longest in any case. */
    private static final int MOST_DOUBLINGS = 8;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final int FIRST_SERVER_ERROR = 500;

    private final URI base;
    private final @Nullable String token;
    private final Duration patience;
    private final String advice;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private volatile boolean answered;
    private volatile Consumer<String> onRetry = reason -> {};

    ApiClient(URI base, @Nullable String token, Duration patience) {
        this(base, token, patience, START_ADVICE);
    }

    /**
     * A client.
     *
     * @param advice a sentence for the user where none answers
     */
    ApiClient(URI base, @Nullable String token, Duration patience, String advice) {
        if (base.getHost() == null || !("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
            throw new CommandFailedException(
                    "not the URL of a gate API: " + base + ". It looks like http://127.0.0.1:8080.");
        }
        this.base = URI.create(base.toString().replaceAll("/+$", ""));
        this.token = token;
        this.patience = patience;
        this.advice = advice;
    }

    /** Returns the address that is asked. */
    URI base() {
        return base;
    }

    /** Sets who is told why a request is repeated. */
    void onRetry(Consumer<String> listener) {
        onRetry = listener;
    }

    /**
     * Asks for a document.
     *
     * @throws CommandFailedException if Sluice cannot be reached, or still asks to come back later
     */
    Answer get(String path, Map<String, String> query) {
        return send(getRequest(path, query), ApiClient::isLater);
    }

    /**
     * Asks for a document over a restart of Sluice: once it has answered, each error of a server is tried again. A Sluice that
     * stops may answer so to whoever waits, and a proxy that does not reach it any more does.
     *
     * @throws CommandFailedException if Sluice cannot be reached
     */
    Answer getOverRestarts(String path, Map<String, String> query) {
        return send(getRequest(path, query), status -> isLater(status) || (answered && status >= FIRST_SERVER_ERROR));
    }

    private HttpRequest getRequest(String path, Map<String, String> query) {
        var joined = new StringJoiner("&", query.isEmpty() ? "" : "?", "");
        query.forEach((name, value) -> joined.add(encode(name) + "=" + encode(value)));
        return request(path + joined).GET().build();
    }

    /** Asks for a document once: what asks to come back later is an answer too. */
    Answer getOnce(String path) {
        return once(request(path).GET().build());
    }

    /**
     * Sends a document that must not be sent twice: after a lost connection, or an answer that asks to come back later, it may
     * have had its effect.
     *
     * @throws CommandFailedException if Sluice cannot be reached
     */
    Answer postOnce(String path, String contentType, byte[] body) {
        return once(post(request(path), contentType, body));
    }

    private Answer once(HttpRequest request) {
        try {
            return answer(http.send(request, BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted", e);
        }
    }

    /**
     * Sends a document.
     *
     * @throws CommandFailedException if Sluice cannot be reached, or still asks to come back later
     */
    Answer post(String path, String contentType, byte[] body) {
        return send(post(request(path), contentType, body), ApiClient::isLater);
    }

    private static HttpRequest post(HttpRequest.Builder request, String contentType, byte[] body) {
        return request.header("Content-Type", contentType)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    /** Returns a part of a path or query with everything escaped that is not plain. */
    static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + pathAndQuery)).timeout(REQUEST_TIMEOUT);
        request.header("Accept", "application/json, application/problem+json");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    private Answer send(HttpRequest request, IntPredicate isLater) {
        RetryPolicy<HttpResponse<byte[]>> policy = RetryPolicy.<HttpResponse<byte[]>>builder()
                .handleIf((response, failure) -> failure instanceof IOException && answered)
                .handleResultIf(response -> isLater.test(response.statusCode()))
                .withMaxRetries(-1)
                .withMaxDuration(patience)
                .withDelayFn(context -> pauseAfter(context.getLastResult(), context.getAttemptCount()))
                .onRetry(event -> onRetry.accept(reason(event.getLastResult())))
                .build();
        try {
            return answer(Failsafe.with(policy).get(() -> http.send(request, BodyHandlers.ofByteArray())));
        } catch (FailsafeException e) {
            if (e.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw new CommandFailedException("interrupted", e);
            }
            throw unreachable(e.getCause());
        }
    }

    private CommandFailedException unreachable(@Nullable Throwable failure) {
        return new CommandFailedException(
                "no Sluice answers at %s (%s). %s".formatted(base, reason(failure), advice), failure);
    }

    private static String reason(@Nullable HttpResponse<byte[]> response) {
        if (response == null) {
            return "Sluice does not answer";
        }
        return isLater(response.statusCode()) ? "Sluice is busy" : "Sluice answers " + response.statusCode();
    }

    private static String reason(@Nullable Throwable failure) {
        if (failure == null || failure.getMessage() == null) {
            return "connection refused";
        }
        return failure.getMessage();
    }

    private Answer answer(HttpResponse<byte[]> response) {
        answered = true;
        JsonNode json;
        try {
            json = response.body().length == 0
                    ? MissingNode.getInstance()
                    : Documents.mapper().readTree(response.body());
        } catch (IOException e) {
            throw new CommandFailedException(
                    "%s answered %d with something that is not JSON: is it a Sluice?"
                            .formatted(base, response.statusCode()),
                    e);
        }
        return new Answer(response.statusCode(), json);
    }

    private static boolean isLater(int status) {
        return status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
    }

    private static Duration pauseAfter(@Nullable HttpResponse<byte[]> response, int attempts) {
        return pause(response == null ? Optional.empty() : response.headers().firstValue("Retry-After"), attempts);
    }

    /**
     * Returns how long to pause: as long as Sluice asks for, else longer each time, and never long.
     *
     * @param asked the header Retry-After
     * @param attempts how many have failed
     */
    static Duration pause(Optional<String> asked, int attempts) {
        Duration pause = asked.filter(value -> value.matches("\\d{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                .orElseGet(() -> growing(attempts));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static Duration growing(int attempts) {
        return SHORTEST_PAUSE.multipliedBy(1L << Math.min(Math.max(0, attempts - 1), MOST_DOUBLINGS));
    }
}
