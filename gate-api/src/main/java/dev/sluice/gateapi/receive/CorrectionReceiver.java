package dev.sluice.gateapi.receive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.corrections.CorrectionEvent;
import dev.sluice.sources.registry.Sources;
import dev.sluice.wire.CorrectionSchema;
import dev.sluice.wire.RawDelivery;
import dev.sluice.wire.Violation;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * Receives corrections. Each is checked strictly and becomes a delivery like all others; who makes it is the principal of
 * the request and never something in its body.
 */
public final class CorrectionReceiver {
    private static final String CONNECTION = "corrections";
    private static final String JSON = "application/json";
    private static final String CLOUD_EVENT = "application/cloudevents+json";
    private static final int MAX_BYTES = 64 << 10;

    private final Receipts receipts;
    private final CorrectionSchema schema;
    private final Clock clock;

    /**
     * Creates a receiver.
     *
     * @param receipts takes what is valid
     * @param schema tells what is
     * @param clock tells when a correction was made
     */
    public CorrectionReceiver(Receipts receipts, CorrectionSchema schema, Clock clock) {
        this.receipts = receipts;
        this.schema = schema;
        this.clock = clock;
    }

    /** Handles {@code POST /v1/corrections}. */
    public void receive(Context ctx) {
        JsonNode correction;
        try {
            correction = read(ctx);
        } catch (ApiException e) {
            receipts.rejected("correction");
            throw e;
        }
        Principal principal = Routes.principal(ctx);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        String id = UUID.randomUUID().toString();
        var delivery = new RawDelivery(
                principal.tenant(),
                Sources.CORRECTIONS,
                CONNECTION,
                id,
                CorrectionEvent.type(correction),
                principal.id(),
                CLOUD_EVENT,
                now,
                CorrectionEvent.of(id, now, correction));
        receipts.accept(ctx, List.of(new Receipts.Incoming(delivery, id)));
    }

    private JsonNode read(Context ctx) {
        Requests.requireMediaType(ctx, JSON);
        JsonNode correction = EventDocuments.read(Requests.body(ctx, MAX_BYTES));
        List<Violation> violations = schema.validate(correction, "");
        if (!violations.isEmpty()) {
            throw ApiException.invalidDocument(violations.stream()
                    .map(violation -> new ApiException.FieldError(violation.pointer(), violation.message()))
                    .toList());
        }
        try {
            return new Place(correction, "").encodable().node();
        } catch (Rejection e) {
            throw EventDocuments.invalid(e, "");
        }
    }
}
