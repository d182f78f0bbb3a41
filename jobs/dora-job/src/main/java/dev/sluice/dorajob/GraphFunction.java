package dev.sluice.dorajob;

import dev.sluice.delivery.CommitGraph;
import dev.sluice.delivery.CommitNode;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.DeployedHead;
import dev.sluice.delivery.Table;
import dev.sluice.dorajob.state.CommitNodeState;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.GraphInput;
import dev.sluice.dorajob.state.HeadState;
import dev.sluice.dorajob.state.OwnershipState;
import dev.sluice.wire.Keys;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Stage 1, keyed by (tenant, repository): which deployment first brought each commit to each (service, environment). It
 * passes the observations on, behind the ownerships that they caused.
 */
final class GraphFunction extends KeyedProcessFunction<String, GraphInput, DeliveryInput> {
    private transient Table<String, CommitNode> nodes;
    private transient Table<String, DeployedHead> heads;

    @Override
    public void open(OpenContext openContext) {
        var context = getRuntimeContext();
        nodes = StateTable.mapped(
                context, "nodes", CommitNodeState.class, CommitNodeState::of, CommitNodeState::toDomain);
        heads = StateTable.mapped(context, "heads", HeadState.class, HeadState::of, HeadState::toDomain);
    }

    @Override
    public void processElement(GraphInput input, Context context, Collector<DeliveryInput> out) {
        String repository = input.repository();
        if (repository != null) {
            var graph = new CommitGraph(repository, nodes, heads);
            if (input.commit() != null) {
                graph.record(input.commit().toDomain()).forEach(owned -> out.collect(input(input.tenant(), owned)));
            }
            if (input.withdrawnHead() != null) {
                graph.withdraw(input.withdrawnHead()).forEach(owned -> out.collect(input(input.tenant(), owned)));
            }
            if (input.head() != null) {
                graph.deploy(input.head().toDomain()).forEach(owned -> out.collect(input(input.tenant(), owned)));
            }
        }
        if (input.forward() != null) {
            out.collect(input.forward());
        }
    }

    private static DeliveryInput input(String tenant, CommitOwnership owned) {
        return new DeliveryInput(
                Keys.of(tenant, owned.service(), owned.environment()),
                tenant,
                owned.service(),
                owned.environment(),
                null,
                OwnershipState.of(owned),
                null,
                null);
    }
}
