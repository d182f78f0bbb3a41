package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.errors.GitAPIException;

/** Makes the git repository that two files tell of: the same commits, times and tags, with ids of its own. */
final class RealRepository {
    private RealRepository() {}

    static void make(Path commits, Path tags, Path directory) throws IOException, GitAPIException {
        try (var repository = new TestRepository(directory)) {
            Map<String, String> made = commits(
                    repository, CsvFile.read(commits, List.of("sha", "parents")).rows());
            for (CsvFile.Row tag :
                    CsvFile.read(tags, List.of("tag", "tag_kind")).rows()) {
                String sha = made.getOrDefault(tag.text("sha"), "");
                if (tag.text("tag_kind").equals("annotated")) {
                    repository.annotatedTag(tag.text("tag"), sha, time(tag, "tag_time"));
                } else {
                    repository.lightweightTag(tag.text("tag"), sha);
                }
            }
        }
    }

    private static Map<String, String> commits(TestRepository repository, List<CsvFile.Row> rows) throws IOException {
        var made = new HashMap<String, String>();
        var waiting = new ArrayDeque<>(rows);
        String tip = "";
        int withoutProgress = 0;
        while (!waiting.isEmpty()) {
            CsvFile.Row row = waiting.remove();
            List<String> parents = row.words("parents");
            if (made.keySet().containsAll(parents)) {
                String id = repository.commit(
                        time(row, "author_time"),
                        time(row, "commit_time"),
                        row.text("sha"),
                        parents.stream().map(made::get).toArray(String[]::new));
                made.put(row.text("sha"), id);
                if (row.text("on_default_branch").equals("1")) {
                    tip = id;
                }
                withoutProgress = 0;
            } else {
                waiting.add(row);
                withoutProgress++;
                if (withoutProgress > waiting.size()) {
                    throw new AssertionError("parents of " + row.text("sha") + " are missing: " + parents);
                }
            }
        }
        repository.branch("main", tip);
        return made;
    }

    private static Instant time(CsvFile.Row row, String column) {
        return OffsetDateTime.parse(row.text(column)).toInstant();
    }
}
