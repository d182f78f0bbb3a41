package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Json;
import dev.sluice.wire.MalformedRecordException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Several requests to one server, one after the other. Each answer but success ends it: 403 refuses the order, since who asks may not,
 * and all others are tried again from the first request on. What the server has said is in no answer.
 */
final class Talk {
    /** Bytes of an answer that has one object. */
    static final int OBJECT = 1 << 20;

    /** Bytes of an answer that has many. */
    static final int LIST = OutboundRequest.MOST_BYTES;

    private static final int FORBIDDEN = 403;

    private final String base;
    private final Map<String, String> headers;
    private final Exchange exchange;
    private final Duration longest;
    private final long begun = System.nanoTime();

    /**
     * Begins one.
     *
     * @param base the URL that paths are appended to
     * @param headers headers of each request
     * @param exchange sends
     * @param longest after how long no further request is begun, since an order that comes late does harm
     */
    Talk(String base, Map<String, String> headers, Exchange exchange, Duration longest) {
        this.base = base;
        this.headers = Map.copyOf(headers);
        this.exchange = exchange;
        this.longest = longest;
    }

    /**
     * Asks for something.
     *
     * @param path path and query
     * @param most most bytes of the answer
     * @param next goes on with what was answered
     */
    CompletableFuture<Answer> read(String path, int most, Function<JsonNode, CompletableFuture<Answer>> next) {
        return send(new OutboundRequest("GET", URI.create(base + path), headers, new byte[0], most))
                .thenCompose(answer -> answer.isSuccess() ? understood(answer, next) : ended(answer));
    }

    private static CompletableFuture<Answer> understood(
            OutboundAnswer answer, Function<JsonNode, CompletableFuture<Answer>> next) {
        JsonNode document;
        try {
            document = Json.read(answer.body(), JsonNode.class);
        } catch (MalformedRecordException e) {
            return notUnderstood();
        }
        return next.apply(document);
    }

    /**
     * Changes something.
     *
     * @param method of HTTP
     * @param path path and query
     * @param type of the body
     * @param body what is sent; of no bytes for none
     * @param taken what success means
     */
    CompletableFuture<Answer> write(String method, String path, String type, byte[] body, Outcome taken) {
        Map<String, String> all = new HashMap<>(headers);
        if (body.length > 0) {
            all.put("Content-Type", type);
        }
        return send(new OutboundRequest(method, URI.create(base + path), all, body, OBJECT))
                .thenCompose(answer -> answer.isSuccess() ? end(taken, words(answer)) : ended(answer));
    }

    private CompletableFuture<OutboundAnswer> send(OutboundRequest request) {
        return System.nanoTime() - begun > longest.toNanos()
                ? CompletableFuture.failedFuture(new TooLateException())
                : exchange.send(request);
    }

    private static CompletableFuture<Answer> ended(OutboundAnswer answer) {
        return answer.status() == FORBIDDEN
                ? refused(words(answer))
                : CompletableFuture.completedFuture(new Answer(Outcome.FAILED, words(answer), answer.retryAfter()));
    }

    private static String words(OutboundAnswer answer) {
        return "answered with " + answer.status();
    }

    /** Returns that it is tried again, since an answer is none of the protocol. */
    static CompletableFuture<Answer> notUnderstood() {
        return end(Outcome.FAILED, "its answer is not understood");
    }

    /** Returns that it is not tried again, and people must look. */
    static CompletableFuture<Answer> refused(String words) {
        return end(Outcome.REFUSED, words);
    }

    /** Returns what came of it. */
    static CompletableFuture<Answer> end(Outcome outcome, String words) {
        return CompletableFuture.completedFuture(Answer.of(outcome, words));
    }

    /** Returns a text as a part of a path or a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The requests have taken too long. */
    static final class TooLateException extends Exception {
        private static final long serialVersionUID = 1L;

        TooLateException() {
            super("the requests before the last one have taken too long");
        }
    }
}
