package dev.sluice.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A commit in the graph of its repository; it may be known only because a child or a deployment named it.
 *
 * @param parents ids of its parents
 * @param parentage how they are known
 * @param children ids of the commits that name it as a parent
 * @param authoredAt author time; null while the commit itself has not been recorded
 * @param reverts ids of the commits that it reverts, in text order
 * @param heads keys of the successful deployments of exactly this commit, see {@link DeployedHead#key}
 * @param services the services whose files it touches, in text order; null where that is not known
 * @param labels for each series (service and environment) the key of the deployment that first brought the commit there
 */
public record CommitNode(
        List<String> parents,
        Parentage parentage,
        List<String> children,
        @Nullable Instant authoredAt,
        List<String> reverts,
        List<String> heads,
        @Nullable List<String> services,
        Map<String, String> labels) {
    static final CommitNode UNSEEN =
            new CommitNode(List.of(), Parentage.UNKNOWN, List.of(), null, List.of(), List.of(), null, Map.of());

    public CommitNode {
        parents = List.copyOf(parents);
        children = List.copyOf(children);
        reverts = List.copyOf(reverts);
        heads = List.copyOf(heads);
        services = services == null ? null : List.copyOf(services);
        labels = Map.copyOf(labels);
    }

    /** Returns whether it joins lines of history: change lead time leaves it out. */
    public boolean isMerge() {
        return parentage == Parentage.EXPLICIT && parents.size() > 1;
    }

    /**
     * Returns the node with what a record adds. Better parentage replaces worse. Records that are equally good and do
     * not agree are joined (inferred parents, the earlier author time) or decided by text order (named parents), so that
     * the result does not depend on which came first.
     */
    CommitNode with(CommitRecorded record) {
        Instant authored =
                authoredAt == null || record.authoredAt().isBefore(authoredAt) ? record.authoredAt() : authoredAt;
        var all = new TreeSet<>(reverts);
        all.addAll(record.reverts());
        List<String> reverted = List.copyOf(all);
        List<String> touched = union(services, record.services());
        int better = record.parentage().compareTo(parentage);
        if (better < 0) {
            return new CommitNode(parents, parentage, children, authored, reverted, heads, touched, labels);
        }
        List<String> known = record.parents();
        if (better == 0 && parentage == Parentage.INFERRED) {
            var union = new TreeSet<>(parents);
            union.addAll(record.parents());
            known = new ArrayList<>(union);
        } else if (better == 0 && parents.toString().compareTo(record.parents().toString()) >= 0) {
            known = parents;
        }
        return new CommitNode(known, record.parentage(), children, authored, reverted, heads, touched, labels);
    }

    /** Returns whether it is known to touch no file of a service. */
    boolean isElsewhere(String service) {
        return services != null && !services.contains(service);
    }

    private static @Nullable List<String> union(@Nullable List<String> some, @Nullable List<String> others) {
        if (some == null || others == null) {
            return some == null && others != null ? List.copyOf(new TreeSet<>(others)) : some;
        }
        var all = new TreeSet<>(some);
        all.addAll(others);
        return List.copyOf(all);
    }

    CommitNode withChild(String child) {
        return new CommitNode(parents, parentage, with(children, child), authoredAt, reverts, heads, services, labels);
    }

    CommitNode withoutChild(String child) {
        return new CommitNode(
                parents, parentage, without(children, child), authoredAt, reverts, heads, services, labels);
    }

    CommitNode withHead(String deployment) {
        return new CommitNode(
                parents, parentage, children, authoredAt, reverts, with(heads, deployment), services, labels);
    }

    CommitNode withoutHead(String deployment) {
        return new CommitNode(
                parents, parentage, children, authoredAt, reverts, without(heads, deployment), services, labels);
    }

    CommitNode withLabel(String series, @Nullable String deployment) {
        var changed = new HashMap<>(labels);
        if (deployment == null) {
            changed.remove(series);
        } else {
            changed.put(series, deployment);
        }
        return new CommitNode(parents, parentage, children, authoredAt, reverts, heads, services, changed);
    }

    private static List<String> with(List<String> list, String element) {
        if (list.contains(element)) {
            return list;
        }
        var longer = new ArrayList<>(list);
        longer.add(element);
        return longer;
    }

    private static List<String> without(List<String> list, String element) {
        var shorter = new ArrayList<>(list);
        shorter.remove(element);
        return shorter;
    }
}
