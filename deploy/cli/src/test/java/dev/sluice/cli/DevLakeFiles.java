package dev.sluice.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A small export of DevLake, to be checked by hand. One scope deploys {@code acme/shop} in March 2026: d1 (s1), d2 (s2),
 * d3 (s3), d4 (s3 again) and d5 (s5), each at 10:00; d6 failed, d7 went to staging.
 *
 * <p>Pull requests, first commit + creation to merge + merge to deployment: p1 in d2, 120 + 120 + 1320 = 1560 min; p2 in
 * d3, 60 + 121 (120.5 rounded up) + 1260 (1259.5) = 1441 min; p3 in d5, without commits, 360 + 1080 = 1440 min. p4 is
 * open.
 *
 * <p>Incidents: i1 two hours after d2, for 2 h; i2 one hour after d4, for 2 h; i3 98 h after d5, open.
 */
final class DevLakeFiles {
    static final String SCOPE = "github:GithubRepo:1:7";

    private final Path directory;
    private final Map<String, StringBuilder> tables = new LinkedHashMap<>();

    DevLakeFiles(Path directory) {
        this.directory = directory;
        table("cicd_deployments", "id,cicd_scope_id,name,result,status,environment,started_date,finished_date");
        table(
                "cicd_deployment_commits",
                "id,cicd_scope_id,cicd_deployment_id,result,environment,started_date,finished_date,commit_sha,repo_id,"
                        + "repo_url,prev_success_deployment_commit_id");
        table("commits_diffs", "new_commit_sha,old_commit_sha,commit_sha,sorting_index");
        table(
                "pull_requests",
                "id,base_repo_id,pull_request_key,title,status,created_date,merged_date,closed_date,merge_commit_sha");
        table("pull_request_commits", "pull_request_id,commit_sha,commit_authored_date");
        table("incidents", "id,title,created_date,resolution_date,status,severity,table,scope_id");
    }

    /** Returns the export of the class comment. */
    static DevLakeFiles march(Path directory) {
        return new DevLakeFiles(directory)
                .deployment("1", "2026-03-01", "s1", "")
                .deployment("2", "2026-03-03", "s2", "c1")
                .deployment("3", "2026-03-05", "s3", "c2")
                .deployment("4", "2026-03-06", "s3", "c3")
                .deployment("5", "2026-03-20", "s5", "c4")
                .row("cicd_deployments", "d6,%s,x,FAILURE,DONE,PRODUCTION,,2026-03-21 10:00:00".formatted(SCOPE))
                .row("cicd_deployments", "d7,%s,x,SUCCESS,DONE,STAGING,,2026-03-21 10:00:00".formatted(SCOPE))
                .row("commits_diffs", "s2,s1,s2,1")
                .row("commits_diffs", "s3,s2,x3,2")
                .row("commits_diffs", "s3,s2,s3,1")
                .row("commits_diffs", "s5,s3,s5,1")
                .pull("1", "2026-03-02 10:00:00", "2026-03-02 12:00:00", "s2")
                .pull("2", "2026-03-04 11:00:00", "2026-03-04 13:00:30", "s3")
                .pull("3", "2026-03-19 10:00:00", "2026-03-19 16:00:00", "s5")
                .pull("4", "2026-03-21 10:00:00", "NULL", "")
                .row("pull_request_commits", "p1,b1,2026-03-02 08:00:00.000")
                .row("pull_request_commits", "p1,b2,2026-03-02 09:00:00.000")
                .row("pull_request_commits", "p2,b3,2026-03-04T10:00:00Z")
                .incident("1", "2026-03-03 12:00:00", "2026-03-03 14:00:00")
                .incident("2", "2026-03-06 11:00:00", "2026-03-06 13:00:00")
                .incident("3", "2026-03-24 12:00:00", "\\N");
    }

    /** Adds a success that began ten minutes before 10:00. */
    DevLakeFiles deployment(String number, String day, String sha, String previous) {
        return deployment(number, SCOPE, day + " 09:50:00", day + " 10:00:00", sha, previous);
    }

    DevLakeFiles deployment(String number, String scope, String started, String finished, String sha, String previous) {
        row(
                "cicd_deployments",
                "d%s,%s,\"Deploy, %s\",SUCCESS,DONE,PRODUCTION,%s,%s"
                        .formatted(number, scope, number, started, finished));
        return row(
                "cicd_deployment_commits",
                "c%s,%s,d%s,SUCCESS,PRODUCTION,%s,%s,%s,repo:7,https://github.com/acme/shop.git,%s"
                        .formatted(number, scope, number, started, finished, sha, previous));
    }

    DevLakeFiles pull(String number, String created, String merged, String mergeSha) {
        return row(
                "pull_requests",
                "p%s,repo:7,%s,Change,MERGED,%s,%s,NULL,%s".formatted(number, number, created, merged, mergeSha));
    }

    DevLakeFiles incident(String number, String created, String resolved) {
        return row("incidents", "i%s,Broken,%s,%s,DONE,high,boards,board:1".formatted(number, created, resolved));
    }

    DevLakeFiles row(String table, String row) {
        StringBuilder text = tables.get(table);
        if (text == null) {
            throw new IllegalArgumentException("no table " + table);
        }
        text.append(row).append('\n');
        return this;
    }

    /** Begins a table anew. */
    DevLakeFiles table(String name, String header) {
        tables.put(name, new StringBuilder(header).append('\n'));
        return this;
    }

    /** Writes the files and returns where. */
    Path write() {
        try {
            for (Map.Entry<String, StringBuilder> table : tables.entrySet()) {
                Files.writeString(directory.resolve(table.getKey() + ".csv"), table.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    DevLakeExport read() {
        return DevLakeExport.read(write());
    }
}
