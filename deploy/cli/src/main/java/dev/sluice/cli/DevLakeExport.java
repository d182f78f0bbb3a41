package dev.sluice.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tables of DevLake's domain layer, each of the file {@code <table>.csv}: one project's rows. Columns that are not read
 * may be there, and rows repeated. Times without an offset are UTC, as DevLake stores them.
 *
 * @param deployments {@code cicd_deployments}
 * @param deploymentCommits {@code cicd_deployment_commits}
 * @param diffs {@code commits_diffs}
 * @param pulls {@code pull_requests}
 * @param pullCommits {@code pull_request_commits}
 * @param incidents {@code incidents}
 * @param commits {@code commits}; empty where there is no such file
 * @param parents {@code commit_parents}: parents by commit; null where there is no such file
 * @param scopeNames {@code cicd_scopes}: names by id; empty where there is no such file
 */
record DevLakeExport(
        List<DeploymentRow> deployments,
        List<DeploymentCommitRow> deploymentCommits,
        List<DiffRow> diffs,
        List<PullRow> pulls,
        List<PullCommitRow> pullCommits,
        List<IncidentRow> incidents,
        List<CommitRow> commits,
        @Nullable Map<String, List<String>> parents,
        Map<String, String> scopeNames) {
    /** DevLake's name of the one environment that it measures. */
    static final String PRODUCTION = "PRODUCTION";

    /** DevLake's result of what succeeded. */
    static final String SUCCESS = "SUCCESS";

    private static final Pattern WITH_OFFSET = Pattern.compile(".*(?:[zZ]|[+-]\\d{2}:\\d{2})");
    private static final Pattern NO_TIME = Pattern.compile("000[01]-.*");

    DevLakeExport {
        deployments = deployments.stream().distinct().toList();
        deploymentCommits = deploymentCommits.stream().distinct().toList();
        diffs = diffs.stream().distinct().toList();
        pulls = pulls.stream().distinct().toList();
        pullCommits = pullCommits.stream().distinct().toList();
        incidents = incidents.stream().distinct().toList();
        commits = commits.stream().distinct().toList();
        parents = parents == null ? null : Map.copyOf(parents);
        scopeNames = Map.copyOf(scopeNames);
    }

    /**
     * Reads the files of a directory.
     *
     * @throws CommandFailedException if a file or a column is missing or a field is wrong; it names file and column
     */
    static DevLakeExport read(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new CommandFailedException("there is no directory " + directory);
        }
        return new DevLakeExport(
                rows(
                        directory.resolve("cicd_deployments.csv"),
                        List.of("id", "cicd_scope_id", "result", "environment", "finished_date"),
                        DevLakeExport::deployment),
                rows(
                        directory.resolve("cicd_deployment_commits.csv"),
                        List.of(
                                "id",
                                "cicd_scope_id",
                                "cicd_deployment_id",
                                "result",
                                "environment",
                                "started_date",
                                "finished_date",
                                "commit_sha",
                                "repo_url",
                                "prev_success_deployment_commit_id"),
                        DevLakeExport::deploymentCommit),
                rows(
                        directory.resolve("commits_diffs.csv"),
                        List.of("new_commit_sha", "old_commit_sha", "commit_sha", "sorting_index"),
                        row -> new DiffRow(
                                row.text("new_commit_sha"),
                                field(row, "old_commit_sha"),
                                row.text("commit_sha"),
                                row.parsed("sorting_index", "a whole number", Integer::valueOf))),
                rows(
                        directory.resolve("pull_requests.csv"),
                        List.of(
                                "id",
                                "base_repo_id",
                                "pull_request_key",
                                "created_date",
                                "merged_date",
                                "merge_commit_sha"),
                        DevLakeExport::pull),
                rows(
                        directory.resolve("pull_request_commits.csv"),
                        List.of("pull_request_id", "commit_sha", "commit_authored_date"),
                        row -> new PullCommitRow(
                                row.text("pull_request_id"),
                                row.text("commit_sha"),
                                time(row, "commit_authored_date"))),
                rows(
                        directory.resolve("incidents.csv"),
                        List.of("id", "created_date", "resolution_date"),
                        DevLakeExport::incident),
                optionalRows(
                        directory.resolve("commits.csv"),
                        List.of("sha", "authored_date", "committed_date"),
                        row -> new CommitRow(row.text("sha"), time(row, "authored_date"), time(row, "committed_date"))),
                parents(directory.resolve("commit_parents.csv")),
                scopeNames(directory.resolve("cicd_scopes.csv")));
    }

    private static DeploymentRow deployment(CsvFile.Row row) {
        return new DeploymentRow(
                row.text("id"),
                row.text("cicd_scope_id"),
                field(row, "result"),
                field(row, "environment"),
                timeOrNull(row, "queued_date"),
                timeOrNull(row, "started_date"),
                timeOrNull(row, "finished_date"));
    }

    private static DeploymentCommitRow deploymentCommit(CsvFile.Row row) {
        return new DeploymentCommitRow(
                row.text("id"),
                row.text("cicd_scope_id"),
                row.text("cicd_deployment_id"),
                field(row, "result"),
                field(row, "environment"),
                timeOrNull(row, "started_date"),
                timeOrNull(row, "finished_date"),
                row.text("commit_sha"),
                field(row, "repo_id"),
                field(row, "repo_url"),
                field(row, "prev_success_deployment_commit_id"));
    }

    private static PullRow pull(CsvFile.Row row) {
        return new PullRow(
                row.text("id"),
                row.text("base_repo_id"),
                row.text("pull_request_key"),
                field(row, "title"),
                time(row, "created_date"),
                timeOrNull(row, "merged_date"),
                timeOrNull(row, "closed_date"),
                field(row, "merge_commit_sha"));
    }

    private static IncidentRow incident(CsvFile.Row row) {
        return new IncidentRow(
                row.text("id"),
                field(row, "title"),
                time(row, "created_date"),
                timeOrNull(row, "resolution_date"),
                field(row, "severity"),
                field(row, "scope_id"));
    }

    private static @Nullable Map<String, List<String>> parents(Path file) {
        if (Files.notExists(file)) {
            return null;
        }
        var parents = new LinkedHashMap<String, List<String>>();
        for (CsvFile.Row row :
                CsvFile.read(file, List.of("commit_sha", "parent_commit_sha")).rows()) {
            parents.computeIfAbsent(row.text("commit_sha"), any -> new ArrayList<>())
                    .add(row.text("parent_commit_sha"));
        }
        return parents;
    }

    private static Map<String, String> scopeNames(Path file) {
        var names = new LinkedHashMap<String, String>();
        optionalRows(file, List.of("id", "name"), row -> names.put(row.text("id"), row.text("name")));
        return names;
    }

    private static <T> List<T> rows(Path file, List<String> columns, Function<CsvFile.Row, T> reader) {
        var rows = new ArrayList<T>();
        for (CsvFile.Row row : CsvFile.read(file, columns).rows()) {
            rows.add(reader.apply(row));
        }
        return rows;
    }

    private static <T> List<T> optionalRows(
            Path file, List<String> columns, Function<CsvFile.Row, ? extends @Nullable T> reader) {
        var rows = new ArrayList<T>();
        if (Files.exists(file)) {
            for (CsvFile.Row row : CsvFile.read(file, columns).rows()) {
                T read = reader.apply(row);
                if (read != null) {
                    rows.add(read);
                }
            }
        }
        return rows;
    }

    /** Returns a field; empty for what MySQL writes for none. */
    private static String field(CsvFile.Row row, String column) {
        String value = row.optional(column);
        return value.equals("NULL") || value.equals("\\N") ? "" : value;
    }

    private static @Nullable Instant timeOrNull(CsvFile.Row row, String column) {
        String value = field(row, column);
        return value.isEmpty() || NO_TIME.matcher(value).matches() ? null : time(row, column);
    }

    private static Instant time(CsvFile.Row row, String column) {
        return row.parsed(column, "a time such as 2026-03-01 12:00:00", DevLakeExport::instant);
    }

    private static Instant instant(String text) {
        String time = text.replace(' ', 'T');
        return WITH_OFFSET.matcher(time).matches()
                ? OffsetDateTime.parse(time).toInstant()
                : LocalDateTime.parse(time).toInstant(ZoneOffset.UTC);
    }

    /**
     * A deployment.
     *
     * @param scope the scope that made it
     * @param result SUCCESS, FAILURE …
     * @param environment PRODUCTION, STAGING, TESTING, or empty
     */
    record DeploymentRow(
            String id,
            String scope,
            String result,
            String environment,
            @Nullable Instant queued,
            @Nullable Instant started,
            @Nullable Instant finished) {}

    /**
     * A commit that a deployment brought as the newest of its repository.
     *
     * @param previous id of such a row: the success before it; empty for the first
     */
    record DeploymentCommitRow(
            String id,
            String scope,
            String deployment,
            String result,
            String environment,
            @Nullable Instant started,
            @Nullable Instant finished,
            String sha,
            String repositoryId,
            String repositoryUrl,
            String previous) {
        /** Returns whether DevLake counts it. */
        boolean isProduction() {
            return result.equals(SUCCESS) && environment.equals(PRODUCTION);
        }

        /** Returns the name of the repository as its host spells it, else what DevLake calls it. */
        String repository() {
            return RepositoryName.of(repositoryUrl).orElse(repositoryId.isEmpty() ? repositoryUrl : repositoryId);
        }
    }

    /**
     * A commit between two deployed ones.
     *
     * @param index 1 for the newest
     */
    record DiffRow(String newSha, String oldSha, String sha, int index) {}

    /** A pull request; {@code merged} and {@code closed} are null, {@code mergeSha} is empty, while it is neither. */
    record PullRow(
            String id,
            String repositoryId,
            String key,
            String title,
            Instant created,
            @Nullable Instant merged,
            @Nullable Instant closed,
            String mergeSha) {}

    /** One of the own commits of a pull request. */
    record PullCommitRow(String pull, String sha, Instant authored) {}

    /** An incident; {@code resolved} is null while it is open, {@code scope} empty where the export has none. */
    record IncidentRow(
            String id,
            String title,
            Instant created,
            @Nullable Instant resolved,
            String severity,
            String scope) {}

    /** A commit. */
    record CommitRow(String sha, Instant authored, Instant committed) {}
}
