package dev.sluice.canaryjob.pull;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Stands in for a source that has hits a while after they happened, and answers as its documentation says; whatever else it is asked
 * is an error. On a free port of 127.0.0.1.
 */
abstract class StandIn implements AutoCloseable {
    private final List<Hit> truth;
    private final LongSupplier millis;
    private final long lagSeconds;
    private final HttpServer server;

    /**
     * A hit.
     *
     * @param metric what was hit
     * @param tags by key
     * @param second since the epoch
     */
    record Hit(String metric, Map<String, String> tags, long second) {
        String tag(String key) {
            return tags.getOrDefault(key, "");
        }
    }

    StandIn(List<Hit> truth, LongSupplier millis, long lagSeconds) {
        this.truth = truth;
        this.millis = millis;
        this.lagSeconds = lagSeconds;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpHandler handler = exchange -> {
            try (exchange) {
                byte[] body;
                int status = 200;
                try {
                    body = answer(exchange).getBytes(UTF_8);
                } catch (IllegalArgumentException e) {
                    status = 400;
                    body = "{\"error\": \"%s\"}".formatted(e.getMessage()).getBytes(UTF_8);
                }
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        };
        server.createContext("/", handler);
        server.start();
    }

    /** Returns what it answers; an error where it throws an {@link IllegalArgumentException}. */
    abstract String answer(HttpExchange exchange) throws IOException;

    /** Returns the hits that it has by now. */
    final List<Hit> known() {
        return truth.stream()
                .filter(hit -> hit.second() + lagSeconds <= millis.getAsLong() / 1000)
                .toList();
    }

    static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalArgumentException("wrong " + what);
        }
    }

    final URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public final void close() {
        server.stop(0);
    }
}
