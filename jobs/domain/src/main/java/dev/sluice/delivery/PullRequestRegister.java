package dev.sluice.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pull requests of one repository, as their observations come in, and for each series (service and environment) the
 * deployment that first brought each of them there: the first to hold the commit that it was merged to, or the head of its
 * branch where that was deployed earlier.
 *
 * <p>It follows the labels of the {@link CommitGraph}: whoever changes the graph tells it which commits that changed. What
 * is returned depends on what both hold, not on the order in which they came to hold it.
 */
public final class PullRequestRegister {
    private final String repository;
    private final CommitGraph graph;
    private final Table<String, List<PullRequestObserved>> observations;
    private final Table<String, List<String>> bySha;

    /**
     * Creates the register over its tables.
     *
     * @param repository the repository's name
     * @param graph the repository's commits
     * @param observations the observations of each pull request, by its id
     * @param bySha the ids of the merged pull requests that each commit brings, by the commit's id
     */
    public PullRequestRegister(
            String repository,
            CommitGraph graph,
            Table<String, List<PullRequestObserved>> observations,
            Table<String, List<String>> bySha) {
        this.repository = repository;
        this.graph = graph;
        this.observations = observations;
        this.bySha = bySha;
    }

    /** Adds an observation; returns the ownerships that changed, none where its event id was known. */
    public Collection<PullRequestOwnership> observe(PullRequestObserved observation) {
        String id = observation.pullRequestId();
        List<PullRequestObserved> known = list(observations, id);
        String eventId = observation.header().id();
        if (known.stream().anyMatch(other -> other.header().id().equals(eventId))) {
            return List.of();
        }
        var more = new ArrayList<>(known);
        more.add(observation);
        observations.put(id, List.copyOf(more));
        return replace(known.isEmpty() ? null : PullRequest.of(known), PullRequest.of(more));
    }

    private Collection<PullRequestOwnership> replace(@Nullable PullRequest before, PullRequest after) {
        if (after.equals(before)) {
            return List.of();
        }
        Map<String, PullRequestOwnership> ownedBefore = before == null ? Map.of() : ownerships(before);
        Map<String, PullRequestOwnership> ownedAfter = ownerships(after);
        index(after.id(), before == null ? List.of() : before.shas(), after.shas());
        var changed = new ArrayList<PullRequestOwnership>();
        ownedAfter.forEach((series, ownership) -> {
            if (!ownership.equals(ownedBefore.get(series))) {
                changed.add(ownership);
            }
        });
        ownedBefore.forEach((series, ownership) -> {
            if (!ownedAfter.containsKey(series)) {
                changed.add(ownership(ownership.service(), ownership.environment(), after, null));
            }
        });
        return changed;
    }

    /** Returns the ownerships that change because those of commits did. */
    public Collection<PullRequestOwnership> follow(Collection<CommitOwnership> commits) {
        Map<String, PullRequestOwnership> changed = new LinkedHashMap<>();
        for (CommitOwnership commit : commits) {
            String series = DeployedHead.series(commit.service(), commit.environment());
            for (String id : list(bySha, commit.sha())) {
                changed.computeIfAbsent(series + "\n" + id, key -> {
                    PullRequest pullRequest = pullRequest(id);
                    return ownership(commit.service(), commit.environment(), pullRequest, first(series, pullRequest));
                });
            }
        }
        return changed.values();
    }

    /**
     * Returns the ownerships that change because a commit was recorded, beside those that {@link #follow} tells of: a
     * squash may tell its author time to a series that has only the branch yet, and any of its commits whose files they
     * touch.
     */
    public Collection<PullRequestOwnership> recorded(String sha) {
        var changed = new ArrayList<PullRequestOwnership>();
        for (String id : list(bySha, sha)) {
            PullRequest pullRequest = pullRequest(id);
            boolean isSquash = pullRequest.firstCommitAt() == null && sha.equals(pullRequest.mergeSha());
            if (isSquash || graph.knowsServices(sha)) {
                changed.addAll(ownerships(pullRequest).values());
            }
        }
        return changed;
    }

    /** The ownerships of a pull request, by series. */
    private Map<String, PullRequestOwnership> ownerships(PullRequest pullRequest) {
        Set<String> all = new LinkedHashSet<>();
        pullRequest.shas().forEach(sha -> all.addAll(graph.series(sha)));
        Map<String, PullRequestOwnership> ownerships = new LinkedHashMap<>();
        for (String series : all) {
            DeployedHead first = first(series, pullRequest);
            if (first != null) {
                ownerships.put(series, ownership(first.service(), first.environment(), pullRequest, first));
            }
        }
        return ownerships;
    }

    private @Nullable DeployedHead first(String series, PullRequest pullRequest) {
        DeployedHead first = null;
        for (String sha : pullRequest.shas()) {
            DeployedHead head = graph.firstDeployment(series, sha);
            if (head != null && (first == null || head.isBefore(first))) {
                first = head;
            }
        }
        return first;
    }

    private PullRequestOwnership ownership(
            String service, String environment, PullRequest pullRequest, @Nullable DeployedHead first) {
        if (first == null) {
            return PullRequestOwnership.none(service, environment, repository, pullRequest.id());
        }
        Instant firstCommitAt = pullRequest.firstCommitAt();
        String squash = pullRequest.mergeSha();
        Instant squashedAt = firstCommitAt != null || squash == null ? null : graph.authoredAt(squash);
        return new PullRequestOwnership(
                service,
                environment,
                repository,
                pullRequest.id(),
                first.deploymentId(),
                pullRequest.title(),
                firstCommitAt == null ? squashedAt : firstCommitAt,
                squashedAt != null,
                pullRequest.readyAt(),
                pullRequest.firstReviewAt(),
                pullRequest.mergedAt(),
                pullRequest.cherryPickOf(),
                isElsewhere(service, pullRequest));
    }

    /**
     * Returns whether none of the commits that stand for a pull request, of which it is known whose files they touch, touches
     * one of a service.
     */
    private boolean isElsewhere(String service, PullRequest pullRequest) {
        List<String> known =
                pullRequest.shas().stream().filter(graph::knowsServices).toList();
        return !known.isEmpty() && known.stream().allMatch(sha -> graph.isElsewhere(service, sha));
    }

    private PullRequest pullRequest(String id) {
        return PullRequest.of(list(observations, id));
    }

    private void index(String id, List<String> shasBefore, List<String> shasAfter) {
        for (String sha : shasBefore) {
            if (!shasAfter.contains(sha)) {
                var ids = new ArrayList<>(list(bySha, sha));
                ids.remove(id);
                if (ids.isEmpty()) {
                    bySha.remove(sha);
                } else {
                    bySha.put(sha, List.copyOf(ids));
                }
            }
        }
        for (String sha : shasAfter) {
            if (!shasBefore.contains(sha)) {
                var ids = new ArrayList<>(list(bySha, sha));
                ids.add(id);
                bySha.put(sha, List.copyOf(ids));
            }
        }
    }

    private static <T> List<T> list(Table<String, List<T>> table, String key) {
        List<T> elements = table.get(key);
        return elements == null ? List.of() : elements;
    }
}
