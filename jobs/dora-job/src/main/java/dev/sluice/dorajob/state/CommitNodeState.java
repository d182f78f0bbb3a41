package dev.sluice.dorajob.state;

import dev.sluice.delivery.CommitNode;
import dev.sluice.delivery.Parentage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link CommitNode}, flat. */
public record CommitNodeState(
        List<String> parents,
        Parentage parentage,
        List<String> children,
        @Nullable Instant authoredAt,
        List<String> reverts,
        List<String> heads,
        @Nullable List<String> services,
        Map<String, String> labels) {

    /** Returns the flat form. */
    public static CommitNodeState of(CommitNode node) {
        return new CommitNodeState(
                node.parents(),
                node.parentage(),
                node.children(),
                node.authoredAt(),
                node.reverts(),
                node.heads(),
                node.services(),
                node.labels());
    }

    /** Returns the domain's form. */
    public CommitNode toDomain() {
        return new CommitNode(parents, parentage, children, authoredAt, reverts, heads, services, labels);
    }
}
