package dev.sluice.gateapi.access.oidc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;

/** An issuer's keys over HTTP on this machine, well or badly served. */
public final class KeyServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Handling handling = exchange -> answer(exchange, 500, "text/plain", "");

    private KeyServer(HttpServer server) {
        this.server = server;
    }

    /** Starts a server without keys. */
    public static KeyServer start() {
        try {
            var server =
                    new KeyServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            server.server.createContext("/", exchange -> {
                server.asked.add(exchange.getRequestURI().toString());
                server.handling.handle(exchange);
            });
            server.server.setExecutor(server.threads);
            server.server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers a request. */
    interface Handling {
        void handle(HttpExchange exchange) throws IOException;
    }

    /** Serves these keys from now on. */
    public void serve(JsonWebKey... keys) {
        String json = new JsonWebKeySet(keys).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
        serve("application/json", json);
    }

    void serve(String type, String body) {
        handling = exchange -> answer(exchange, 200, type, body);
    }

    void serve(Handling other) {
        handling = other;
    }

    /** Returns what was asked for. */
    List<String> asked() {
        return asked;
    }

    /** Returns where the keys are. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks";
    }

    static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
