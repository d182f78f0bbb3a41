package dev.sluice.streams;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * A Kafka record as a job writes it.
 *
 * @param topic the topic's name
 * @param partition its partition, or {@link #BY_KEY}
 * @param key its key
 * @param value its value
 * @param headers its headers
 */
public record OutRecord(String topic, int partition, String key, byte[] value, Map<String, String> headers) {
    /** Kafka chooses the partition by the key. */
    public static final int BY_KEY = -1;

    public OutRecord {
        requireNonNull(topic, "topic");
        requireNonNull(key, "key");
        requireNonNull(value, "value");
        requireNonNull(headers, "headers");
    }
}
