package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
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
 * @param parameters what the sender said beside the body: at most {@value #MAX_PARAMETERS} values by name, each of 1 to
 *     {@value #MAX_PARAMETER_LENGTH} characters without control characters; names are of lower-case letters, digits and
 *     underscores
 * @param body the bytes as they came, but for what must not be kept
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
        Map<String, String> parameters,
        byte[] body) {
    /** Most parameters of a delivery. */
    public static final int MAX_PARAMETERS = 12;

    /** Most characters of the value of a parameter. */
    public static final int MAX_PARAMETER_LENGTH = 255;

    private static final Pattern PARAMETER_NAME = Pattern.compile("[a-z][a-z0-9_]{0,31}");

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
        parameters = requireParameters(parameters);
    }

    /** Creates a delivery whose sender said nothing beside its body. */
    public RawDelivery(
            String tenant,
            String source,
            String connection,
            String deliveryKey,
            String event,
            String principal,
            String contentType,
            Instant receivedAt,
            byte[] body) {
        this(tenant, source, connection, deliveryKey, event, principal, contentType, receivedAt, Map.of(), body);
    }

    /**
     * Returns what may be the parameters of a delivery.
     *
     * @throws IllegalArgumentException naming the one that may not
     */
    public static Map<String, String> requireParameters(Map<String, String> parameters) {
        if (parameters.size() > MAX_PARAMETERS) {
            throw new IllegalArgumentException("a delivery has at most " + MAX_PARAMETERS + " parameters");
        }
        parameters.forEach(RawDelivery::requireParameter);
        return Map.copyOf(parameters);
    }

    private static void requireParameter(String name, String value) {
        if (!PARAMETER_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no name of a parameter: " + name);
        }
        boolean writable = StandardCharsets.UTF_8.newEncoder().canEncode(value)
                && value.chars().noneMatch(Character::isISOControl);
        if (value.isBlank() || value.length() > MAX_PARAMETER_LENGTH || !writable) {
            throw new IllegalArgumentException("parameter " + name + " must have 1 to " + MAX_PARAMETER_LENGTH
                    + " characters, none of them a control character");
        }
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
        if (!parameters.isEmpty()) {
            headers.put(
                    RecordHeaders.PARAMETERS,
                    new String(Json.bytes(new TreeMap<>(parameters)), StandardCharsets.UTF_8));
        }
        return headers;
    }

    /**
     * Reads a delivery back from a record.
     *
     * @param header value of a header by its name, null where it is absent
     * @param body the record's value
     * @throws IllegalArgumentException naming the header that is missing or wrong
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
                parameters(header.apply(RecordHeaders.PARAMETERS)),
                body);
    }

    private static Map<String, String> parameters(@Nullable String json) {
        var parameters = new TreeMap<String, String>();
        if (json == null) {
            return parameters;
        }
        JsonNode node;
        try {
            node = Json.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("header " + RecordHeaders.PARAMETERS + " holds no JSON", e);
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException("header " + RecordHeaders.PARAMETERS + " holds no object");
        }
        node.properties().forEach(parameter -> {
            if (!parameter.getValue().isTextual()) {
                throw new IllegalArgumentException("header " + RecordHeaders.PARAMETERS + " must hold texts only");
            }
            parameters.put(parameter.getKey(), parameter.getValue().textValue());
        });
        return parameters;
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
