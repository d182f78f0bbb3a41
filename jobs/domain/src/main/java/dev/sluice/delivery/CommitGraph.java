package dev.sluice.delivery;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commits of one repository, and for each series (service and environment) the deployment that first brought each
 * commit there: the smallest (finished_at, deployment id) among the successful deployments from which it is reachable.
 *
 * <p>Labels spread from a deployment's commit to its ancestors and stop where they are already smaller, so that a new
 * deployment costs its own range only. When a deployment goes, moves later, or an edge goes, the commits that had their
 * label through it lose it and take the smallest that reaches them otherwise. A minimum does not depend on the order of
 * arrival.
 */
public final class CommitGraph {
    private final String repository;
    private final Table<String, CommitNode> nodes;
    private final Table<String, DeployedHead> deployed;
    private final Map<String, Touched> touched = new LinkedHashMap<>();

    /**
     * Creates the graph over its tables.
     *
     * @param repository the repository's name
     * @param nodes commits by id
     * @param deployed successful deployments by {@link DeployedHead#key}
     */
    public CommitGraph(String repository, Table<String, CommitNode> nodes, Table<String, DeployedHead> deployed) {
        this.repository = repository;
        this.nodes = nodes;
        this.deployed = deployed;
    }

    /** Adds a commit; returns the ownerships that changed. */
    public List<CommitOwnership> record(CommitRecorded commit) {
        String sha = commit.sha();
        CommitNode before = node(sha);
        CommitNode after = before.with(commit);
        if (after.equals(before)) {
            return List.of();
        }
        nodes.put(sha, after);
        after.labels().keySet().forEach(series -> touch(series, sha));
        for (String parent : before.parents()) {
            if (!after.parents().contains(parent)) {
                removeEdge(sha, parent);
            }
        }
        for (String parent : after.parents()) {
            if (!before.parents().contains(parent)) {
                addEdge(sha, parent);
            }
        }
        return drain();
    }

    /**
     * Adds a successful deployment, or moves it to another time or commit.
     *
     * @param head where and when it succeeded
     * @return the ownerships that changed
     */
    public List<CommitOwnership> deploy(DeployedHead head) {
        String key = head.key();
        DeployedHead before = deployed.get(key);
        if (head.equals(before)) {
            return List.of();
        }
        if (before != null) {
            take(before);
        }
        deployed.put(key, head);
        nodes.put(head.sha(), node(head.sha()).withHead(key));
        lower(head.series(), head.sha(), head);
        return drain();
    }

    /**
     * Takes a deployment back: it did not succeed, or is gone.
     *
     * @param key its {@link DeployedHead#key}
     * @return the ownerships that changed
     */
    public List<CommitOwnership> withdraw(String key) {
        DeployedHead before = deployed.get(key);
        if (before == null) {
            return List.of();
        }
        take(before);
        return drain();
    }

    /** Returns the series that a commit was deployed to, by their names; see {@link DeployedHead#series()}. */
    Set<String> series(String sha) {
        return node(sha).labels().keySet();
    }

    /** Returns the deployment that first brought a commit to a series; null where none did. */
    @Nullable
    DeployedHead firstDeployment(String series, String sha) {
        String label = node(sha).labels().get(series);
        return label == null ? null : deployed.get(label);
    }

    /** Returns the author time of a commit; null while it has not been recorded. */
    @Nullable
    Instant authoredAt(String sha) {
        return node(sha).authoredAt();
    }

    /** Returns whether it is known of a commit whose files it touches. */
    boolean knowsServices(String sha) {
        return node(sha).services() != null;
    }

    /** Returns whether a commit is known to touch no file of a service. */
    boolean isElsewhere(String service, String sha) {
        return node(sha).isElsewhere(service);
    }

    private void take(DeployedHead head) {
        String key = head.key();
        deployed.remove(key);
        nodes.put(head.sha(), node(head.sha()).withoutHead(key));
        relabel(head.series(), head.sha(), key);
    }

    private void addEdge(String child, String parent) {
        nodes.put(parent, node(parent).withChild(child));
        node(child).labels().forEach((series, deployment) -> {
            DeployedHead head = deployed.get(deployment);
            if (head != null) {
                lower(series, parent, head);
            }
        });
    }

    private void removeEdge(String child, String parent) {
        CommitNode cut = node(parent).withoutChild(child);
        nodes.put(parent, cut);
        Map<String, String> childLabels = node(child).labels();
        cut.labels().forEach((series, deployment) -> {
            if (deployment.equals(childLabels.get(series))) {
                relabel(series, parent, deployment);
            }
        });
    }

