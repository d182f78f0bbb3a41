package dev.sluice.gateapi.receive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.cdevents.CloudEventIdentity;
import dev.sluice.wire.EventSchemas;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RawDelivery;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Receives CloudEvents: one in the structured or the binary mode, or a batch. Each is checked against its schema first;
 * one that is wrong refuses the batch, with a pointer to it.
 */
public final class EventReceiver {
    private static final String SOURCE = "cloudevents";
    private static final String CONNECTION = "events";
    private static final String SINGLE = "application/cloudevents+json";
    private static final String BATCH = "application/cloudevents-batch+json";
    private static final String PLAIN = "application/json";
    private static final String ANY_CLOUD_EVENTS = "application/cloudevents";
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
        List<Receipts.Incoming> incoming;
        try {
            incoming = read(ctx);
        } catch (ApiException e) {
            receipts.rejected("event");
            throw e;
        }
        receipts.accept(ctx, incoming);
    }

    private List<Receipts.Incoming> read(Context ctx) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Principal principal = Routes.principal(ctx);
        String type = Requests.mediaType(ctx);
        boolean binary = !type.startsWith(ANY_CLOUD_EVENTS) && BinaryEvent.isIn(ctx);
        if (binary) {
            return List.of(single(principal, binary(ctx, type), now));
        }
        return switch (type) {
            case SINGLE, PLAIN -> List.of(single(principal, Requests.body(ctx, MAX_EVENT_BYTES), now));
            case BATCH -> batch(principal, Requests.body(ctx, MAX_BATCH_BYTES), now);
            default ->
                throw new ApiException(
                        ErrorType.UNSUPPORTED_MEDIA_TYPE,
                        "the content type must be " + SINGLE + " or " + BATCH
                                + ", or that of JSON data where the headers hold the event's attributes");
        };
    }

    private static byte[] binary(Context ctx, String type) {
        byte[] data = Requests.body(ctx, MAX_EVENT_BYTES);
        boolean json = type.equals(PLAIN) || type.endsWith("+json");
        if (!json && (data.length > 0 || !type.isEmpty())) {
            throw new ApiException(ErrorType.UNSUPPORTED_MEDIA_TYPE, "the data of an event must be JSON");
        }
        if (data.length > 0) {
            EventDocuments.read(data);
        }
        return BinaryEvent.structured(ctx, data);
    }

    private Receipts.Incoming single(Principal principal, byte[] body, Instant now) {
        JsonNode event = EventDocuments.read(body);
        requireValid(violations(event, ""));
        return incoming(principal, event, "", body, now);
    }

    private List<Receipts.Incoming> batch(Principal principal, byte[] body, Instant now) {
        JsonNode batch = EventDocuments.read(body);
        if (!batch.isArray() || batch.isEmpty()) {
            throw ApiException.invalidDocument("", "a batch is a list of at least one CloudEvent");
        }
        if (batch.size() > MAX_BATCH_EVENTS) {
            throw new ApiException(
                    ErrorType.TOO_LARGE, "the batch has more than " + MAX_BATCH_EVENTS + " events; send several");
        }
        List<byte[]> elements = EventDocuments.elements(body);
        var errors = new ArrayList<ApiException.FieldError>();
        var incoming = new ArrayList<Receipts.Incoming>();
        for (int i = 0; i < batch.size(); i++) {
            JsonNode event = batch.get(i);
            List<ApiException.FieldError> violations = violations(event, "/" + i);
            errors.addAll(violations);
            if (violations.isEmpty()) {
                byte[] bytes = elements.get(i);
                if (bytes.length > MAX_EVENT_BYTES) {
                    throw new ApiException(
                            ErrorType.TOO_LARGE, "event " + i + " is larger than " + MAX_EVENT_BYTES + " bytes");
                }
                incoming.add(incoming(principal, event, "/" + i, bytes, now));
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

    private static Receipts.Incoming incoming(
            Principal principal, JsonNode event, String pointer, byte[] body, Instant now) {
        CloudEventIdentity identity = identity(event, pointer);
        var delivery = new RawDelivery(
                principal.tenant(),
                SOURCE,
                CONNECTION,
                Keys.of(identity.source(), identity.id()),
                event.path("type").asText(),
                principal.id(),
                SINGLE,
                now,
                body);
        return new Receipts.Incoming(delivery, event.path("id").asText());
    }

    /** An identity may be one by its schema and still be too long for a key. */
    private static CloudEventIdentity identity(JsonNode event, String pointer) {
        try {
            return CloudEventIdentity.of(event);
        } catch (IllegalArgumentException e) {
            if (e.getCause() instanceof Rejection refusal) {
                throw EventDocuments.invalid(refusal, pointer);
            }
            throw e;
        }
    }
}
