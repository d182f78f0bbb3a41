package dev.sluice.dorajob;

import dev.sluice.dorajob.state.CommitState;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.DriftCheckState;
import dev.sluice.dorajob.state.EventInput;
import dev.sluice.dorajob.state.GraphInput;
import dev.sluice.dorajob.state.ObservationState;
import dev.sluice.dorajob.state.ReferenceInput;
import dev.sluice.streams.JobProgram;
import dev.sluice.streams.JobSettings;
import dev.sluice.streams.KafkaEnds;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import java.time.ZoneId;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/**
 * The DORA job: events in, metrics and judged facts out, through three keyed stages. Observations of deployments are
 * gathered by attempt first. Checks for drift concern one series only and go straight to its stage.
 *
 * <pre>
 * events ─► decode ─► commits ──────► graph ───────► delivery ─► progress ─► dora, periods, current, facts
 *              ├────► attempts ────────┘               │
 *              │         └──────► references ──────────┤
 *              └────► checks ──────────────────────────┘
 * </pre>
 */
public final class DoraJob {
    /** The job's name on the progress topic. */
    public static final String NAME = "dora";

    /** The greatest parallelism that its state can ever be spread over. */
    public static final int MAX_PARALLELISM = 720;

    private static final List<Topic> OUTPUTS = List.of(Topic.DORA, Topic.PERIODS, Topic.CURRENT, Topic.FACTS);

    private DoraJob() {}

    /**
     * Adds the job to an environment.
     *
     * @param env where it will run
     * @param config what it must be told
     */
    public static void build(StreamExecutionEnvironment env, DoraJobConfig config) {
        env.setMaxParallelism(MAX_PARALLELISM);
        env.setParallelism(config.parallelism());
        DataStream<EventInput> events = KafkaEnds.source(
                        env, config.kafkaBootstrap(), NAME, List.of(Topic.EVENTS), config.partitions())
                .flatMap(new DecodeFunction())
                .name("decode")
                .uid("decode");
        DataStream<OutRecord> rows = stages(events, config.zone(), System::currentTimeMillis);
        KafkaEnds.sink(rows, config.kafkaBootstrap(), NAME, OUTPUTS, config.partitions());
    }

    /** The stages, from events to rows. */
    static DataStream<OutRecord> stages(DataStream<EventInput> events, ZoneId zone, DeliveryFunction.Clock clock) {
        DataStream<GraphInput> commits = events.flatMap(DoraJob::commits)
                .returns(GraphInput.class)
                .name("commits")
                .uid("commits");
        var attempts = events.flatMap(DoraJob::observations)
                .returns(ObservationState.class)
                .name("observations")
                .uid("observations")
                .keyBy(observation -> Keys.of(
                        observation.tenant(),
                        observation.deploymentId(),
                        observation.service(),
                        observation.environment()))
                .process(new AttemptFunction())
                .name("attempts")
                .uid("attempts");
        DataStream<DeliveryInput> owned = commits.union(attempts)
                .keyBy(GraphInput::key)
                .process(new GraphFunction())
                .name("graph")
                .uid("graph");
        DataStream<DeliveryInput> links = attempts.getSideOutput(AttemptFunction.REFERENCES)
                .keyBy(ReferenceInput::key)
                .process(new ReferenceFunction())
                .name("references")
                .uid("references");
        DataStream<DeliveryInput> checks = events.flatMap(DoraJob::checks)
                .returns(DeliveryInput.class)
                .name("checks")
                .uid("checks");
        return owned.union(links, checks)
                .keyBy(DeliveryInput::key)
                .transform(
                        "delivery",
                        TypeInformation.of(OutRecord.class),
                        new DeliveryOperator(new DeliveryFunction(zone, clock)))
                .uid("delivery");
    }

    private static void commits(EventInput event, Collector<GraphInput> out) {
        CommitState commit = event.commit();
        if (commit != null) {
            out.collect(new GraphInput(
                    Keys.of(commit.tenant(), commit.repository()),
                    commit.tenant(),
                    commit.repository(),
                    commit,
                    null,
                    null,
                    null));
        }
    }

    private static void observations(EventInput event, Collector<ObservationState> out) {
        if (event.observation() != null) {
            out.collect(event.observation());
        }
    }

    private static void checks(EventInput event, Collector<DeliveryInput> out) {
        DriftCheckState check = event.drift();
        if (check != null) {
            out.collect(new DeliveryInput(
                    Keys.of(check.tenant(), check.service(), check.environment()),
                    check.tenant(),
                    check.service(),
                    check.environment(),
                    null,
                    null,
                    null,
                    check));
        }
    }

    /**
     * Runs the job on the cluster that calls this.
     *
     * @param args settings, {@code NAME=VALUE}; others come from the environment. {@code SLUICE_KAFKA_BOOTSTRAP} must be
     *     there, {@code SLUICE_PARTITIONS} (12), {@code SLUICE_PARALLELISM} (1) and {@code SLUICE_ZONE} (UTC) may be
     */
    public static void main(String[] args) throws Exception {
        var config = DoraJobConfig.from(JobSettings.of(args, System.getenv(), DoraJobConfig.SETTINGS));
        JobProgram.run(NAME, config.settings(), env -> build(env, config));
    }
}
