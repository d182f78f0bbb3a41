package dev.sluice.gateapi.callers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a server that is called, made from its published contract before its client was: whatever the contract does not have is written
 * down as wrong, and answered with 400.
 */
public abstract class StandIn implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    protected StandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    /** A call as it came. */
    public record Call(String method, String target, HttpExchange exchange, JsonNode body, boolean hasBody) {
        /** Returns a header that is there once, or an empty text. */
        public String header(String name) {
            List<String> values = exchange.getRequestHeaders().getOrDefault(name, List.of());
            return values.size() == 1 ? values.get(0) : "";
        }
    }

    /** What is answered; null for nothing at all, as long as the server is there. */
    public record Answered(int status, String body) {}

    /** Answers a call, or writes down what is wrong with it. */
    protected abstract @Nullable Answered answer(Call call);

    private void take(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        JsonNode body = bytes.length == 0 ? MissingNode.getInstance() : Json.read(bytes, JsonNode.class);
        var call = new Call(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), exchange, body, bytes.length > 0);
        @Nullable Answered answered;
        try {
            answered = answer(call);
        } catch (RuntimeException e) {
            answered = wrong("failed: " + e);
        }
        if (answered == null) {
            awaitClose();
        } else {
            byte[] text = answered.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            if (answered.status() / 100 == 3) {
                // whoever follows it makes a call that the contract does not have
                exchange.getResponseHeaders().set("Location", url() + "/elsewhere");
            }
            exchange.sendResponseHeaders(answered.status(), text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
        }
        exchange.close();
    }

    private void awaitClose() {
        try {
            var unused = closed.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something is wrong with a call. */
    protected Answered wrong(String what) {
        wrong.add(what);
        return new Answered(400, "{\"message\":\"Bad Request\"}");
    }

    /** Writes down what is wrong with the members of an object: each required one must be there, and no other than the optional ones. */
    protected void members(JsonNode object, String what, Set<String> required, Set<String> optional) {
        Set<String> missing = new TreeSet<>(required);
        List<String> unknown = new ArrayList<>();
        object.fieldNames().forEachRemaining(name -> {
            missing.remove(name);
            if (!required.contains(name) && !optional.contains(name)) {
                unknown.add(name);
            }
        });
        if (!object.isObject() || !missing.isEmpty() || !unknown.isEmpty()) {
            var unused = wrong(what + ": missing " + missing + ", unknown " + unknown);
        }
    }

    /** Writes down where something is not as it must be. */
    protected void require(boolean holds, String what) {
        if (!holds) {
            var unused = wrong(what);
        }
    }

    /** Returns what was wrong so far. */
    public List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Returns host and port. */
    public String authority() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns the URL. */
    public String url() {
        return "http://" + authority();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
