package dev.sluice.sources.metrics.pull;

import static java.util.Objects.requireNonNull;

import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.http.BoundedClient;
import dev.sluice.sources.http.TooLargeException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to sources of metrics and takes what they answer, within limits. Redirects are not followed, proxies that the
 * environment names are not used. Whatever goes wrong becomes a {@link SourceUnavailableException}.
 */
public final class OutgoingRequests {
    private static final int OK = 200;
    private static final Set<Integer> OF_SOURCE = Set.of(401, 403, 404, 408, 429, 500, 502, 503, 504);

    private final RequestLimits limits;
    private final BoundedClient client;

    /** Creates one, to be shared by clients: it keeps connections open. */
    public OutgoingRequests(RequestLimits limits) {
        this.limits = limits;
        this.client = new BoundedClient(limits.connect(), limits.whole(), limits.maxBytes());
    }

    /** Returns how long a request may take, and how much is taken of its answer. */
    RequestLimits limits() {
        return limits;
    }

    /**
     * Sends a request. Returns at once.
     *
     * @param endpoint whom to ask, and who asks
     * @param request of the endpoint
     * @param reader reads the answer
     * @return what the reader has read; fails as {@link MetricsClient#query} says
     */
    <T> CompletableFuture<T> send(Endpoint endpoint, HttpRequest.Builder request, AnswerReader<T> reader) {
        return bare(CompletableFuture.supplyAsync(() -> show(endpoint)).thenCompose(secrets -> {
            secrets.headers().forEach(request::setHeader);
            return client.send(request.build())
                    .handleAsync((response, failure) -> answer(endpoint, secrets, reader, response, failure));
        }));
    }

    private static Credentials.Shown show(Endpoint endpoint) {
        try {
            return endpoint.credentials().show();
        } catch (UnusableAnswerException e) {
            throw told(endpoint, Credentials.Shown.NONE, e);
        }
    }

    private <T> T answer(
            Endpoint endpoint,
            Credentials.Shown secrets,
            AnswerReader<T> reader,
            @Nullable HttpResponse<byte[]> response,
            @Nullable Throwable failure) {
        try {
            if (response == null || failure != null) {
                throw unusable(unwrapped(requireNonNull(failure, "failure")));
            }
            if (response.statusCode() != OK) {
                throw refusal(response, reader);
            }
            return reader.read(Documents.read(response.body()), secrets);
        } catch (Rejection e) {
            throw told(endpoint, secrets, UnusableAnswerException.ofQuery(wrong(e.outcome())));
        } catch (UnusableAnswerException e) {
            throw told(endpoint, secrets, e);
        }
    }

    private UnusableAnswerException unusable(Throwable failure) {
        if (failure instanceof UnusableAnswerException unusable) {
            return unusable;
        }
        if (failure instanceof TooLargeException) {
            return UnusableAnswerException.ofQuery("answers with " + failure.getMessage());
        }
        if (failure instanceof HttpConnectTimeoutException) {
            return UnusableAnswerException.ofSource(
                    "cannot be reached within " + limits.connect().toMillis() + " ms", null);
        }
        if (failure instanceof TimeoutException) {
            return UnusableAnswerException.ofSource(
                    "has not answered within " + limits.whole().toMillis() + " ms", null);
        }
        String kind = failure.getClass().getSimpleName();
        return failure instanceof SSLException
                ? UnusableAnswerException.ofSource("cannot be trusted: " + kind, null)
                : UnusableAnswerException.ofSource("cannot be reached, or has hung up: " + kind, null);
    }

    private static String wrong(Outcome.Malformed outcome) {
        return outcome.reason() == Reason.MALFORMED_JSON
                ? "answers with what is not JSON" // the parser quotes it, and may cut a secret in two
                : "answers with what is no answer: " + outcome.pointer() + " " + outcome.detail();
    }

    private static UnusableAnswerException refusal(HttpResponse<byte[]> response, AnswerReader<?> reader) {
        String problem = "";
        try {
            problem = reader.problem(Documents.read(response.body()));
        } catch (Rejection e) {
            // of a proxy, or nothing: the status has to do
        }
        Duration retryAfter = reader.retryHeaders().stream()
                .flatMap(header -> retryAfter(response.headers(), header).stream())
                .findFirst()
                .orElse(null);
        String told = "answers with status " + response.statusCode() + (problem.isEmpty() ? "" : ": " + problem);
        return OF_SOURCE.contains(response.statusCode())
                ? UnusableAnswerException.ofSource(told, retryAfter)
                : UnusableAnswerException.ofQuery(told);
    }

    /** Reads seconds, or a time (RFC 9110, 10.2.3) that is taken from the one at which the answer was made. */
    private static Optional<Duration> retryAfter(HttpHeaders headers, String name) {
        return headers.firstValue(name).flatMap(value -> {
            if (value.matches("[0-9]{1,6}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
            }
            return headers.firstValue("Date")
                    .flatMap(OutgoingRequests::time)
                    .flatMap(made -> time(value).map(until -> Duration.between(made, until)))
                    .filter(duration -> !duration.isNegative());
        });
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns the failure as those may be told who are to know of it. */
    static SourceUnavailableException told(Endpoint endpoint, Credentials.Shown secrets, UnusableAnswerException e) {
        return new SourceUnavailableException(
                endpoint.name(), secrets.quote(e.problem()), e.isOfSource(), e.retryAfter());
    }

    /** Returns the same, failing with what it failed with, not with a wrapper around it. */
    static <T> CompletableFuture<T> bare(CompletableFuture<T> stage) {
        var bare = new CompletableFuture<T>();
        var unused = stage.whenComplete((value, failure) -> {
            if (failure == null) {
                bare.complete(value);
            } else {
                bare.completeExceptionally(unwrapped(failure));
            }
        });
        return bare;
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
