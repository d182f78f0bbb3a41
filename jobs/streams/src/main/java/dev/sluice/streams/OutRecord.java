package dev.sluice.streams;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka record as a job writes it.
 *
 * @param topic the topic's name
 * @param partition its partition, or {@link #BY_KEY}
 * @param key its key
 * @param value its value; null for a tombstone: Kafka forgets the key
 * @param headers its headers
 */
public record OutRecord(String topic, int partition, String key, byte @Nullable [] value, Map<String, String> headers) {
    /** Kafka chooses the partition by the key. */
    public static final int BY_KEY = -1;

    public OutRecord {
        requireNonNull(topic, "topic");
        requireNonNull(key, "key");
        requireNonNull(headers, "headers");
    }

    /** Creates the tombstone of a key. */
    public static OutRecord tombstone(String topic, String key, Map<String, String> headers) {
        return new OutRecord(topic, BY_KEY, key, null, headers);
    }

    /**
     * Returns the value.
     *
     * @throws NullPointerException if this is a tombstone
     */
    public byte[] content() {
        return requireNonNull(value, () -> "a tombstone has no content: " + key);
    }
}
