package dev.sluice.gateapi.receive;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.LargeBodies;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.sources.github.GitHubSignature;
import dev.sluice.wire.RawDelivery;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** Receives webhooks: the signature over the bytes as they came is the credential. */
public final class WebhookReceiver {
    /** Largest body: GitHub sends up to 25 MB. */
    public static final int MAX_BYTES = 25 << 20;

    private static final int SMALL_BYTES = 1 << 20;
    /** How many bodies of more than 1 MiB may be in memory at once. */
    private static final int LARGE_AT_ONCE = 2;

    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final Receipts receipts;
    private final Connections connections;
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
    public WebhookReceiver(Receipts receipts, Connections connections, Clock clock) {
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
            receipts.accept(ctx, List.of(new Receipts.Incoming(delivery, delivery.deliveryKey())), body::close);
            appending = true;
        } finally {
            if (!appending) {
                body.close();
            }
        }
    }

    private RawDelivery delivery(Context ctx, Connection connection, byte[] body) {
        requireSignature(ctx, connection, body);
        String event = header(ctx, "X-GitHub-Event");
        String id = header(ctx, "X-GitHub-Delivery");
        return new RawDelivery(
                connection.tenant(),
                connection.source(),
                connection.id(),
                id,
                event,
                "connection:" + connection.id(),
                Requests.mediaType(ctx),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                body);
    }

    private void requireSignature(Context ctx, Connection connection, byte[] body) {
        List<String> signatures = Collections.list(ctx.req().getHeaders("X-Hub-Signature-256"));
        boolean signed = false;
        for (byte[] secret : connection.secrets()) {
            signed |= signatures.size() == 1 && GitHubSignature.verify(secret, body, signatures.get(0));
        }
        if (!signed) {
            throw rejected("signature", ErrorType.UNAUTHENTICATED, "the signature is missing or wrong");
        }
    }

    private String header(Context ctx, String name) {
        String value = ctx.header(name);
        if (value == null || !TOKEN.matcher(value).matches()) {
            throw rejected("header", ErrorType.BAD_REQUEST, "header " + name + " is missing or malformed");
        }
        return value;
    }

    private ApiException rejected(String reason, ErrorType type, String detail) {
        receipts.rejected(reason);
        return new ApiException(type, detail);
    }
}
