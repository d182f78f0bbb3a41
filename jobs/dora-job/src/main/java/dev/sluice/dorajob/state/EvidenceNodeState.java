package dev.sluice.dorajob.state;

import dev.sluice.shift.Evidence;
import dev.sluice.shift.NodeState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link NodeState}, flat. */
public record EvidenceNodeState(
        double sum, double logRatio, int length, @Nullable Instant since) {

    /** Returns the flat form. */
    static List<EvidenceNodeState> of(Evidence evidence) {
        return evidence.nodes().stream()
                .map(node -> new EvidenceNodeState(node.sum(), node.logRatio(), node.length(), node.since()))
                .toList();
    }

    /** Returns the domain's form. */
    static Evidence toDomain(List<EvidenceNodeState> nodes) {
        return new Evidence(nodes.stream()
                .map(node -> new NodeState(node.sum, node.logRatio, node.length, node.since))
                .toList());
    }
}
