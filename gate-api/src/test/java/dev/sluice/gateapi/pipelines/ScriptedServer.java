package dev.sluice.gateapi.pipelines;

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

/** Answers in the order in which answers were prepared, whatever is asked; the last one again and again. */
public final class ScriptedServer implements AutoCloseable {
    private final HttpServer server;
    private final Deque<Prepared> prepared = new ArrayDeque<>();
    private final List<Asked> asked = new ArrayList<>();

    /** Begins to listen. */
    public ScriptedServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * What was asked.
     *
     * @param method of the request
     * @param target path and query
     * @param authorization the header; empty if there is none
     * @param body of the request
     */
    public record Asked(String method, String target, String authorization, String body) {}

    private record Prepared(int status, String body, Map<String, String> headers) {}

    /** Prepares an answer. */
    public synchronized ScriptedServer answers(int status, String body, Map<String, String> headers) {
        prepared.add(new Prepared(status, body, headers));
        return this;
    }

    /** Prepares an answer. */
    public ScriptedServer answers(int status, String body) {
        return answers(status, body, Map.of());
    }

    /** Gives this answer from now on, and no other. */
    public synchronized void alwaysAnswers(int status, String body) {
        prepared.clear();
        answers(status, body);
    }

    /** Returns what was asked, the first first. */
    public synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** Returns where it listens. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            asked.add(new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    authorization == null ? "" : authorization,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            Prepared next = prepared.size() > 1 ? prepared.remove() : prepared.element();
            next.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = next.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(next.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
