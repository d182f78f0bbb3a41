package dev.sluice.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Reads a {@link GitHistory} from two CSV files. */
final class CsvHistory {
    private CsvHistory() {}

    /**
     * Reads the files.
     *
     * @param commits columns sha, author_time, commit_time, parents (separated by spaces); reverts_sha and
     *     cherry_pick_of may be there
     * @param releases columns tag, tag_time, sha; where there is a column is_release, it is 1, or 0 for rows that are left
     *     out
     * @param repository the repository's name
     * @throws CommandFailedException if a file cannot be read or a row is wrong
     */
    static GitHistory read(Path commits, Path releases, String repository) {
        return new GitHistory(
                repository,
                commits(CsvFile.read(commits, List.of("sha", "author_time", "commit_time", "parents")), repository),
                releases(CsvFile.read(releases, List.of("tag", "tag_time", "sha"))));
    }

    private static List<Commit> commits(CsvFile file, String repository) {
        var commits = new ArrayList<Commit>();
        for (CsvFile.Row row : file.rows()) {
            String copied = row.optional("cherry_pick_of");
            commits.add(new Commit(
                    repository,
                    row.text("sha"),
                    row.words("parents"),
                    time(row, "author_time"),
                    time(row, "commit_time"),
                    row.words("reverts_sha"),
                    copied.isEmpty() ? null : copied));
        }
        return commits;
    }

    private static List<Release> releases(CsvFile file) {
        var releases = new ArrayList<Release>();
        for (CsvFile.Row row : file.rows()) {
            if (!isRelease(row)) {
                continue;
            }
            releases.add(new Release(row.text("tag"), time(row, "tag_time"), row.text("sha")));
        }
        return releases;
    }

    private static boolean isRelease(CsvFile.Row row) {
        if (!row.values().containsKey("is_release")) {
            return true;
        }
        String value = row.text("is_release");
        if (!value.equals("0") && !value.equals("1")) {
            throw new CommandFailedException(
                    "%s, row %d: is_release is neither 0 nor 1: %s".formatted(row.file(), row.number(), value));
        }
        return value.equals("1");
    }

    private static Instant time(CsvFile.Row row, String column) {
        return row.parsed(
                column,
                "a time such as 2026-03-01T12:00:00Z",
                value -> OffsetDateTime.parse(value).toInstant());
    }
}
