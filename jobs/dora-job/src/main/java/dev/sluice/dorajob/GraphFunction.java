package dev.sluice.dorajob;

import dev.sluice.delivery.CommitGraph;
import dev.sluice.delivery.CommitNode;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.DeployedHead;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentRegister;
import dev.sluice.delivery.Table;
import dev.sluice.dorajob.state.CommitNodeState;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.GraphInput;
import dev.sluice.dorajob.state.HeadState;
import dev.sluice.dorajob.state.ObservationState;
import dev.sluice.dorajob.state.OwnershipState;
import dev.sluice.dorajob.state.ReferenceInput;
import dev.sluice.wire.Keys;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Stage 1, keyed by (tenant, repository): which deployment first brought each commit to each (service, environment). It
 * passes the observations on, behind the ownerships that they caused, and announces the names of deployments.
 */
final class GraphFunction extends KeyedProcessFunction<String, GraphInput, DeliveryInput> {
    static final OutputTag<ReferenceInput> REFERENCES =
            new OutputTag<>("references", TypeInformation.of(ReferenceInput.class));

    private transient Table<String, CommitNode> nodes;
    private transient Table<String, DeployedHead> heads;
    private transient Table<String, List<DeploymentObserved>> observations;

    @Override
    public void open(OpenContext openContext) {
        var context = getRuntimeContext();
        nodes = StateTable.mapped(
                context, "nodes", CommitNodeState.class, CommitNodeState::of, CommitNodeState::toDomain);
        heads = StateTable.mapped(context, "heads", HeadState.class, HeadState::of, HeadState::toDomain);
        observations = StateTable.lists(
                context,
                "observations",
                Types.STRING,
                ObservationState.class,
                ObservationState::of,
                ObservationState::toDomain);
    }

    @Override
    public void processElement(GraphInput input, Context context, Collector<DeliveryInput> out) {
        var graph = new CommitGraph(input.repository(), nodes, heads);
        if (input.commit() != null) {
            String tenant = input.commit().tenant();
            graph.record(input.commit().toDomain()).forEach(owned -> out.collect(input(tenant, owned)));
        }
        ObservationState observation = input.observation();
        if (observation == null) {
            return;
        }
        DeploymentRegister.Change change = new DeploymentRegister(observations).observe(observation.toDomain());
        if (change == null) {
            return;
        }
        String tenant = observation.tenant();
        if (observation.repository() != null) {
            graph.deploy(observation.deploymentId(), change.headAfter())
                    .forEach(owned -> out.collect(input(tenant, owned)));
        }
        out.collect(new DeliveryInput(
                Keys.of(tenant, observation.service(), observation.environment()),
                tenant,
                observation.service(),
                observation.environment(),
                observation,
                null,
                null));
        announce(tenant, change, context);
    }

    private static DeliveryInput input(String tenant, CommitOwnership owned) {
        return new DeliveryInput(
                Keys.of(tenant, owned.service(), owned.environment()),
                tenant,
                owned.service(),
                owned.environment(),
                null,
                OwnershipState.of(owned),
                null);
    }

    private static void announce(String tenant, DeploymentRegister.Change change, Context context) {
        DeploymentAttempt before = change.before();
        DeploymentAttempt after = change.after();
        Set<String> namesBefore = names(before);
        Set<String> namesAfter = names(after);
        for (String name : namesBefore) {
            if (!namesAfter.contains(name) && before != null) {
                context.output(REFERENCES, reference(tenant, name, false, true, before));
            }
        }
        boolean moved = before == null || !before.openedAt().equals(after.openedAt());
        for (String name : namesAfter) {
            if (moved || !namesBefore.contains(name)) {
                context.output(REFERENCES, reference(tenant, name, false, false, after));
            }
        }
        String askedBefore = asked(before);
        String askedAfter = asked(after);
        if (askedBefore != null && before != null && !askedBefore.equals(askedAfter)) {
            context.output(REFERENCES, reference(tenant, askedBefore, true, true, before));
        }
        if (askedAfter != null && (moved || !askedAfter.equals(askedBefore))) {
            context.output(REFERENCES, reference(tenant, askedAfter, true, false, after));
        }
    }

    private static @Nullable String asked(@Nullable DeploymentAttempt attempt) {
        return attempt == null || attempt.deleted() ? null : attempt.remediates();
    }

    private static Set<String> names(@Nullable DeploymentAttempt attempt) {
        var names = new LinkedHashSet<String>();
        if (attempt == null || attempt.deleted()) {
            return names;
        }
        names.add(attempt.id());
        if (attempt.version() != null) {
            names.add(attempt.service() + "@" + attempt.version());
        }
        if (attempt.digest() != null) {
            names.add(attempt.digest());
        }
        return names;
    }

    private static ReferenceInput reference(
            String tenant, String name, boolean asks, boolean withdrawn, DeploymentAttempt attempt) {
        return new ReferenceInput(
                Keys.of(tenant, name),
                tenant,
                asks,
                withdrawn,
                attempt.id(),
                attempt.service(),
                attempt.environment(),
                attempt.openedAt());
    }
}
