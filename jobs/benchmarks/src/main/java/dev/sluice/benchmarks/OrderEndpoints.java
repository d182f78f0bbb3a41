package dev.sluice.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.benchmarks.HttpConnection.Answer;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.egress.EgressRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Who is told to roll back: one takes each order at once, the other takes connections and never answers. */
final class OrderEndpoints implements AutoCloseable {
    /** Name of the one that takes orders. */
    static final String TAKING = "taking";

    /** Name of the one that never answers. */
    static final String SILENT = "silent";

    private static final String SECRET = "SLUICE_SECRET_BENCHMARK";
    private static final int CONNECTIONS = 4_000;
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    private final ServerSocket silent;
    private final HttpServer taking;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Map<String, CompletableFuture<Long>> awaited = new ConcurrentHashMap<>();

    OrderEndpoints() throws IOException {
        // nobody accepts: the system makes the connections, and what is sent is kept
        silent = new ServerSocket(0, CONNECTIONS, InetAddress.getLoopbackAddress());
        taking = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        taking.setExecutor(threads);
        taking.createContext("/", this::take);
        taking.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        long now = System.nanoTime();
        exchange.getRequestBody().readAllBytes();
        String id = exchange.getRequestHeaders().getFirst("webhook-id");
        exchange.sendResponseHeaders(ACCEPTED, -1);
        exchange.close();
        await(id).complete(now);
    }

    /** Returns when an order has come, by {@link System#nanoTime}. */
    CompletableFuture<Long> await(String order) {
        return awaited.computeIfAbsent(order, id -> new CompletableFuture<>());
    }

    /** Returns rules that allow to send to both. */
    EgressRules allowed() {
        var problems = new Problems();
        EgressRules rules = EgressRules.read(url(silent.getLocalPort()) + "," + url(port()), "", problems);
        problems.throwIfAny();
        return rules;
    }

    /** Returns environment variables that both need. */
    static Map<String, String> secrets() {
        return Map.of(SECRET, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }

    /** Sets both up. */
    void setUp(int apiPort) throws IOException {
        setUp(apiPort, SILENT, silent.getLocalPort());
        setUp(apiPort, TAKING, port());
    }

    private static void setUp(int apiPort, String name, int port) throws IOException {
        byte[] body = "{\"kind\": \"webhook\", \"url\": \"%s\", \"secret_env\": \"%s\"}"
                .formatted(url(port), SECRET)
                .getBytes(StandardCharsets.UTF_8);
        try (var connection = new HttpConnection(apiPort)) {
            var waiting = new Deadline("an endpoint is set up", READY_LIMIT);
            byte[] request = HttpConnection.put("/v1/endpoints/" + name, "application/json", body);
            for (Answer answer = connection.send(request); answer.status() != OK; answer = connection.send(request)) {
                if (answer.status() < 500) {
                    throw new IllegalStateException("the endpoint cannot be set up: " + answer.text());
                }
                waiting.pause();
            }
        }
    }

    private int port() {
        return taking.getAddress().getPort();
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() throws IOException {
        silent.close();
        taking.stop(0);
        threads.shutdownNow();
    }
}
