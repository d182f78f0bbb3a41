package dev.sluice.rollbackjob;

import dev.sluice.rollbackjob.state.RunInput;
import dev.sluice.rollbackjob.state.SeriesInput;
import dev.sluice.streams.InRecord;
import dev.sluice.streams.JobProgram;
import dev.sluice.streams.JobSettings;
import dev.sluice.streams.KafkaEnds;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Topic;
import java.util.List;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The rollback job: what is wrong with a service in, orders to roll it back out, and what becomes of them. gate-api delivers the
 * orders and tells what came of it.
 *
 * <pre>
 * verdicts ──────────┐            ┌─► runs ─┐
 * current, facts ────┼─► decode ──┴─────────┴─► series ─► progress ─► rollbacks
 * control, attempts ─┘
 * </pre>
 */
public final class RollbackJob {
    /** The job's name on the progress topic. */
    public static final String NAME = "rollback";

    /** The greatest parallelism that its state can ever be spread over. */
    public static final int MAX_PARALLELISM = 720;

    private RollbackJob() {}

    /**
     * Adds the job to an environment.
     *
     * @param env where it will run
     * @param config what it must be told
     */
    public static void build(StreamExecutionEnvironment env, RollbackJobConfig config) {
        env.setMaxParallelism(MAX_PARALLELISM);
        env.setParallelism(config.parallelism());
        DataStream<InRecord> rows = KafkaEnds.source(
                env,
                config.kafkaBootstrap(),
                NAME,
                List.of(Topic.VERDICTS, Topic.CURRENT, Topic.FACTS),
                config.partitions());
        DataStream<InRecord> control =
                KafkaEnds.withoutHeartbeats(env, config.kafkaBootstrap(), NAME, Topic.CONTROL, "control");
        DataStream<InRecord> attempts =
                KafkaEnds.withoutHeartbeats(env, config.kafkaBootstrap(), NAME, Topic.ATTEMPTS, "attempts");
        SingleOutputStreamOperator<SeriesInput> decoded = rows.union(control, attempts)
                .process(new DecodeFunction())
                .name("decode")
                .uid("decode");
        DataStream<SeriesInput> runs = decoded.getSideOutput(DecodeFunction.RUNS)
                .keyBy(RunInput::key)
                .process(new RunFunction())
                .name("runs")
                .uid("runs");
        DataStream<OutRecord> orders = decoded.union(runs)
                .keyBy(SeriesInput::key)
                .process(new SeriesFunction(System::currentTimeMillis))
                .name("series")
                .uid("series");
        KafkaEnds.sink(orders, config.kafkaBootstrap(), NAME, List.of(Topic.ROLLBACKS), config.partitions());
    }

    /**
     * Runs the job on the cluster that calls this.
     *
     * @param args settings, {@code NAME=VALUE}; others come from the environment. {@code SLUICE_KAFKA_BOOTSTRAP} must be
     *     there, {@code SLUICE_PARTITIONS} (12) and {@code SLUICE_PARALLELISM} (1) may be
     */
    public static void main(String[] args) throws Exception {
        var config = RollbackJobConfig.from(JobSettings.of(args, System.getenv(), RollbackJobConfig.SETTINGS));
        JobProgram.run(NAME, config.settings(), env -> build(env, config));
    }
}
