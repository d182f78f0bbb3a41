package dev.sluice.gateapi.receive;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
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
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final Receipts receipts;
    private final Connections connections;
    private final Clock clock;

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
        byte[] body;
        try {
            body = Requests.body(ctx, MAX_BYTES);
        } catch (ApiException e) {
            receipts.rejected("body");
            throw e;
        }
        requireSignature(ctx, connection, body);
        String event = header(ctx, "X-GitHub-Event");
        String id = header(ctx, "X-GitHub-Delivery");
        var delivery = new RawDelivery(
                connection.tenant(),
                connection.source(),
                connection.id(),
                id,
                event,
                "connection:" + connection.id(),
                Requests.mediaType(ctx),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                body);
        receipts.accept(ctx, List.of(new Receipts.Incoming(delivery, id)));
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