    /** Spreads a label from a commit downwards, where it is smaller than what is there. */
    private void lower(String series, String from, DeployedHead head) {
        var open = new ArrayDeque<String>();
        open.push(from);
        while (!open.isEmpty()) {
            String sha = open.pop();
            CommitNode node = node(sha);
            if (!isSmaller(head, node.labels().get(series))) {
                continue;
            }
            label(series, sha, node, head.key());
            node.parents().forEach(open::push);
        }
    }

    /** Takes a label away from a commit and from all that had it through that commit, and finds their next smallest. */
    private void relabel(String series, String from, String deployment) {
        Set<String> region = withLabel(series, from, deployment);
        region.forEach(sha -> label(series, sha, node(sha), null));
        var candidates = new PriorityQueue<Candidate>();
        for (String sha : region) {
            DeployedHead best = smallest(series, node(sha));
            if (best != null) {
                candidates.add(new Candidate(best, sha));
            }
        }
        while (!candidates.isEmpty()) {
            Candidate next = candidates.remove();
            CommitNode node = node(next.sha());
            if (!isSmaller(next.head(), node.labels().get(series))) {
                continue;
            }
            label(series, next.sha(), node, next.head().key());
            for (String parent : node.parents()) {
                if (region.contains(parent)) {
                    candidates.add(new Candidate(next.head(), parent));
                }
            }
        }
    }

    private Set<String> withLabel(String series, String from, String deployment) {
        var region = new HashSet<String>();
        var open = new ArrayDeque<String>();
        open.push(from);
        while (!open.isEmpty()) {
            String sha = open.pop();
            if (deployment.equals(node(sha).labels().get(series)) && region.add(sha)) {
                node(sha).parents().forEach(open::push);
            }
        }
        return region;
    }

    /** The smallest label that reaches a commit: by a deployment of its own, or through a child. */
    private @Nullable DeployedHead smallest(String series, CommitNode node) {
        DeployedHead smallest = null;
        for (String deployment : node.heads()) {
            smallest = smaller(series, smallest, deployment);
        }
        for (String child : node.children()) {
            smallest = smaller(series, smallest, node(child).labels().get(series));
        }
        return smallest;
    }

    private @Nullable DeployedHead smaller(
            String series, @Nullable DeployedHead smallest, @Nullable String deployment) {
        DeployedHead head = deployment == null ? null : deployed.get(deployment);
        if (head == null || !head.series().equals(series)) {
            return smallest;
        }
        return smallest == null || head.isBefore(smallest) ? head : smallest;
    }

    private boolean isSmaller(DeployedHead head, @Nullable String label) {
        DeployedHead labelled = label == null ? null : deployed.get(label);
        return labelled == null || head.isBefore(labelled);
    }

    private void label(String series, String sha, CommitNode node, @Nullable String deployment) {
        nodes.put(sha, node.withLabel(series, deployment));
        touch(series, sha);
    }

    private void touch(String series, String sha) {
        touched.put(series + "\n" + sha, new Touched(series, sha));
    }

    private List<CommitOwnership> drain() {
        Collection<Touched> all = touched.values();
        var ownerships = new ArrayList<CommitOwnership>(all.size());
        for (Touched each : all) {
            CommitNode node = node(each.sha());
            String service = serviceOf(each.series());
            String label = node.labels().get(each.series());
            DeployedHead head = label == null ? null : deployed.get(label);
            ownerships.add(new CommitOwnership(
                    service,
                    environmentOf(each.series(), service),
                    repository,
                    each.sha(),
                    head == null ? null : head.deploymentId(),
                    node.authoredAt(),
                    node.isMerge(),
                    node.parentage(),
                    node.reverts(),
                    node.isElsewhere(service)));
        }
        touched.clear();
        return ownerships;
    }

    private static String serviceOf(String series) {
        int colon = series.indexOf(':');
        int length = Integer.parseInt(series.substring(0, colon));
        return series.substring(colon + 1, colon + 1 + length);
    }

    private static String environmentOf(String series, String service) {
        return series.substring(series.indexOf(':') + 1 + service.length() + 1);
    }

    private CommitNode node(String sha) {
        CommitNode node = nodes.get(sha);
        return node == null ? CommitNode.UNSEEN : node;
    }

    private record Touched(String series, String sha) {}

    private record Candidate(DeployedHead head, String sha) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            if (head.isBefore(other.head)) {
                return -1;
            }
            return other.head.isBefore(head) ? 1 : sha.compareTo(other.sha);
        }
    }
}
