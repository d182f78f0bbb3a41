package dev.sluice.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An HTTP server on a free port of 127.0.0.1 that gives prepared answers and remembers what it was asked. */
final class LocalApi implements AutoCloseable {
    private static final int LOST = 0;

    private final HttpServer server;
    private final Map<String, Deque<Prepared>> answers = new ConcurrentHashMap<>();
    private final List<Asked> asked = new ArrayList<>();

    LocalApi() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Prepares a connection that is lost in the middle of an answer, as when Sluice is killed. */
    LocalApi isLost(String path) {
        return answers(path, LOST, "{}");
    }

    /** Prepares an answer of a path; the last one prepared is repeated. */
    LocalApi answers(String path, int status, String json) {
        return answers(path, status, json, Map.of());
    }

    LocalApi answers(String path, int status, String json, Map<String, String> headers) {
        answers.computeIfAbsent(path, any -> new ArrayDeque<>()).add(new Prepared(status, json, headers));
        return this;
    }

    synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    List<Asked> asked(String path) {
        return asked().stream().filter(each -> each.path().equals(path)).toList();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(new Asked(
                    exchange.getRequestMethod(),
                    path,
                    String.valueOf(exchange.getRequestURI().getQuery()),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type")),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                    body));
            Deque<Prepared> prepared = answers.getOrDefault(path, new ArrayDeque<>());
            Prepared next = prepared.size() > 1 ? prepared.remove() : prepared.peek();
            if (next == null) {
                next = new Prepared(404, "{\"title\":\"nothing prepared for " + path + "\"}", Map.of());
            }
            next.headers().forEach(exchange.getResponseHeaders()::set);
            if (next.status() == LOST) {
                // more is announced than comes
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                return;
            }
            byte[] json = next.json().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(next.status(), json.length == 0 ? -1 : json.length);
            exchange.getResponseBody().write(json);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    record Asked(String method, String path, String query, String contentType, String authorization, String body) {}

    private record Prepared(int status, String json, Map<String, String> headers) {}
}
