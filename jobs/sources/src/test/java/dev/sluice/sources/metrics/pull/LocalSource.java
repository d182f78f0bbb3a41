package dev.sluice.sources.metrics.pull;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** A source of metrics on a free port of 127.0.0.1 that remembers what it was asked. */
final class LocalSource implements AutoCloseable {
    static {
        // else each answer waits for an acknowledgement of its head
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    /** Starts one that answers like this; the body has been read before. */
    LocalSource(Answering answering) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpHandler handler = exchange -> {
            try (exchange) {
                Asked request = Asked.of(exchange);
                asked.add(request);
                answering.answer(request, exchange);
            }
        };
        server.createContext("/", handler);
        server.setExecutor(threads);
        server.start();
    }

    /** Starts one that always answers with this body. */
    static LocalSource answering(int status, byte[] body) {
        return new LocalSource((request, exchange) -> send(exchange, status, body));
    }

    /** Starts one that always answers with this body. */
    static LocalSource answering(int status, String body) {
        return answering(status, body.getBytes(UTF_8));
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Returns its endpoint, which nobody has to prove anything to. */
    Endpoint endpoint() {
        return new Endpoint(base(), Credentials.none());
    }

    List<Asked> asked() {
        return asked;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** How it answers. */
    interface Answering {
        void answer(Asked request, HttpExchange exchange) throws IOException;
    }

    /** A request. */
    record Asked(String method, URI uri, Headers headers, String body) {
        private static final Pattern AMPERSAND = Pattern.compile("&");

        static Asked of(HttpExchange exchange) throws IOException {
            return new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        }

        String header(String name) {
            return String.join(", ", headers.getOrDefault(name, List.of()));
        }

        /** Returns the fields of a form, or of a query. */
        static Map<String, String> fields(String encoded) {
            Map<String, String> fields = new LinkedHashMap<>();
            AMPERSAND.splitAsStream(encoded).forEach(field -> {
                int end = field.indexOf('=');
                fields.put(field.substring(0, end), URLDecoder.decode(field.substring(end + 1), UTF_8));
            });
            return fields;
        }
    }
}
