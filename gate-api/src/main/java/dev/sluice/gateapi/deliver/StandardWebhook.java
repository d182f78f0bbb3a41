package dev.sluice.gateapi.deliver;

import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.rollback.DeliveryReport.Outcome;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.http.HttpMessageFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * A webhook that is a <a href="https://www.standardwebhooks.com">Standard Webhook</a> 1.0 and a CloudEvent 1.0 in binary mode at once. 202
 * says that it has arrived, any other 2xx that it will be done as well. 409, 410, 412 and 422 refuse it: something else runs there,
 * or nobody listens any more, and to say it again is of no use. Anything else is tried again.
 */
final class StandardWebhook extends OneRequest {
    private static final URI SOURCE = URI.create("/sluice");
    private static final String JSON = "application/json";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final byte DEL = 0x7f;
    private static final int ACCEPTED = 202;
    private static final Set<Integer> REFUSALS = Set.of(409, 410, 412, 422);

    @Override
    public boolean isKey(byte[] secret) {
        return WebhookKey.isRight(secret);
    }

    @Override
    public String keyExpected() {
        return WebhookKey.EXPECTED;
    }

    @Override
    OutboundRequest request(Endpoint endpoint, Message message, List<byte[]> keys, Instant now) {
        Map<String, String> headers = new TreeMap<>();
        CloudEvent event = CloudEventBuilder.v1()
                .withId(message.id())
                .withSource(SOURCE)
                .withType(message.type())
                .withSubject(message.subject())
                .withTime(message.at().atOffset(ZoneOffset.UTC))
                .withData(JSON, message.body().getBytes(StandardCharsets.UTF_8))
                .build();
        var body = new CompletableFuture<byte[]>();
        HttpMessageFactory.createWriter((name, value) -> headers.put(name, encoded(value)), body::complete)
                .writeBinary(event);
        headers.put("webhook-id", message.id());
        headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
        headers.put(
                "webhook-signature",
                keys.stream()
                        .map(key -> WebhookKey.sign(key, message.id(), now, message.body()))
                        .collect(Collectors.joining(" ")));
        return new OutboundRequest("POST", endpoint.url(), headers, body.join());
    }

    /** Percent-encodes what a header cannot hold, as the HTTP binding of CloudEvents says (1.0.2, 3.1.3.2). */
    private static String encoded(String value) {
        var encoded = new StringBuilder();
        for (byte one : value.getBytes(StandardCharsets.UTF_8)) {
            if (one > ' ' && one < DEL && one != '"' && one != '%') {
                encoded.append((char) one);
            } else {
                encoded.append('%').append(HEX.toHexDigits(one));
            }
        }
        return encoded.toString();
    }

    @Override
    Answer answer(OutboundAnswer answer) {
        String words = "answered with " + answer.status();
        if (answer.isSuccess()) {
            return Answer.of(answer.status() == ACCEPTED ? Outcome.DELIVERED : Outcome.ACKNOWLEDGED, words);
        }
        return REFUSALS.contains(answer.status())
                ? Answer.of(Outcome.REFUSED, words)
                : new Answer(Outcome.FAILED, words, answer.retryAfter());
    }
}
