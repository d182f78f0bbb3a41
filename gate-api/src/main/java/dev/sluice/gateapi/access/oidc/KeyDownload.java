package dev.sluice.gateapi.access.oidc;

import dev.sluice.sources.http.BoundedClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Fetches the keys of issuers: within 3 s, at most 64 KiB, JSON by its type, no redirects, no proxy. */
final class KeyDownload {
    private static final int MAX_BYTES = 64 << 10;
    private static final int OK = 200;
    private static final Set<String> TYPES = Set.of("application/json", "application/jwk-set+json");

    private final BoundedClient client;
    private final Duration limit;

    KeyDownload(Duration limit) {
        this.limit = limit;
        this.client = new BoundedClient(limit, limit, MAX_BYTES);
    }

    /** Returns the keys that are at a URL; fails if they do not come in time, or are none. */
    CompletableFuture<KeySet> fetch(URI url) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(limit)
                .header("Accept", "application/json")
                .GET()
                .build();
        return client.send(request).thenApply(KeyDownload::keys);
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
}
