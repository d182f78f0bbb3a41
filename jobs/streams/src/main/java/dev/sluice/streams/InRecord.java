package dev.sluice.streams;

import static java.util.Objects.requireNonNull;

import dev.sluice.wire.RecordHeaders;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record as a job reads it.
 *
 * @param topic the topic's name
 * @param partition its partition
 * @param offset its offset
 * @param timestamp the broker's or producer's timestamp, in milliseconds since the epoch
 * @param key its key as text; empty where it has none
 * @param value its value; empty where it has none
 * @param headers its headers as text
 */
public record InRecord(
        String topic,
        int partition,
        long offset,
        long timestamp,
        String key,
        byte[] value,
        Map<String, String> headers) {
    public InRecord {
        requireNonNull(topic, "topic");
        requireNonNull(value, "value");
        requireNonNull(headers, "headers");
    }

    /** Returns a header's value, or null where there is none. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** Returns whether the record carries progress and no content. */
    public boolean isHeartbeat() {
        return headers.containsKey(RecordHeaders.HEARTBEAT);
    }
}
