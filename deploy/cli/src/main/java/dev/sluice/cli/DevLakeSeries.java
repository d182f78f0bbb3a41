package dev.sluice.cli;

import dev.sluice.cli.DevLakeExport.DeploymentCommitRow;
import dev.sluice.cli.DevLakeExport.IncidentRow;
import dev.sluice.cli.DevLakeExport.PullRow;
import dev.sluice.cli.DevLakeHistory.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Sluice's rules say of the deployments, incidents and pull requests of one service, as far as an export tells of
 * them: it finds what makes a number differ. What the numbers are, Sluice says.
 */
final class DevLakeSeries {
    /** How far an incident may be from the deployment that it is linked to by time, unless a service has its own. */
    static final Duration LINK_WINDOW = Duration.ofDays(3);

    private static final Comparator<DeploymentCommitRow> BY_FINISH =
            Comparator.comparing(DevLakeMetrics::finish).thenComparing(DeploymentCommitRow::deployment);

    private final List<Sent> deployments;
    private final Map<String, Kind> kinds = new HashMap<>();
    private final Set<String> seeds = new HashSet<>();
    private final List<Link> links = new ArrayList<>();
    private final List<Deployed> pulls = new ArrayList<>();

    DevLakeSeries(
            String service,
            DevLakeServices services,
            DevLakeExport export,
            DevLakeMetrics metrics,
            DevLakeHistory history) {
        this.deployments = history.deployments().stream()
                .filter(sent -> sent.service().equals(service))
                .toList();
        judge();
        for (IncidentRow incident : export.incidents()) {
            if (service.equals(services.of(incident))) {
                links.add(link(incident));
            }
        }
        for (PullRow pull : export.pulls()) {
            metrics.holders(pull).stream()
                    .filter(row -> services.of(row.scope()).equals(service))
                    .min(BY_FINISH)
                    .ifPresent(row -> pulls.add(deployed(pull, row, metrics, history.commits())));
        }
    }

    /** Returns the successful deployments in order. */
    List<Sent> deployments() {
        return deployments;
    }

    /** Returns the incidents of the service with the deployment that each belongs to by its time. */
    List<Link> links() {
        return List.copyOf(links);
    }

    /** Returns the pull requests that the service deployed. */
    List<Deployed> pulls() {
        return List.copyOf(pulls);
    }

    /** Returns the median of the lead times that count, in milliseconds, between the two middle ones. */
    static OptionalDouble median(List<Deployed> pulls) {
        long[] millis = pulls.stream()
                .map(Deployed::leadTime)
                .filter(Objects::nonNull)
                .mapToLong(Duration::toMillis)
                .sorted()
                .toArray();
        return millis.length == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((millis[(millis.length - 1) / 2] + millis[millis.length / 2]) / 2.0);
    }

    private void judge() {
        var earlier = new HashSet<String>();
        var repositories = new HashSet<String>();
        String current = null;
        for (Sent sent : deployments) {
            String sha = sent.sha();
            if (sha == null) {
                kinds.put(sent.id(), Kind.CHANGE);
                continue;
            }
            kinds.put(
                    sent.id(),
                    sha.equals(current) ? Kind.REDEPLOY : earlier.contains(sha) ? Kind.ROLLBACK : Kind.CHANGE);
            if (sent.repository() != null && repositories.add(sent.repository())) {
                seeds.add(sent.id());
            }
            earlier.add(sha);
            current = sha;
        }
    }

    private Link link(IncidentRow incident) {
        Sent latest = deployments.stream()
                .filter(sent -> !sent.finished().isAfter(incident.created()))
                .reduce((one, next) -> next)
                .orElse(null);
        if (latest == null) {
            return new Link(incident, null, Unlinked.NO_DEPLOYMENT);
        }
        if (Duration.between(latest.finished(), incident.created()).compareTo(LINK_WINDOW) > 0) {
            return new Link(incident, null, Unlinked.OUTSIDE_WINDOW);
        }
        return kinds.get(latest.id()) == Kind.CHANGE
                ? new Link(incident, latest, null)
                : new Link(incident, null, Unlinked.AFTER_ROLLBACK);
    }

    private Deployed deployed(PullRow pull, DeploymentCommitRow row, DevLakeMetrics metrics, DevLakeCommits commits) {
        Instant finished = DevLakeMetrics.finish(row);
        Instant own = metrics.firstCommit(pull);
        Instant first = own == null ? commits.authored(pull.mergeSha()) : own;
        LeftOut leftOut = null;
        if (seeds.contains(row.deployment())) {
            leftOut = LeftOut.BASELINE;
        } else if (!commits.isDated(row.sha())) {
            leftOut = LeftOut.UNKNOWN_COMMIT;
        } else if (first == null || first.isAfter(finished)) {
            leftOut = LeftOut.CLOCK_SKEW;
        }
        return new Deployed(pull, row, first == null ? null : Duration.between(first, finished), leftOut);
    }

    /** What a deployment did to what runs. */
    private enum Kind {
        /** Brought something that had not run. */
        CHANGE,
        /** Repeated what ran. */
        REDEPLOY,
        /** Went back to what had run earlier. */
        ROLLBACK
    }

    /** Why an incident belongs to no deployment. */
    enum Unlinked {
        /** None was made before it. */
        NO_DEPLOYMENT,
        /** The latest is further away than the link window. */
        OUTSIDE_WINDOW,
        /** The latest went back or repeated what ran. */
        AFTER_ROLLBACK
    }

    /** Why a pull request that was deployed has no lead time. */
    enum LeftOut {
        /** It came with the first deployment of its repository. */
        BASELINE,
        /** The deployment's commit has no author time and is not sent. */
        UNKNOWN_COMMIT,
        /** Its first commit is younger than its deployment. */
        CLOCK_SKEW
    }

    /** An incident and its deployment; exactly one of {@code deployment} and {@code unlinked} is null. */
    record Link(
            IncidentRow incident,
            @Nullable Sent deployment,
            @Nullable Unlinked unlinked) {}

    /**
     * A pull request and what deployed it first.
     *
     * @param leadTime from its first commit on; null where that is not known
     * @param leftOut why it does not count; null where it does
     */
    record Deployed(
            PullRow pull,
            DeploymentCommitRow row,
            @Nullable Duration leadTime,
            @Nullable LeftOut leftOut) {}
}
