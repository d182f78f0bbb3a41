package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as it came in, verified and not yet understood.
 *
 * @param tenant whose data it is
 * @param source the adapter that understands it, e.g. {@code github}
 * @param connection the configured connection that it came in by
 * @param deliveryKey the sender's own id; the same one again is a repetition
 * @param event the sender's name for the kind of event; empty where the body says it
 * @param principal who sent it
 * @param contentType media type of the body
 * @param receivedAt when it was received, to the millisecond
 * @param body the bytes as they came
 */
public record RawDelivery(
        String tenant,
        String source,
        String connection,
        String deliveryKey,
        String event,
        String principal,
        String contentType,
        Instant receivedAt,
        byte[] body) {
    public RawDelivery {
        requireNonNull(tenant, "tenant");
        requireNonNull(source, "source");
        requireNonNull(connection, "connection");
        requireNonNull(deliveryKey, "deliveryKey");
        requireNonNull(event, "event");
        requireNonNull(principal, "principal");
        requireNonNull(contentType, "contentType");
        requireNonNull(receivedAt, "receivedAt");
        requireNonNull(body, "body");
    }

    /** Returns the record key: deliveries with the same id meet in one partition. */
    public String key() {
        return Keys.of(tenant, connection, deliveryKey);
    }

    /** Returns the record headers in a fixed order. */
    public Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        headers.put(RecordHeaders.TENANT, tenant);
        headers.put(RecordHeaders.SOURCE, source);
        headers.put(RecordHeaders.CONNECTION, connection);
        headers.put(RecordHeaders.DELIVERY_KEY, deliveryKey);
        headers.put(RecordHeaders.EVENT, event);
        headers.put(RecordHeaders.PRINCIPAL, principal);
        headers.put(RecordHeaders.CONTENT_TYPE, contentType);
        headers.put(RecordHeaders.RECEIVED_AT, Long.toString(receivedAt.toEpochMilli()));
        return headers;
    }

    /**
     * Reads a delivery back from a record.
     *
     * @param header value of a header by its name, null where it is absent
     * @param body the record's value
     * @throws IllegalArgumentException naming the header that is missing
     */
    public static RawDelivery of(Function<String, @Nullable String> header, byte[] body) {
        return new RawDelivery(
                required(header, RecordHeaders.TENANT),
                required(header, RecordHeaders.SOURCE),
                required(header, RecordHeaders.CONNECTION),
                required(header, RecordHeaders.DELIVERY_KEY),
                required(header, RecordHeaders.EVENT),
                required(header, RecordHeaders.PRINCIPAL),
                required(header, RecordHeaders.CONTENT_TYPE),
                receivedAt(required(header, RecordHeaders.RECEIVED_AT)),
                body);
    }

    private static Instant receivedAt(String millis) {
        try {
            return Instant.ofEpochMilli(Long.parseLong(millis));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "raw delivery with header " + RecordHeaders.RECEIVED_AT + " that is no number: " + millis, e);
        }
    }

    private static String required(Function<String, @Nullable String> header, String name) {
        String value = header.apply(name);
        if (value == null) {
            throw new IllegalArgumentException("raw delivery without header " + name);
        }
        return value;
    }

    /**
     * Returns the public id of a delivery: where it stands in the raw topic.
     *
     * @param partition partition of the raw topic
     * @param offset offset in the partition
     */
    public static String deliveryId(int partition, long offset) {
        return "d-" + partition + "-" + offset;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawDelivery that && headers().equals(that.headers()) && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return Objects.hash(headers(), Arrays.hashCode(body));
    }

    @Override
    public String toString() {
        return "RawDelivery" + headers() + " "
                + new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8);
    }
}
