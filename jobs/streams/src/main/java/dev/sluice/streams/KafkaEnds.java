package dev.sluice.streams;

import dev.sluice.wire.Topic;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Where a job's stream comes from and goes to. */
public final class KafkaEnds {
    private KafkaEnds() {}

    /**
     * Reads topics from their beginning, or from where a checkpoint says, with heartbeats as watermarks.
     *
     * @param env the job's environment
     * @param bootstrap where Kafka is
     * @param group the consumer group that shows the job's offsets
     * @param topics what to read
     * @param partitions how many partitions each of them has: more readers than that would hold progress back for ever
     */
    public static SingleOutputStreamOperator<InRecord> source(
            StreamExecutionEnvironment env, String bootstrap, String group, List<Topic> topics, int partitions) {
        KafkaSource<InRecord> source = KafkaSource.<InRecord>builder()
                .setBootstrapServers(bootstrap)
                .setTopics(topics.stream().map(Topic::topicName).toList())
                .setGroupId(group)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new InRecordDeserializer())
                .setProperty("partition.discovery.interval.ms", "-1")
                // the broker answers as soon as there is a record; there is one a second, so it seldom waits in vain
                .setProperty("fetch.max.wait.ms", "1500")
                .setProperty("max.poll.records", "2000")
                .setProperty("commit.offsets.on.checkpoint", "true")
                .build();
        return env.fromSource(source, HeartbeatWatermarks.ofRecords(), group + "-in")
                .uid("source")
                .setParallelism(Math.min(env.getParallelism(), partitions));
    }

    /**
     * Reads a topic without heartbeats from its beginning, or from where a checkpoint says, as one stream that holds no
     * progress back: it is idle from the first on, whatever it reads.
     *
     * @param env the job's environment
     * @param bootstrap where Kafka is
     * @param group the consumer group that shows the job's offsets
     * @param topic what to read
     * @param name the source's name and uid
     */
    public static SingleOutputStreamOperator<InRecord> withoutHeartbeats(
            StreamExecutionEnvironment env, String bootstrap, String group, Topic topic, String name) {
        KafkaSource<InRecord> source = KafkaSource.<InRecord>builder()
                .setBootstrapServers(bootstrap)
                .setTopics(topic.topicName())
                .setGroupId(group)
                .setClientIdPrefix(group + "-" + name)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new InRecordDeserializer())
                .setProperty("partition.discovery.interval.ms", "-1")
                // the broker answers as soon as there is a record, which is seldom
                .setProperty("fetch.max.wait.ms", "5000")
                .setProperty("commit.offsets.on.checkpoint", "true")
                .build();
        return env.fromSource(source, new NoWatermarks<>(), group + "-" + name)
                .uid(name)
                .setParallelism(1);
    }

    /**
     * Writes records to the topics that they name, followed by the job's progress; at least once.
     *
     * @param records what the job has to say
     * @param bootstrap where Kafka is
     * @param job the job's name
     * @param topics the topics that the records go to
     * @param partitions how many partitions each of them has
     */
    public static void sink(
            DataStream<OutRecord> records, String bootstrap, String job, List<Topic> topics, int partitions) {
        KafkaSink<OutRecord> sink = KafkaSink.<OutRecord>builder()
                .setBootstrapServers(bootstrap)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                // fewer, larger requests: an event waits so long at most in each of its two jobs
                .setProperty("linger.ms", "5")
                .setProperty("acks", "all")
                .setProperty("delivery.timeout.ms", "120000")
                .setProperty("compression.type", "lz4")
                .setRecordSerializer(new OutRecordSerializer())
                .build();
        records.transform(
                        "progress", TypeInformation.of(OutRecord.class), new ProgressOperator(job, topics, partitions))
                .uid("progress")
                .setParallelism(1)
                .sinkTo(sink)
                .name(job + "-out")
                .uid("sink")
                .setParallelism(1);
    }
}
