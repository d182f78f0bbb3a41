package dev.sluice.dorajob;

import dev.sluice.dorajob.state.CatalogueInput;
import dev.sluice.dorajob.state.CommitState;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.EventInput;
import dev.sluice.dorajob.state.GraphInput;
import dev.sluice.dorajob.state.IncidentObservationState;
import dev.sluice.dorajob.state.ObservationState;
import dev.sluice.dorajob.state.PullRequestObservationState;
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
import org.jspecify.annotations.Nullable;

/**
 * The DORA job: events in, metrics and judged facts out, through three keyed stages. Observations of deployments are
 * gathered by attempt first, those of incidents by incident. Checks for drift concern one series only and go straight to
 * its stage. The catalogue tells each series what is set for its service.
 *
 * <pre>
 * events ─► decode ─► changes ──────► graph ───────► delivery ─► progress ─► dora, periods, current, facts
 *              ├────► attempts ────────┘               │ │
 *              │         └──────► references ──────────┘ │
 *              ├────► incidents ──────┴──────────────────┤
 *              ├────► checks ────────────────────────────┤
 *              └────► catalogue ─────────────────────────┘
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
        DataStream<GraphInput> changes = events.flatMap(DoraJob::changes)
                .returns(GraphInput.class)
                .name("changes")
                .uid("changes");
        var attempts = events.flatMap(DoraJob::observations)
                .returns(ObservationState.class)
                .name("observations")
                .uid("observations")
                .keyBy(DoraJob::attempt)
                .process(new AttemptFunction())
                .name("attempts")
                .uid("attempts");
        DataStream<DeliveryInput> owned = changes.union(attempts)
                .keyBy(GraphInput::key)
                .process(new GraphFunction())
                .name("graph")
                .uid("commits"); // not the name that it had when a commit was one of all services: that state is
        // rebuilt
        var incidents = events.flatMap(DoraJob::incidents)
                .returns(IncidentObservationState.class)
                .name("incident-observations")
                .uid("incident-observations")
                .keyBy(DoraJob::incident)
                .process(new IncidentFunction())
                .name("incidents")
                .uid("incidents");
        DataStream<DeliveryInput> links = attempts.getSideOutput(AttemptFunction.REFERENCES)
                .union(incidents.getSideOutput(IncidentFunction.REFERENCES))
                .keyBy(ReferenceInput::key)
                .process(new ReferenceFunction())
                .name("references")
                .uid("references");
        DataStream<DeliveryInput> checks = events.flatMap(DoraJob::checks)
                .returns(DeliveryInput.class)
                .name("checks")
                .uid("checks");
        var catalogue = events.flatMap(DoraJob::catalogue)
                .returns(CatalogueInput.class)
                .name("catalogue-words")
                .uid("catalogue-words")
                .union(
                        announced("changes", owned),
                        announced("links", links),
                        announced("incidents", incidents),
                        announced("checks", checks))
                .keyBy(CatalogueInput::key)
                .process(new CatalogueFunction(zone, clock))
                .name("catalogue")
                .uid("catalogue");
        return owned.union(links, incidents, checks, catalogue)
                .keyBy(DeliveryInput::key)
                .transform(
                        "delivery",
                        TypeInformation.of(OutRecord.class),
                        new DeliveryOperator(new DeliveryFunction(zone, clock)))
                .uid("series") // not a name that it had when facts had no days: that state is rebuilt
                .union(catalogue.getSideOutput(CatalogueFunction.ROWS));
    }

    private static DataStream<CatalogueInput> announced(String what, DataStream<DeliveryInput> inputs) {
        return inputs.flatMap(new AnnounceFunction()).name("announce-" + what).uid("announce-" + what);
    }

    private static void catalogue(EventInput event, Collector<CatalogueInput> out) {
        if (event.catalogue() != null) {
            out.collect(event.catalogue());
        }
    }

    /** The key of the attempt that an observation is about. */
    static String attempt(ObservationState observation) {
        return Keys.of(
                observation.tenant(), observation.deploymentId(), observation.service(), observation.environment());
    }

    /** The key of the incident that an observation is about. */
    static String incident(IncidentObservationState observation) {
        return Keys.of(observation.tenant(), observation.incidentId());
    }

    static void changes(EventInput event, Collector<GraphInput> out) {
        CommitState commit = event.commit();
        if (commit != null) {
            out.collect(change(commit.tenant(), commit.repository(), commit, null));
        }
        PullRequestObservationState pullRequest = event.pullRequest();
        if (pullRequest != null) {
            out.collect(change(pullRequest.tenant(), pullRequest.repository(), null, pullRequest));
        }
    }

    private static GraphInput change(
            String tenant,
            String repository,
            @Nullable CommitState commit,
            @Nullable PullRequestObservationState pullRequest) {
        return new GraphInput(Keys.of(tenant, repository), tenant, repository, commit, null, null, pullRequest, null);
    }

    static void observations(EventInput event, Collector<ObservationState> out) {
        if (event.observation() != null) {
            out.collect(event.observation());
        }
    }

    static void checks(EventInput event, Collector<DeliveryInput> out) {
        if (event.drift() != null) {
            out.collect(DeliveryInput.of(event.drift()));
        }
    }

    static void incidents(EventInput event, Collector<IncidentObservationState> out) {
        if (event.incident() != null) {
            out.collect(event.incident());
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
