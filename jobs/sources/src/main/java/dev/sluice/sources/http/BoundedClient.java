package dev.sluice.sources.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests over HTTP/1.1 and takes what is answered whole, within limits. Redirects are not followed, proxies that the environment
 * names are not used.
 */
public final class BoundedClient {
    private final HttpClient client;
    private final Duration whole;
    private final int maxBytes;

    /**
     * Creates one, to be shared: it keeps connections open.
     *
     * @param connect how long it may take to connect
     * @param whole how long it may take from the request to the end of the answer
     * @param maxBytes most bytes of the body of an answer
     */
    public BoundedClient(Duration connect, Duration whole, int maxBytes) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connect)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
        this.whole = whole;
        this.maxBytes = maxBytes;
    }

    /**
     * Sends a request. Returns at once. The client's own limit of time ends where the body begins; this one does not.
     *
     * @param request the request
     * @return the answer; fails with a {@link TooLargeException}, a {@link java.util.concurrent.TimeoutException}, or as
     *     {@link HttpClient#sendAsync} does
     */
    public CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request) {
        CompletableFuture<HttpResponse<byte[]>> exchange = client.sendAsync(request, head -> new BoundedBody(maxBytes));
        return exchange.copy()
                .orTimeout(whole.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        exchange.cancel(true);
                    }
                });
    }
}
