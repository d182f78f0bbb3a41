package dev.sluice.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record of one of Sluice's topics.
 *
 * @param topic the topic's name
 * @param partition the partition
 * @param offset the offset in the partition
 * @param appendedAt the record's timestamp
 * @param key the key; null where the record has none
 * @param headers header values as text; of a repeated header the last
 * @param value the value; null in a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; copying each value would double the cost of a record
public record TopicRecord(
        String topic,
        int partition,
        long offset,
        Instant appendedAt,
        @Nullable String key,
        Map<String, String> headers,
        byte @Nullable [] value) {
    public TopicRecord {
        requireNonNull(topic, "topic");
        requireNonNull(appendedAt, "appendedAt");
        headers = Map.copyOf(headers);
        if (partition < 0 || offset < 0) {
            throw new IllegalArgumentException("position " + topic + "-" + partition + "@" + offset);
        }
    }
}
