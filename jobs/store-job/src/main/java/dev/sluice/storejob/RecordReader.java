package dev.sluice.storejob;

import dev.sluice.store.RowMapper;
import dev.sluice.store.StoredRow;
import dev.sluice.store.TopicRecord;
import dev.sluice.storejob.state.StoreLine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Makes Kafka records into rows. A record without a row still tells its offset, and a heartbeat its progress. */
final class RecordReader implements KafkaRecordDeserializationSchema<StoreLine> {
    private static final byte[] NOTHING = new byte[0];

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<StoreLine> out) {
        TopicRecord read = read(record);
        List<StoredRow> rows = RowMapper.rows(read);
        if (rows.isEmpty()) {
            out.collect(line(record, heartbeat(read.headers()), "", NOTHING));
            return;
        }
        for (StoredRow row : rows) {
            out.collect(line(record, StoreLine.NONE, row.table().name(), row.json()));
        }
    }

    @Override
    public TypeInformation<StoreLine> getProducedType() {
        return TypeInformation.of(StoreLine.class);
    }

    private static TopicRecord read(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return new TopicRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                text(record.key()),
                headers,
                record.value());
    }

    private static StoreLine line(ConsumerRecord<byte[], byte[]> record, long heartbeat, String table, byte[] json) {
        return new StoreLine(
                record.topic(), record.partition(), record.offset(), record.timestamp(), heartbeat, table, json);
    }

    /** A heartbeat that cannot be read carries no progress: the next one, a second later, will. */
    private static long heartbeat(Map<String, String> headers) {
        String text = headers.get(RowMapper.HEARTBEAT_HEADER);
        if (text == null) {
            return StoreLine.NONE;
        }
        try {
            return Math.max(StoreLine.NONE, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return StoreLine.NONE;
        }
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
