package dev.sluice.storejob;

import dev.sluice.storejob.state.StoreLine;
import dev.sluice.streams.HeartbeatWatermarks;
import dev.sluice.streams.JobProgram;
import dev.sluice.streams.JobSettings;
import dev.sluice.streams.NoWatermarks;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job that follows the topics and keeps ClickHouse up to date. Nothing waits for it: it may be down or behind, and
 * says in the store how far it has come.
 */
public final class StoreJob {
    /** The job's name. */
    public static final String NAME = "store";

    /** Topics with heartbeats in each partition: together they say how far the store has come. */
    static final List<Topic> WITH_HEARTBEATS =
            List.of(Topic.RAW, Topic.EVENTS, Topic.DEAD_LETTERS, Topic.FACTS, Topic.DORA, Topic.PERIODS, Topic.CURRENT);
    /** Topics without, or that hold up nobody who waits for the store. */
    static final List<Topic> WITHOUT_HEARTBEATS =
            List.of(Topic.DECISIONS, Topic.PROGRESS, Topic.BUCKETS, Topic.EVIDENCE, Topic.ROLLBACKS, Topic.ATTEMPTS);

    /**
     * What it leaves alone: the settings say where secrets are, which is no matter for those who read the store; points of canary
     * runs are in their buckets, and verdicts, of which only the newest is kept, in their evidence.
     */
    static final List<Topic> NOT_READ = List.of(Topic.CONTROL, Topic.SAMPLES, Topic.VERDICTS);

    private static final int MAX_PARALLELISM = 720;
    /** A fetch waits for so many bytes, since many small fetches cost more; but no longer than the times below. */
    private static final int FETCH_BYTES = 128 << 10;
    /** Deliveries and rows are asked for soon after they came. */
    private static final Duration ROWS_WAIT = Duration.ofMillis(500);
    /** Decisions and the progress of jobs are looked at later. */
    private static final Duration RECORDS_WAIT = Duration.ofSeconds(2);

    private StoreJob() {}

    /**
     * Adds the job to an environment. The topics must exist when it is executed; the database need not.
     *
     * @param env the environment, which this sets up for the job: it belongs to no other
     * @param config how the job runs
     */
    public static void build(StreamExecutionEnvironment env, StoreJobConfig config) {
        env.setMaxParallelism(MAX_PARALLELISM);
        // while ClickHouse is away no checkpoint completes: that alone must not restart the job
        env.getCheckpointConfig().setTolerableCheckpointFailureNumber(Integer.MAX_VALUE);
        DataStream<StoreLine> rows = source(
                env,
                config,
                "rows",
                WITH_HEARTBEATS,
                ROWS_WAIT,
                new HeartbeatWatermarks<>(StoreLine::heartbeat, StoreLine::timestamp));
        DataStream<StoreLine> records =
                source(env, config, "records", WITHOUT_HEARTBEATS, RECORDS_WAIT, new NoWatermarks<>());
        rows.union(records)
                .sinkTo(new ClickHouseSink(config, System.currentTimeMillis()))
                .name("clickhouse")
                .uid("clickhouse")
                .setParallelism(config.parallelism());
    }

    /**
     * Runs the job on the cluster that calls this.
     *
     * @param args settings, {@code NAME=VALUE}; others come from the environment. They are those of {@link StoreJobConfig}
     */
    public static void main(String[] args) throws Exception {
        var config = StoreJobConfig.from(JobSettings.of(args, System.getenv(), StoreJobConfig.SETTINGS));
        JobProgram.run(NAME, config.settings(), env -> build(env, config));
    }

    private static DataStream<StoreLine> source(
            StreamExecutionEnvironment env,
            StoreJobConfig config,
            String name,
            List<Topic> topics,
            Duration fetchWait,
            WatermarkStrategy<StoreLine> watermarks) {
        KafkaSource<StoreLine> source = KafkaSource.<StoreLine>builder()
                .setBootstrapServers(config.kafkaBootstrap())
                .setTopics(topics.stream().map(Topic::topicName).toList())
                .setGroupId(config.groupId())
                .setClientIdPrefix(config.groupId() + "-" + name)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new RecordReader())
                .setProperty("partition.discovery.interval.ms", "-1")
                .setProperty("fetch.max.wait.ms", Long.toString(fetchWait.toMillis()))
                .setProperty("fetch.min.bytes", Integer.toString(FETCH_BYTES))
                .build();
        return env.fromSource(source, watermarks, name).uid(name).setParallelism(config.parallelism());
    }
}
