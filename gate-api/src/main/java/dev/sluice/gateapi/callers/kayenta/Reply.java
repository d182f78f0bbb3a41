package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.gateapi.callers.Answers;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import io.javalin.http.Context;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a caller of Kayenta is answered. A problem is an object with a {@code message}, which Kayenta's callers show to people.
 *
 * @param status the HTTP status
 * @param body the body; null for none
 */
record Reply(int status, @Nullable Object body) {
    private static final String JSON = "application/json";
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int NO_CONTENT = 204;

    static Reply ok(Object body) {
        return new Reply(OK, body);
    }

    static Reply accepted() {
        return new Reply(ACCEPTED, JsonNodeFactory.instance.objectNode());
    }

    static Reply noContent() {
        return new Reply(NO_CONTENT, null);
    }

    private static Reply problem(ApiException problem) {
        Answers.requireLetIn(problem);
        return new Reply(
                problem.type().status(), JsonNodeFactory.instance.objectNode().put("message", problem.line()));
    }

    /** Answers a request with what comes of it. */
    static void to(Context ctx, Supplier<CompletableFuture<Reply>> work) {
        Answers.of(ctx, work, Reply::problem, (request, reply) -> reply.write(request));
    }

    /** Answers a request with what is at hand. */
    static void at(Context ctx, Supplier<Reply> work) {
        to(ctx, () -> CompletableFuture.completedFuture(work.get()));
    }

    private void write(Context ctx) {
        if (status == ErrorType.UNAVAILABLE.status()) {
            ctx.header("Retry-After", "1");
        }
        if (body == null) {
            ctx.status(status);
        } else {
            Requests.answer(ctx, status, body);
        }
    }

    /**
     * Reads the body of a request.
     *
     * @param ctx the request
     * @param limit most bytes of it
     */
    static JsonNode body(Context ctx, int limit) {
        requireJson(ctx);
        return document(Requests.body(ctx, limit));
    }

    static void requireJson(Context ctx) {
        Requests.requireMediaType(ctx, JSON);
    }

    /** Returns the JSON of a body, all texts of which can be kept. */
    static JsonNode document(byte[] body) {
        try {
            return new Place(Requests.json(body), "").encodable().node();
        } catch (Rejection e) {
            throw Members.problem(e.outcome().pointer() + ": " + e.outcome().detail());
        }
    }
}
