package dev.sluice.dorajob;

import dev.sluice.delivery.CommitGraph;
import dev.sluice.delivery.CommitNode;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeployedHead;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.PullRequestOwnership;
import dev.sluice.delivery.PullRequestRegister;
import dev.sluice.delivery.Table;
import dev.sluice.dorajob.state.CommitNodeState;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.GraphInput;
import dev.sluice.dorajob.state.HeadState;
import dev.sluice.dorajob.state.OwnershipState;
import dev.sluice.dorajob.state.PullRequestObservationState;
import dev.sluice.dorajob.state.PullRequestOwnershipState;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Stage 1, keyed by (tenant, repository): which deployment first brought each commit and each pull request to each
 * (service, environment). It passes the observations of deployments on, behind the ownerships that they caused.
 */
final class GraphFunction extends KeyedProcessFunction<String, GraphInput, DeliveryInput> {
    private transient Table<String, CommitNode> nodes;
    private transient Table<String, DeployedHead> heads;
    private transient Table<String, List<PullRequestObserved>> pullRequests;
    private transient Table<String, List<String>> pullRequestsBySha;

    @Override
    public void open(OpenContext openContext) {
        var context = getRuntimeContext();
        nodes = StateTable.mapped(
                context, "nodes", CommitNodeState.class, CommitNodeState::of, CommitNodeState::toDomain);
        heads = StateTable.mapped(context, "heads", HeadState.class, HeadState::of, HeadState::toDomain);
        pullRequests = StateTable.lists(
                context,
                "pull-requests",
                Types.STRING,
                PullRequestObservationState.class,
                PullRequestObservationState::of,
                PullRequestObservationState::toDomain);
        pullRequestsBySha = StateTable.plain(context, "pull-requests-by-sha", Types.STRING, Types.LIST(Types.STRING));
    }

    @Override
    public void processElement(GraphInput input, Context context, Collector<DeliveryInput> out) {
        String repository = input.repository();
        if (repository != null) {
            var graph = new CommitGraph(repository, nodes, heads);
            var register = new PullRequestRegister(repository, graph, pullRequests, pullRequestsBySha);
            var owned = new Ownerships(input.tenant(), register, out);
            if (input.commit() != null) {
                CommitRecorded commit = input.commit().toDomain();
                owned.collect(graph.record(commit));
                owned.collectPullRequests(register.recorded(commit.sha()));
            }
            if (input.withdrawnHead() != null) {
                owned.collect(graph.withdraw(input.withdrawnHead()));
            }
            if (input.head() != null) {
                owned.collect(graph.deploy(input.head().toDomain()));
            }
            if (input.pullRequest() != null) {
                owned.collectPullRequests(register.observe(input.pullRequest().toDomain()));
            }
        }
        if (input.forward() != null) {
            out.collect(input.forward());
        }
    }

    /** Where ownerships of a tenant go. */
    private record Ownerships(String tenant, PullRequestRegister register, Collector<DeliveryInput> out) {
        /** Collects those of commits, and those of pull requests that follow from them. */
        void collect(List<CommitOwnership> commits) {
            for (CommitOwnership owned : commits) {
                out.collect(DeliveryInput.of(tenant, OwnershipState.of(owned)));
            }
            collectPullRequests(register.follow(commits));
        }

        void collectPullRequests(Collection<PullRequestOwnership> pullRequests) {
            for (PullRequestOwnership owned : pullRequests) {
                out.collect(DeliveryInput.of(tenant, PullRequestOwnershipState.of(owned)));
            }
        }
    }
}
