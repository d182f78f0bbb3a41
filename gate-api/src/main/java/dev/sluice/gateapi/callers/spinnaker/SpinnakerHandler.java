package dev.sluice.gateapi.callers.spinnaker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.canary.Canaries;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import io.javalin.http.Context;
import java.util.concurrent.CompletableFuture;

/**
 * Answers Spinnaker's Webhook stage, which posts to a URL and then polls the same URL. The id of the run stands in it, so that
 * a stage that is started again goes on with its run.
 */
public final class SpinnakerHandler {
    private static final String JSON = "application/json";
    private static final String ID = "id";
    private static final int MAX_BYTES = 256 << 10;
    private static final int OK = 200;

    private final Canaries canaries;

    /**
     * Creates a handler.
     *
     * @param canaries all canary runs
     */
    public SpinnakerHandler(Canaries canaries) {
        this.canaries = canaries;
    }

    /** Handles {@code POST /v1/spinnaker/canaries/{id}}. The same request again is answered with the run as it stands. */
    public void start(Context ctx) {
        Requests.requireMediaType(ctx, JSON);
        JsonNode body = Requests.json(Requests.body(ctx, MAX_BYTES));
        if (!(body instanceof ObjectNode object) || object.has(ID)) {
            throw ApiException.invalidDocument("", "the body must be an object without an id, which the path has");
        }
        Principal principal = Routes.principal(ctx);
        canaries.requireRead();
        CompletableFuture<Void> done = canaries.start(principal, object.put(ID, ctx.pathParam(ID)))
                .thenAccept(run -> Requests.answer(ctx, OK, StageStatus.of(run)));
        ctx.future(() -> done);
    }

    /** Handles {@code GET /v1/spinnaker/canaries/{id}}. What is not known (yet) is still running: a 404 would end the stage. */
    public void read(Context ctx) {
        String id = ctx.pathParam(ID);
        canaries.requireRead();
        StageStatus status = canaries.find(Routes.principal(ctx).tenant(), id)
                .map(StageStatus::of)
                .orElseGet(() -> StageStatus.unknown(id, "there is no such canary run, or not yet"));
        Requests.answer(ctx, OK, status);
    }
}
