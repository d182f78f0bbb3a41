package dev.sluice.canaryjob;

import dev.sluice.canaryjob.learn.LearnFunction;
import dev.sluice.canaryjob.pull.HistoryFunction;
import dev.sluice.canaryjob.pull.PullFunction;
import dev.sluice.canaryjob.pull.PullSchedule;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.LearnInput;
import dev.sluice.canaryjob.state.PullRequest;
import dev.sluice.streams.InRecord;
import dev.sluice.streams.JobProgram;
import dev.sluice.streams.JobSettings;
import dev.sluice.streams.KafkaEnds;
import dev.sluice.streams.NoWatermarks;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Topic;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The canary job: points of metrics in, verdicts out, one after the other for each run.
 *
 * <pre>
 * samples ─┬─► decode ─┬────────────────────────────► runs ─► progress ─► verdicts, buckets, evidence
 * control ─┘           ├─► pull-schedule ─┬► pull ────►─┤
 *                      │                  └► history ─►─┤
 *                      └─► learn ─────────────────────►─┘
 * </pre>
 */
public final class CanaryJob {
    /** The job's name on the progress topic. */
    public static final String NAME = "canary";

    /** The greatest parallelism that its state can ever be spread over. */
    public static final int MAX_PARALLELISM = 720;

    /** So many requests to sources may be under way in a task; others wait. */
    private static final int MOST_PULLS = 16;

    /** So many histories may be asked for in a task, most of which wait for their turn: beyond, all would wait, pulls and progress too. */
    private static final int MOST_HISTORIES = 10_000;

    private CanaryJob() {}

    /**
     * Adds the job to an environment.
     *
     * @param env where it will run
     * @param config what it must be told
     */
    public static void build(StreamExecutionEnvironment env, CanaryJobConfig config) {
        env.setMaxParallelism(MAX_PARALLELISM);
        env.setParallelism(config.parallelism());
        DataStream<InRecord> samples =
                KafkaEnds.source(env, config.kafkaBootstrap(), NAME, List.of(Topic.SAMPLES), config.partitions());
        DataStream<InRecord> control =
                KafkaEnds.withoutHeartbeats(env, config.kafkaBootstrap(), NAME, Topic.CONTROL, "control");
        SingleOutputStreamOperator<CanaryInput> sent = samples.union(control)
                .process(new DecodeFunction())
                .name("decode")
                .uid("decode");
        SingleOutputStreamOperator<PullRequest> requests = sent.filter(input -> input.document() != null)
                .name("documents")
                .keyBy(CanaryInput::key)
                .process(new PullSchedule(new CachedRunReader()))
                .name("pull-schedule")
                .uid("pull-schedule");
        DataStream<CanaryInput> pulled = AsyncDataStream.unorderedWait(
                        requests,
                        new PullFunction(
                                new CachedRunReader(),
                                new SourcesFile(config.metricSources()),
                                System::currentTimeMillis),
                        PullFunction.TIMEOUT_SECONDS,
                        TimeUnit.SECONDS,
                        MOST_PULLS)
                .name("pull")
                .uid("pull");
        DataStream<CanaryInput> histories = AsyncDataStream.unorderedWait(
                        // no progress waits behind a history, which takes long
                        requests.getSideOutput(PullSchedule.HISTORIES)
                                .assignTimestampsAndWatermarks(new NoWatermarks<>())
                                .uid("histories-without-progress"),
                        new HistoryFunction(new CachedRunReader(), new SourcesFile(config.metricSources())),
                        HistoryFunction.TIMEOUT_SECONDS,
                        TimeUnit.SECONDS,
                        MOST_HISTORIES)
                .name("history")
                .uid("history");
        DataStream<CanaryInput> learned = sent.getSideOutput(DecodeFunction.LEARNING)
                .keyBy(LearnInput::key)
                .process(new LearnFunction())
                .name("learn")
                .uid("learn")
                // no progress waits while a run is told what was learned
                .assignTimestampsAndWatermarks(new NoWatermarks<>())
                .uid("learned-without-progress");
        DataStream<OutRecord> verdicts = sent.union(pulled, histories, learned)
                .keyBy(CanaryInput::key)
                .process(new CanaryFunction(System::currentTimeMillis))
                .name("runs")
                .uid("runs");
        KafkaEnds.sink(
                verdicts,
                config.kafkaBootstrap(),
                NAME,
                List.of(Topic.VERDICTS, Topic.BUCKETS, Topic.EVIDENCE),
                config.partitions());
    }

    /**
     * Runs the job on the cluster that calls this.
     *
     * @param args settings, {@code NAME=VALUE}; others come from the environment. {@code SLUICE_KAFKA_BOOTSTRAP} must be
     *     there, {@code SLUICE_PARTITIONS} (12), {@code SLUICE_PARALLELISM} (1) and {@code SLUICE_METRIC_SOURCES} may be
     */
    public static void main(String[] args) throws Exception {
        var config = CanaryJobConfig.from(JobSettings.of(args, System.getenv(), CanaryJobConfig.SETTINGS));
        JobProgram.run(NAME, config.settings(), env -> build(env, config));
    }
}
