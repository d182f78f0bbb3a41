package dev.sluice.gateapi.receive;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.LargeBodies;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.webhook.DeliveryIdentity;
import dev.sluice.sources.webhook.WebhookContract;
import dev.sluice.sources.webhook.WebhookRequest;
import dev.sluice.wire.RawDelivery;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Receives webhooks: what the sender's {@link WebhookContract} says is the credential, e.g. a signature over the bytes as
 * they came.
 */
public final class WebhookReceiver {
    /** Largest body: GitHub sends up to 25 MB. */
    public static final int MAX_BYTES = 25 << 20;

    private static final int SMALL_BYTES = 1 << 20;
    /** How many bodies of more than 1 MiB may be in memory at once. */
    private static final int LARGE_AT_ONCE = 2;

    private final Receipts receipts;
    private final AllConnections connections;
    private final Clock clock;
    private final LargeBodies bodies = new LargeBodies(SMALL_BYTES, MAX_BYTES, LARGE_AT_ONCE);

    /** What may be under way to the raw topic: the large bodies, and as much of small ones as to any topic. */
    public static LogAppender.Limits limits() {
        return new LogAppender.Limits(
                MAX_BYTES + (128 << 10),
                LogAppender.Limits.DEFAULT.inFlightBytes() + LARGE_AT_ONCE * (MAX_BYTES + (1 << 20)));
    }

    /**
     * Creates a receiver.
     *
     * @param receipts takes what is signed
     * @param connections who may send
     * @param clock tells when it came
     */
    public WebhookReceiver(Receipts receipts, AllConnections connections, Clock clock) {
        this.receipts = receipts;
        this.connections = connections;
        this.clock = clock;
    }

    /** Handles {@code POST /v1/webhooks/{connection}}. */
    public void receive(Context ctx) {
        Connection connection = connections
                .find(ctx.pathParam("connection"))
                .orElseThrow(() -> rejected("connection", ErrorType.NOT_FOUND, "there is no such connection"));
        LargeBodies.Body body;
        try {
            body = bodies.read(ctx);
        } catch (ApiException e) {
            receipts.rejected("body");
            throw e;
        }
        boolean appending = false;
        try {
            RawDelivery delivery = delivery(ctx, connection, body.bytes());
            var incoming = new Receipts.Incoming(delivery, delivery.deliveryKey(), connection.headers());
            receipts.accept(ctx, List.of(incoming), body::close);
            appending = true;
        } finally {
            if (!appending) {
                body.close();
            }
        }
    }

    private RawDelivery delivery(Context ctx, Connection connection, byte[] body) {
        WebhookContract contract = connection.sender().contract();
        var bare = new WebhookRequest(Requests.headers(ctx), Map.of(), body);
        if (!contract.isAuthentic(bare, connection.secrets())) {
            throw rejected("signature", ErrorType.UNAUTHENTICATED, "the signature or secret is missing or wrong");
        }
        Map<String, String> parameters = parameters(ctx, contract.parameters());
        var request = new WebhookRequest(Requests.headers(ctx), parameters, body);
        try {
            DeliveryIdentity identity = contract.identify(request);
            return new RawDelivery(
                    connection.tenant(),
                    connection.sender().source(),
                    connection.id(),
                    identity.key(),
                    identity.event(),
                    "connection:" + connection.id(),
                    Requests.mediaType(ctx),
                    clock.instant().truncatedTo(ChronoUnit.MILLIS),
                    parameters,
                    contract.kept(request));
        } catch (Rejection e) {
            throw rejected("header", ErrorType.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private Map<String, String> parameters(Context ctx, Set<String> known) {
        var parameters = new HashMap<String, String>();
        ctx.queryParamMap().forEach((name, values) -> {
            if (!known.contains(name) || values.size() != 1) {
                throw rejected(
                        "parameter",
                        ErrorType.BAD_REQUEST,
                        known.isEmpty()
                                ? "the URL of this webhook takes no parameters"
                                : "the URL of this webhook takes each of these parameters once, and no other: "
                                        + String.join(", ", new TreeSet<>(known)));
            }
            parameters.put(name, values.get(0));
        });
        try {
            return RawDelivery.requireParameters(parameters);
        } catch (IllegalArgumentException e) {
            throw rejected("parameter", ErrorType.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
    }

    private ApiException rejected(String reason, ErrorType type, String detail) {
        receipts.rejected(reason);
        return new ApiException(type, detail);
    }
}
