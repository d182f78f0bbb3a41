package dev.sluice.shift;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The Shiryaev-Roberts statistic of one direction: for each alternative j, M_j becomes (M_j + 1) LR_j(x) with each value x,
 * and M is their mean.
 *
 * @param nodes what has been gathered for each alternative; empty while nothing has
 */
public record Evidence(List<NodeState> nodes) {
    static final Evidence NONE = new Evidence(List.of());

    public Evidence {
        nodes = List.copyOf(nodes);
    }

    /**
     * Adds a value.
     *
     * @param toBound what it says for each alternative against the bound
     * @param toLevel what it says for each alternative against the level
     * @param begin when it began
     */
    Evidence plus(LikelihoodRatios toBound, LikelihoodRatios toLevel, Instant begin) {
        var after = new ArrayList<NodeState>(toBound.nodes());
        for (int node = 0; node < toBound.nodes(); node++) {
            NodeState before = nodes.isEmpty() ? NodeState.EMPTY : nodes.get(node);
            after.add(before.plus(toBound.of(node), toLevel.log(node), begin));
        }
        return new Evidence(after);
    }

    /** Returns M; 0 while nothing has been gathered. */
    double statistic() {
        double sum = 0;
        for (NodeState node : nodes) {
            sum += node.sum();
        }
        return nodes.isEmpty() ? 0 : sum / nodes.size();
    }

    /**
     * Returns the alternative whose greatest likelihood ratio is the greatest of all. Its start is the estimate of the
     * onset: the maximum likelihood over the onset and the amount of the shift together.
     */
    NodeState likeliest() {
        NodeState likeliest = NodeState.EMPTY;
        for (NodeState node : nodes) {
            if (likeliest.since() == null || node.logRatio() > likeliest.logRatio()) {
                likeliest = node;
            }
        }
        return likeliest;
    }
}
