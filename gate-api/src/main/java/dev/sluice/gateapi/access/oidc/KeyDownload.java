package dev.sluice.gateapi.access.oidc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Fetches the keys of issuers: within 3 s, at most 64 KiB, JSON by its type, no redirects, no proxy. */
final class KeyDownload {
    private static final int MAX_BYTES = 64 << 10;
    private static final int OK = 200;
    private static final Set<String> TYPES = Set.of("application/json", "application/jwk-set+json");

    private final HttpClient client;
    private final Duration limit;

    KeyDownload(Duration limit) {
        this.limit = limit;
        this.client = HttpClient.newBuilder()
                .connectTimeout(limit)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
    }

    /** Returns the keys that are at a URL; fails if they do not come in time, or are none. */
    CompletableFuture<KeySet> fetch(URI url) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(limit)
                .header("Accept", "application/json")
                .GET()
                .build();
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(request, head -> new BoundedBody(MAX_BYTES));
        return sent.copy()
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        sent.cancel(true);
                    }
                })
                .thenApply(KeyDownload::keys);
    }

    private static KeySet keys(HttpResponse<byte[]> answer) {
        if (answer.statusCode() != OK) {
            throw new IllegalArgumentException("the keys are answered with " + answer.statusCode());
        }
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (!TYPES.contains(type.replaceAll(";.*", "").strip().toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("the keys are no JSON by their type");
        }
        return KeySet.read(answer.body());
    }

    /** Takes a body, and hangs up where it becomes larger than it may be. */
    private static final class BoundedBody implements BodySubscriber<byte[]> {
        private final int maxBytes;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private @Nullable Subscription subscription;

        BoundedBody(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                if (buffer.remaining() > maxBytes - bytes.size()) {
                    body.completeExceptionally(new IOException("the keys are more than " + maxBytes + " bytes"));
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    return;
                }
                byte[] part = new byte[buffer.remaining()];
                buffer.get(part);
                bytes.writeBytes(part);
            }
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
