package dev.sluice.gateapi.receive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.wire.EventSchemas;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RawDelivery;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Receives CloudEvents, one or a batch. Each is checked against its schema first; one that is wrong refuses the batch,
 * with a pointer to it.
 */
public final class EventReceiver {
    private static final String SOURCE = "cloudevents";
    private static final String CONNECTION = "events";
    private static final String SINGLE = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String PLAIN = "application/json";
    private static final int MAX_EVENT_BYTES = 1 << 20;
    private static final int MAX_BATCH_BYTES = 8 << 20;
    private static final int MAX_BATCH_EVENTS = 5_000;

    private final Receipts receipts;
    private final EventSchemas schemas;
    private final Clock clock;

    /**
     * Creates a receiver.
     *
     * @param receipts takes what is valid
     * @param schemas tells what is
     * @param clock tells when it came
     */
    public EventReceiver(Receipts receipts, EventSchemas schemas, Clock clock) {
        this.receipts = receipts;
        this.schemas = schemas;
        this.clock = clock;
    }

    /** Handles {@code POST /v1/events}. */
    public void receive(Context ctx) {
        try {
            take(ctx);
        } catch (ApiException e) {
            receipts.rejected("event");
            throw e;
        }
    }

    private void take(Context ctx) {
        Principal principal = Routes.principal(ctx);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        switch (Requests.mediaType(ctx)) {
            case SINGLE, PLAIN -> {
                byte[] body = Requests.body(ctx, MAX_EVENT_BYTES);
                JsonNode event = Requests.json(body);
                requireValid(violations(event, ""));
                receipts.accept(ctx, List.of(incoming(principal, event, body, now)));
            }
            case BATCH -> receipts.accept(ctx, batch(principal, Requests.body(ctx, MAX_BATCH_BYTES), now));
            default ->
                throw new ApiException(
                        ErrorType.UNSUPPORTED_MEDIA_TYPE, "the content type must be " + SINGLE + " or " + BATCH);
        }
    }

    private List<Receipts.Incoming> batch(Principal principal, byte[] body, Instant now) {
        JsonNode batch = Requests.json(body);
        if (!batch.isArray() || batch.isEmpty()) {
            throw ApiException.invalidDocument("", "a batch is a list of at least one CloudEvent");
        }
        if (batch.size() > MAX_BATCH_EVENTS) {
            throw new ApiException(
                    ErrorType.TOO_LARGE, "the batch has more than " + MAX_BATCH_EVENTS + " events; send several");
        }
        var errors = new ArrayList<ApiException.FieldError>();
        var incoming = new ArrayList<Receipts.Incoming>();
        for (int i = 0; i < batch.size(); i++) {
            JsonNode event = batch.get(i);
            List<ApiException.FieldError> violations = violations(event, "/" + i);
            errors.addAll(violations);
            if (violations.isEmpty()) {
                byte[] bytes = Json.bytes(event);
                if (bytes.length > MAX_EVENT_BYTES) {
                    throw new ApiException(
                            ErrorType.TOO_LARGE, "event " + i + " is larger than " + MAX_EVENT_BYTES + " bytes");
                }
                incoming.add(incoming(principal, event, bytes, now));
            }
        }
        requireValid(errors);
        return incoming;
    }

    private List<ApiException.FieldError> violations(JsonNode event, String pointer) {
        return schemas.validate(event).stream()
                .map(violation -> new ApiException.FieldError(pointer + violation.pointer(), violation.message()))
                .toList();
    }

    private static void requireValid(List<ApiException.FieldError> errors) {
        if (!errors.isEmpty()) {
            throw ApiException.invalidDocument(errors);
        }
    }

    private static Receipts.Incoming incoming(Principal principal, JsonNode event, byte[] body, Instant now) {
        JsonNode context = event.path("data").path("context");
        boolean cdEvent = EventSchemas.isCdEvent(event.path("type").asText())
                && context.path("id").isTextual()
                && context.path("source").isTextual();
        JsonNode identity = cdEvent ? context : event;
        var delivery = new RawDelivery(
                principal.tenant(),
                SOURCE,
                CONNECTION,
                Keys.of(identity.path("source").asText(), identity.path("id").asText()),
                event.path("type").asText(),
                principal.id(),
                SINGLE,
                now,
                body);
        return new Receipts.Incoming(delivery, event.path("id").asText());
    }
}
