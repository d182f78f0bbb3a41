package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A server that knows some requests, each by all that is in it. Any other one fails. */
final class StrictServer implements Exchange {
    /** Where it is. */
    static final String BASE = "https://deployer.example.org";

    private final Map<String, String> headers;
    private final Map<String, Supplier<String>> reads = new HashMap<>();
    private final Map<String, Write> writes = new HashMap<>();
    private final List<String> done = new ArrayList<>();
    private boolean losesAnswers;

    private record Write(String body, int status, Runnable effect) {}

    /**
     * Creates one.
     *
     * @param headers those of each request
     */
    StrictServer(Map<String, String> headers) {
        this.headers = headers;
    }

    /** Answers a request with what is there then. */
    StrictServer reads(String url, Supplier<String> document) {
        reads.put("GET " + url, document);
        return this;
    }

    /** Does something by a request, whose body is compared as JSON; empty for none. */
    StrictServer does(String request, String body, int status, Runnable effect) {
        writes.put(request, new Write(body, status, effect));
        return this;
    }

    /** Does what is asked for, and does not say so. */
    void loseAnswers(boolean lose) {
        losesAnswers = lose;
    }

    /** Returns the requests that have changed something. */
    List<String> done() {
        return done;
    }

    @Override
    public CompletableFuture<OutboundAnswer> send(OutboundRequest request) {
        String asked = request.method() + " " + request.url();
        Write write = writes.get(asked);
        Map<String, String> expected = new HashMap<>(headers);
        if (request.body().length > 0) {
            expected.put("Content-Type", "application/json");
        }
        if (!request.headers().equals(expected)) {
            throw new AssertionError("other headers than " + expected.keySet() + ": " + request);
        }
        if (write != null) {
            return CompletableFuture.completedFuture(done(request, asked, write));
        }
        Supplier<String> read = reads.get(asked);
        if (read == null || request.body().length > 0) {
            throw new AssertionError("nobody knows " + asked);
        }
        return CompletableFuture.completedFuture(answer(200, read.get()));
    }

    private OutboundAnswer done(OutboundRequest request, String asked, Write write) {
        boolean isSame = write.body().isEmpty()
                ? request.body().length == 0
                : Json.read(request.body(), JsonNode.class)
                        .equals(Json.read(write.body().getBytes(StandardCharsets.UTF_8), JsonNode.class));
        if (!isSame) {
            throw new AssertionError("another body: " + new String(request.body(), StandardCharsets.UTF_8));
        }
        done.add(asked);
        write.effect().run();
        return answer(losesAnswers ? 504 : write.status(), "{}");
    }

    private static OutboundAnswer answer(int status, String body) {
        return new OutboundAnswer(status, Optional.empty(), body.getBytes(StandardCharsets.UTF_8));
    }
}
