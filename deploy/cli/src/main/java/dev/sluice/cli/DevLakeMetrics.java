package dev.sluice.cli;

import dev.sluice.cli.DevLakeExport.DeploymentCommitRow;
import dev.sluice.cli.DevLakeExport.DiffRow;
import dev.sluice.cli.DevLakeExport.IncidentRow;
import dev.sluice.cli.DevLakeExport.PullCommitRow;
import dev.sluice.cli.DevLakeExport.PullRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What DevLake makes of its tables, by the rules of its DORA plugin and dashboard: deployments are the distinct pipelines
 * with a successful production row and finish with the last of them; an incident is of the latest such row of the whole
 * project that finished strictly before it was created; a pull request is deployed by the earliest started such row, with
 * a predecessor, whose range holds its merge commit.
 */
final class DevLakeMetrics {
    private static final Comparator<DeploymentCommitRow> BY_START = Comparator.comparing(
                    DeploymentCommitRow::started, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(DeploymentCommitRow::id);
    private static final double SECONDS_PER_MINUTE = 60;

    private final List<DeploymentCommitRow> rows;
    private final Map<String, DeploymentCommitRow> rowsById = new HashMap<>();
    private final Map<String, Production> productions = new LinkedHashMap<>();
    private final Map<String, List<DeploymentCommitRow>> holders = new HashMap<>();
    private final Map<String, Instant> firstCommits = new HashMap<>();
    private final List<Caused> caused = new ArrayList<>();
    private final List<PullTime> pullTimes = new ArrayList<>();

    DevLakeMetrics(DevLakeExport export) {
        export.deploymentCommits().forEach(row -> rowsById.put(row.id(), row));
        rows = export.deploymentCommits().stream()
                .filter(row -> row.isProduction() && row.finished() != null)
                .toList();
        for (DeploymentCommitRow row : rows) {
            productions.merge(row.deployment(), Production.of(row), Production::later);
        }
        indexHolders(export);
        for (PullCommitRow commit : export.pullCommits()) {
            firstCommits.merge(commit.pull(), commit.authored(), (one, other) -> one.isBefore(other) ? one : other);
        }
        for (IncidentRow incident : export.incidents()) {
            causeOf(incident).ifPresent(cause -> caused.add(new Caused(incident, cause)));
        }
        for (PullRow pull : export.pulls()) {
            holders(pull).stream().min(BY_START).ifPresent(row -> pullTimes.add(pullTime(pull, row)));
        }
    }

    /** Returns the deployments that DevLake counts. */
    List<Production> deployments() {
        return List.copyOf(productions.values());
    }

    /** Returns the incidents that DevLake gives to a deployment. */
    List<Caused> caused() {
        return List.copyOf(caused);
    }

    /** Returns the pull requests that have a lead time. */
    List<PullTime> pullTimes() {
        return List.copyOf(pullTimes);
    }

    /** Returns the successful production rows with a predecessor whose range holds the merge commit of a pull request. */
    List<DeploymentCommitRow> holders(PullRow pull) {
        return pull.merged() == null ? List.of() : holders.getOrDefault(pull.mergeSha(), List.of());
    }

    /** Returns when the first commit of a pull request was authored; null where none is known. */
    @Nullable
    Instant firstCommit(PullRow pull) {
        return firstCommits.get(pull.id());
    }

    /**
     * Returns DevLake's median: the largest value whose percent_rank is at most 0.5, which of two middle values is the
     * lower.
     */
    static OptionalLong lowerMedian(List<Long> values) {
        return values.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(values.stream().sorted().toList().get((values.size() - 1) / 2));
    }

    /** Returns whole minutes, rounded up; null if they are negative. */
    static @Nullable Long minutes(@Nullable Instant start, Instant end) {
        if (start == null) {
            return null;
        }
        long minutes = (long) Math.ceil(Duration.between(start, end).toMillis() / 1000.0 / SECONDS_PER_MINUTE);
        return minutes < 0 ? null : Long.valueOf(minutes);
    }

    private void indexHolders(DevLakeExport export) {
        Set<String> merges = export.pulls().stream().map(PullRow::mergeSha).collect(Collectors.toUnmodifiableSet());
        var ranges = new HashMap<String, Set<String>>();
        for (DiffRow diff : export.diffs()) {
            if (merges.contains(diff.sha())) {
                ranges.computeIfAbsent(range(diff.newSha(), diff.oldSha()), any -> new LinkedHashSet<>())
                        .add(diff.sha());
            }
        }
        for (DeploymentCommitRow row : rows) {
            if (!row.previous().isEmpty()) {
                ranges.getOrDefault(range(row.sha(), previousSha(row)), Set.of())
                        .forEach(sha -> holders.computeIfAbsent(sha, any -> new ArrayList<>())
                                .add(row));
            }
        }
    }

    private Optional<Production> causeOf(IncidentRow incident) {
        return rows.stream()
                .filter(row -> row.finished() != null && row.finished().isBefore(incident.created()))
                .max(Comparator.comparing(DevLakeMetrics::finish).thenComparing(DeploymentCommitRow::id))
                .map(row -> productions.get(row.deployment()));
    }

    private PullTime pullTime(PullRow pull, DeploymentCommitRow row) {
        Instant merged = pull.merged() == null ? pull.created() : pull.merged();
        Instant first = firstCommit(pull);
        Long coding = minutes(first, pull.created());
        Long review = minutes(pull.created(), merged);
        Long deploy = minutes(merged, finish(row));
        boolean negative = (first != null && coding == null) || review == null || deploy == null;
        return new PullTime(pull, row, zeroIfNone(coding) + zeroIfNone(review) + zeroIfNone(deploy), first, negative);
    }

    /** Returns when a row that was taken for having an end ended. */
    static Instant finish(DeploymentCommitRow row) {
        if (row.finished() == null) {
            throw new IllegalArgumentException(row.id() + " has not finished");
        }
        return row.finished();
    }

    private String previousSha(DeploymentCommitRow row) {
        DeploymentCommitRow previous = rowsById.get(row.previous());
        return previous == null ? "" : previous.sha();
    }

    private static String range(String newSha, String oldSha) {
        return newSha + " " + oldSha;
    }

    private static long zeroIfNone(@Nullable Long minutes) {
        return minutes == null ? 0 : minutes;
    }

    /**
     * A deployment that DevLake counts.
     *
     * @param finished when the last of its rows finished
     * @param sha the commit of that row
     * @param repository the repository of that row
     */
    record Production(String id, String scope, Instant finished, String sha, String repository) {
        static Production of(DeploymentCommitRow row) {
            return new Production(row.deployment(), row.scope(), finish(row), row.sha(), row.repository());
        }

        Production later(Production other) {
            return other.finished.isAfter(finished) ? other : this;
        }
    }

    /** An incident and the deployment that DevLake gives it to. */
    record Caused(IncidentRow incident, Production deployment) {}

    /**
     * The lead time of a pull request.
     *
     * @param row what deployed it
     * @param minutes DevLake's sum: first commit to creation, to merge, to the end of the deployment
     * @param firstCommit author time of its first commit; null where none is known, which DevLake takes as no time
     * @param negative whether a part would be negative, which DevLake leaves out
     */
    record PullTime(
            PullRow pull,
            DeploymentCommitRow row,
            long minutes,
            @Nullable Instant firstCommit,
            boolean negative) {
        /** Returns whether rounding its parts up to whole minutes made it longer. */
        boolean isRounded() {
            Instant start = firstCommit == null ? pull.created() : firstCommit;
            return !negative
                    && Duration.between(start, finish(row)).toMillis()
                            != Duration.ofMinutes(minutes).toMillis();
        }
    }
}
