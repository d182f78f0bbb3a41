package dev.sluice.cli;

import dev.sluice.cli.DevLakeExport.DeploymentCommitRow;
import dev.sluice.cli.DevLakeExport.DiffRow;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The commits that an export tells of, with what is known of them.
 *
 * <p>Author times are those of {@code commits}, else of {@code pull_request_commits}; a commit that a pull request was
 * merged as has the time of the merge, when forges make it. Any other has none, is not sent, and is left out of the
 * chain.
 *
 * <p>Parents are those of {@code commit_parents}. Without that table they are inferred: the commits of a range, newest
 * first as DevLake sorts them, are each the child of the next, and the last that of the commit that was deployed before.
 * What an earlier deployment has brought keeps its parents; only a deployed commit gets the first of those that it brought
 * and none had before. No parent closes a circle.
 */
final class DevLakeCommits {
    private static final Comparator<DeploymentCommitRow> BY_FINISH =
            Comparator.comparing(DevLakeMetrics::finish).thenComparing(DeploymentCommitRow::id);

    private final Map<String, Instant> authored = new HashMap<>();
    private final Map<String, Instant> committed = new HashMap<>();
    private final Map<String, List<DiffRow>> diffs;
    private final Map<String, DeploymentCommitRow> rowsById = new HashMap<>();
    private final Set<String> undated = new TreeSet<>();
    private final List<Known> all = new ArrayList<>();

    DevLakeCommits(DevLakeExport export) {
        export.pulls().forEach(pull -> {
            if (pull.merged() != null && !pull.mergeSha().isEmpty()) {
                authored.merge(pull.mergeSha(), pull.merged(), DevLakeCommits::earlier);
            }
        });
        var own = new HashMap<String, Instant>();
        export.pullCommits().forEach(commit -> own.merge(commit.sha(), commit.authored(), DevLakeCommits::earlier));
        authored.putAll(own);
        export.commits().forEach(commit -> {
            authored.put(commit.sha(), commit.authored());
            committed.put(commit.sha(), commit.committed());
        });
        diffs = export.diffs().stream().collect(Collectors.groupingBy(diff -> diff.newSha() + " " + diff.oldSha()));
        export.deploymentCommits().forEach(row -> rowsById.put(row.id(), row));
        Map<String, List<DeploymentCommitRow>> repositories = export.deploymentCommits().stream()
                .filter(row -> row.isProduction() && row.finished() != null)
                .sorted(BY_FINISH)
                .collect(Collectors.groupingBy(DeploymentCommitRow::repository, TreeMap::new, Collectors.toList()));
        repositories.forEach((repository, rows) -> {
            if (export.parents() == null) {
                infer(repository, rows);
            } else {
                walk(repository, rows, export.parents());
            }
        });
    }

    /** Returns the commits whose author time is known. */
    List<Known> all() {
        return List.copyOf(all);
    }

    /** Returns the deployed commits that have no author time, in order. */
    Set<String> undated() {
        return Collections.unmodifiableSet(undated);
    }

    /** Returns whether a commit has an author time, without which it is not sent. */
    boolean isDated(String sha) {
        return authored.containsKey(sha);
    }

    /** Returns the author time of a commit; null where none is known. */
    @Nullable
    Instant authored(String sha) {
        return authored.get(sha);
    }

    private void infer(String repository, List<DeploymentCommitRow> rows) {
        var members = new LinkedHashSet<String>();
        var seen = new HashSet<String>();
        var parents = new HashMap<String, Set<String>>();
        for (DeploymentCommitRow row : rows) {
            List<String> range = range(row);
            chain(range, previousSha(row), parents, seen);
            members.addAll(range);
            seen.addAll(range);
            seen.add(previousSha(row));
        }
        for (String sha : members) {
            Set<String> known = parents.get(sha);
            add(repository, sha, known == null ? null : List.copyOf(known), "inferred");
        }
    }

    /**
     * Joins those of a range that have no parent yet to the next one and to the next one without a parent.
     *
     * @param seen the commits of earlier ranges: none else can be reached from them
     */
    private void chain(List<String> range, String old, Map<String, Set<String>> parents, Set<String> seen) {
        var whole = new ArrayList<>(range);
        if (isDated(old)) {
            whole.add(old);
        }
        Set<String> open =
                range.stream().filter(sha -> !parents.containsKey(sha)).collect(Collectors.toSet());
        boolean circles = range.stream().limit(1).anyMatch(head -> !open.contains(head))
                || open.stream().anyMatch(seen::contains);
        String last = null;
        for (int i = 0; i < whole.size(); i++) {
            String sha = whole.get(i);
            String child = null;
            if (i > 0 && open.contains(whole.get(i - 1))) {
                child = whole.get(i - 1);
            } else if (last != null && (open.contains(sha) || i == range.size())) {
                child = last;
            } else if (i > 0 && open.contains(sha)) {
                child = whole.get(0);
            }
            if (child != null && !(circles && reaches(sha, child, parents))) {
                parents.computeIfAbsent(child, any -> new TreeSet<>()).add(sha);
            }
            last = open.contains(sha) ? sha : last;
        }
    }

    private static boolean reaches(String from, String sha, Map<String, Set<String>> parents) {
        var seen = new HashSet<String>();
        var open = new ArrayDeque<String>(List.of(from));
        while (!open.isEmpty()) {
            String next = open.remove();
            if (next.equals(sha)) {
                return true;
            }
            if (seen.add(next)) {
                open.addAll(parents.getOrDefault(next, Set.of()));
            }
        }
        return false;
    }

    /** Returns the dated commits that a deployment brought, newest first; where its range is unknown, its own. */
    private List<String> range(DeploymentCommitRow row) {
        var range = new ArrayList<>(List.of(row.sha()));
        diffs.getOrDefault(row.sha() + " " + previousSha(row), List.of()).stream()
                .sorted(Comparator.comparingInt(DiffRow::index).thenComparing(DiffRow::sha))
                .map(DiffRow::sha)
                .filter(sha -> !sha.equals(row.sha()))
                .forEach(range::add);
        range.stream().filter(sha -> !isDated(sha)).forEach(undated::add);
        range.removeIf(sha -> !isDated(sha));
        return range;
    }

    private String previousSha(DeploymentCommitRow row) {
        DeploymentCommitRow previous = rowsById.get(row.previous());
        return previous == null ? "" : previous.sha();
    }

    private void walk(String repository, List<DeploymentCommitRow> rows, Map<String, List<String>> parents) {
        var open = new ArrayDeque<String>();
        rows.forEach(row -> open.add(row.sha()));
        var seen = new TreeSet<String>();
        while (!open.isEmpty()) {
            String sha = open.remove();
            if (!seen.add(sha)) {
                continue;
            }
            List<String> own = parents.getOrDefault(sha, List.of());
            open.addAll(own);
            if (isDated(sha)) {
                add(repository, sha, own, "explicit");
            } else {
                undated.add(sha);
            }
        }
    }

    private void add(String repository, String sha, @Nullable List<String> parents, String parentage) {
        Instant time = Objects.requireNonNull(authored.get(sha));
        all.add(new Known(repository, sha, parents, parentage, time, committed.getOrDefault(sha, time)));
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /**
     * A commit.
     *
     * @param parents its parents; null where nothing is known of them
     * @param parentage {@code inferred} or {@code explicit}: how they are known
     * @param authored author time
     * @param committed committer time, else the author time
     */
    record Known(
            String repository,
            String sha,
            @Nullable List<String> parents,
            String parentage,
            Instant authored,
            Instant committed) {}
}
