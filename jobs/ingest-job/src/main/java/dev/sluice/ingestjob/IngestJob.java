package dev.sluice.ingestjob;

import dev.sluice.streams.InRecord;
import dev.sluice.streams.JobProgram;
import dev.sluice.streams.JobSettings;
import dev.sluice.streams.KafkaEnds;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Topic;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The ingest job: raw deliveries in, delivery events and dead letters out.
 *
 * <pre>
 * raw ─────► ingest (by delivery) ─► progress ─► events, dead-letters
 * control ─────┘ (to all of it)
 * </pre>
 */
public final class IngestJob {
    /** The job's name on the progress topic. */
    public static final String NAME = "ingest";

    /** The greatest parallelism that its state can ever be spread over. */
    public static final int MAX_PARALLELISM = 720;

    private static final List<Topic> OUTPUTS = List.of(Topic.EVENTS, Topic.DEAD_LETTERS);

    private IngestJob() {}

    /**
     * Adds the job to an environment.
     *
     * @param env where it will run
     * @param config what it must be told
     */
    public static void build(StreamExecutionEnvironment env, IngestJobConfig config) {
        env.setMaxParallelism(MAX_PARALLELISM);
        env.setParallelism(config.parallelism());
        DataStream<InRecord> deliveries = KafkaEnds.source(
                        env, config.kafkaBootstrap(), NAME, List.of(Topic.RAW), config.partitions())
                .filter(record -> !record.isHeartbeat())
                .name("deliveries")
                .uid("deliveries");
        DataStream<OutRecord> outcomes = deliveries
                .keyBy(InRecord::key)
                .connect(KafkaEnds.withoutHeartbeats(env, config.kafkaBootstrap(), NAME, Topic.CONTROL, "control")
                        .broadcast(IngestFunction.CONNECTIONS))
                .process(new IngestFunction(config.mappings()))
                .name("ingest")
                .uid("ingest");
        KafkaEnds.sink(outcomes, config.kafkaBootstrap(), NAME, OUTPUTS, config.partitions());
    }

    /**
     * Runs the job on the cluster that calls this.
     *
     * @param args settings, {@code NAME=VALUE}; others come from the environment. {@code SLUICE_KAFKA_BOOTSTRAP} must be
     *     there, {@code SLUICE_PARTITIONS} (12), {@code SLUICE_PARALLELISM} (1) and {@code SLUICE_MAPPINGS} (none) may be
     */
    public static void main(String[] args) throws Exception {
        var config = IngestJobConfig.from(JobSettings.of(args, System.getenv(), IngestJobConfig.SETTINGS));
        JobProgram.run(NAME, config.settings(), env -> build(env, config));
    }
}
