package dev.sluice.embedded;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Somebody who takes webhooks and answers as it is told: 202 where nothing else is said. */
public final class Receiver implements AutoCloseable {
    /** Instead of a status: the request is taken, and nothing is answered. */
    public static final int SILENCE = 0;

    private static final Duration SILENT_FOR = Duration.ofSeconds(60);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final Map<String, Queue<Integer>> answers = new ConcurrentHashMap<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();

    /** Begins to listen. */
    public Receiver() throws IOException {
        this(0);
    }

    /** Begins to listen at a port where one has listened before. */
    public Receiver(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    /**
     * Something that was received.
     *
     * @param path the path
     * @param headers of the request, in lower case
     * @param body the body
     * @param atNanos when, as {@link System#nanoTime} tells
     */
    public record Received(String path, Map<String, String> headers, String body, long atNanos) {
        /** Returns a header; empty where there is none. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Map<String, String> headers = new ConcurrentHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        received.add(new Received(path, headers, body, System.nanoTime()));
        Queue<Integer> queue = answers.get(path);
        Integer status = queue == null ? null : queue.poll();
        if (status != null && status == SILENCE) {
            LockSupport.parkNanos(SILENT_FOR.toNanos());
        }
        exchange.sendResponseHeaders(status == null || status == SILENCE ? 202 : status, -1);
        exchange.close();
    }

    /** Says how the next requests of a path are answered. */
    public void answers(String path, Integer... statuses) {
        answers.computeIfAbsent(path, none -> new ConcurrentLinkedQueue<>()).addAll(List.of(statuses));
    }

    /** Returns what was received at a path, the first one first. */
    public List<Received> at(String path) {
        return received.stream().filter(one -> one.path().equals(path)).toList();
    }

    /** Returns the URL of a path. */
    public String url(String path) {
        return "http://" + authority() + path;
    }

    /** Returns host and port. */
    public String authority() {
        return "127.0.0.1:" + port();
    }

    /** Returns the port. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
