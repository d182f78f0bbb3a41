package dev.sluice.gateapi;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that says in its answers all that it was sent, credentials too, with one status after the other. */
final class EchoServer implements AutoCloseable {
    private static final List<Integer> STATUSES = List.of(500, 401, 200, 422);

    private static final List<String> CREDENTIALS = List.of(
            "Authorization", "PRIVATE-TOKEN", "X-Nomad-Token", "DD-API-KEY", "DD-APPLICATION-KEY", "webhook-signature");

    private final HttpServer server;
    private final Set<String> credentials = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();

    EchoServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        for (String header : CREDENTIALS) {
            String value = exchange.getRequestHeaders().getFirst(header);
            if (value != null) {
                credentials.add(value.substring(value.indexOf(' ') + 1));
            }
        }
        String sent =
                exchange.getRequestURI() + " " + exchange.getRequestHeaders().entrySet() + " "
                        + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        byte[] body = ("{\"message\": \""
                        + sent.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(STATUSES.get(requests.getAndIncrement() % STATUSES.size()), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    String authority() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    String url() {
        return "http://" + authority();
    }

    /** Returns each credential that it was shown. */
    Set<String> credentials() {
        return Set.copyOf(credentials);
    }

    int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
