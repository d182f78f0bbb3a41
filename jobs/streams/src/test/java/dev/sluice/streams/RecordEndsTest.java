package dev.sluice.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.wire.RecordHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records as they leave for Kafka and as they come from it. */
class RecordEndsTest {
    private static InRecord read(ConsumerRecord<byte[], byte[]> record) {
        List<InRecord> read = new ArrayList<>();
        new InRecordDeserializer().deserialize(record, new Collector<>() {
            @Override
            public void collect(InRecord each) {
                read.add(each);
            }

            @Override
            public void close() {}
        });
        assertThat(read).hasSize(1);
        return read.get(0);
    }

    private static ConsumerRecord<byte[], byte[]> kafka(byte @Nullable [] key, byte @Nullable [] value) {
        return new ConsumerRecord<>("sluice.raw.v1", 3, 417, key, value);
    }

    @Test
    void readsKeyValueHeadersAndPlace() {
        ConsumerRecord<byte[], byte[]> record = kafka("caf\u00e9".getBytes(UTF_8), new byte[] {1, 2});
        record.headers().add("sluice-tenant", "t\u00e9nant".getBytes(UTF_8));

        InRecord read = read(record);

        assertThat(read.topic()).isEqualTo("sluice.raw.v1");
        assertThat(read.partition()).isEqualTo(3);
        assertThat(read.offset()).isEqualTo(417);
        assertThat(read.key()).isEqualTo("caf\u00e9");
        assertThat(read.value()).containsExactly(1, 2);
        assertThat(read.header("sluice-tenant")).isEqualTo("t\u00e9nant");
        assertThat(read.header("absent")).isNull();
        assertThat(read.isHeartbeat()).isFalse();
    }

    @Test
    void knowsAHeartbeat() {
        ConsumerRecord<byte[], byte[]> record = kafka(null, new byte[0]);
        record.headers().add(RecordHeaders.HEARTBEAT, "1000".getBytes(UTF_8));

        assertThat(read(record).isHeartbeat()).isTrue();
    }

    @Test
    void readsARecordThatHoldsNothing() {
        ConsumerRecord<byte[], byte[]> record = kafka(null, null);
        record.headers().add("sluice-tenant", null);

        InRecord read = read(record);

        assertThat(read.key()).isEmpty();
        assertThat(read.value()).isEmpty();
        assertThat(read.headers()).isEmpty();
    }

    @Test
    void lastOfRepeatedHeadersCounts() {
        ConsumerRecord<byte[], byte[]> record = kafka(null, null);
        record.headers().add("sluice-tenant", "first".getBytes(UTF_8));
        record.headers().add("sluice-tenant", "last".getBytes(UTF_8));

        assertThat(read(record).header("sluice-tenant")).isEqualTo("last");
    }

    @Test
    void writesToThePartitionThatARecordNames_elseByKey() {
        ProducerRecord<byte[], byte[]> placed = write(2);
        ProducerRecord<byte[], byte[]> keyed = write(OutRecord.BY_KEY);

        assertThat(placed.partition()).isEqualTo(2);
        assertThat(keyed.partition()).isNull();
        assertThat(keyed.topic()).isEqualTo("sluice.dora.v1");
        assertThat(new String(keyed.key(), UTF_8)).isEqualTo("caf\u00e9");
        assertThat(keyed.value()).containsExactly(1);
        assertThat(new String(keyed.headers().lastHeader("sluice-generation").value(), UTF_8))
                .isEqualTo("17");
    }

    private static ProducerRecord<byte[], byte[]> write(int partition) {
        var record = new OutRecord(
                "sluice.dora.v1", partition, "caf\u00e9", new byte[] {1}, Map.of("sluice-generation", "17"));
        return new OutRecordSerializer().serialize(record, new NoContext(), 0L);
    }

    private static final class NoContext implements KafkaRecordSerializationSchema.KafkaSinkContext {
        @Override
        public int getParallelInstanceId() {
            return 0;
        }

        @Override
        public int getNumberOfParallelInstances() {
            return 1;
        }

        @Override
        public int[] getPartitionsForTopic(String topic) {
            throw new AssertionError("the serializer asks no broker");
        }
    }
}
