package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The commits and releases of a repository, read from CSV files.
 *
 * @param commits columns sha, author_time, commit_time, parents (separated by spaces); reverts_sha and cherry_pick_of
 *     may be there
 * @param releases columns tag, tag_time, sha; where there is a column is_release, rows without 1 are left out
 */
record GitHistory(CsvFile commits, CsvFile releases) {
    static GitHistory read(Path commits, Path releases) {
        return new GitHistory(
                CsvFile.read(commits, List.of("sha", "author_time", "commit_time", "parents")),
                CsvFile.read(releases, List.of("tag", "tag_time", "sha")));
    }

    /**
     * Returns the history as events, commits first: a release is a successful deployment of a new version, named by its
     * tag.
     */
    List<ObjectNode> events(String repository, String service, String environment) {
        var events = new Events("sluice-cli");
        var all = new ArrayList<ObjectNode>();
        for (CsvFile.Row row : commits.rows()) {
            String copied = row.optional("cherry_pick_of");
            all.add(events.of(new Commit(
                    repository,
                    row.text("sha"),
                    row.words("parents"),
                    time(row, "author_time"),
                    time(row, "commit_time"),
                    row.words("reverts_sha"),
                    copied.isEmpty() ? null : copied)));
        }
        for (CsvFile.Row row : releases.rows()) {
            if (row.values().containsKey("is_release")
                    && !row.text("is_release").equals("1")) {
                continue;
            }
            String tag = row.text("tag");
            all.add(events.of(new Deployment(
                    tag, service, environment, "success", time(row, "tag_time"), tag, repository, row.text("sha"))));
        }
        return all;
    }

    private static Instant time(CsvFile.Row row, String column) {
        return row.parsed(
                column,
                "a time such as 2026-03-01T12:00:00Z",
                value -> OffsetDateTime.parse(value).toInstant());
    }
}
