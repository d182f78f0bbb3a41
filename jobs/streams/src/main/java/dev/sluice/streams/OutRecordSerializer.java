package dev.sluice.streams;

import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes {@link OutRecord}s to the topic that each names. */
final class OutRecordSerializer implements KafkaRecordSerializationSchema<OutRecord> {
    @Override
    public ProducerRecord<byte[], byte[]> serialize(OutRecord record, KafkaSinkContext context, Long timestamp) {
        var out = new ProducerRecord<>(
                record.topic(),
                record.partition() == OutRecord.BY_KEY ? null : record.partition(),
                record.key().getBytes(StandardCharsets.UTF_8),
                record.value());
        record.headers().forEach((name, value) -> out.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return out;
    }
}
