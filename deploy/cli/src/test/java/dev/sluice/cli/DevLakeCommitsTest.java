package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevLakeCommitsTest {
    @TempDir
    private Path directory;

    @Test
    void commitsOfARange_areAChainDownToWhatWasDeployedBefore() {
        DevLakeFiles files = dated("s1", "a", "b", "s2")
                .deployment("1", "2026-03-01", "s1", "")
                .deployment("2", "2026-03-03", "s2", "c1")
                .row("commits_diffs", "s2,s1,b,3")
                .row("commits_diffs", "s2,s1,a,2")
                .row("commits_diffs", "s2,s1,s2,1");

        assertThat(parents(files))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("s1", "unknown", "s2", "inferred [a]", "a", "inferred [b]", "b", "inferred [s1]"));
    }

    @Test
    void commitWithoutAuthorTime_isLeftOut_andTheChainGoesOn() {
        DevLakeFiles files = dated("s1", "b", "s2")
                .deployment("1", "2026-03-01", "s1", "")
                .deployment("2", "2026-03-03", "s2", "c1")
                .row("commits_diffs", "s2,s1,s2,1")
                .row("commits_diffs", "s2,s1,a,2")
                .row("commits_diffs", "s2,s1,b,3");

        assertThat(parents(files)).containsEntry("s2", "inferred [b]").doesNotContainKey("a");
        assertThat(new DevLakeCommits(files.read()).undated()).containsExactly("a");
    }

    @Test
    void branchesThatAlternate_closeNoCircle() {
        DevLakeFiles files = dated("g", "h")
                .deployment("1", "2026-03-01", "h", "")
                .deployment("2", "2026-03-02", "g", "c1")
                .deployment("3", "2026-03-03", "h", "c2")
                .row("commits_diffs", "g,h,g,1")
                .row("commits_diffs", "h,g,h,1");

        assertThat(parents(files)).containsExactlyInAnyOrderEntriesOf(Map.of("g", "inferred [h]", "h", "unknown"));
    }

    @Test
    void rangeThatBeginsAfterARollback_goesOnWithWhatWasBroughtEarlier() {
        DevLakeFiles files = dated("s1", "s2", "s3", "s4")
                .deployment("1", "2026-03-01", "s1", "")
                .deployment("2", "2026-03-02", "s2", "c1")
                .deployment("3", "2026-03-03", "s1", "c2")
                .deployment("4", "2026-03-04", "s4", "c3")
                .row("commits_diffs", "s2,s1,s2,1")
                .row("commits_diffs", "s4,s1,s4,1")
                .row("commits_diffs", "s4,s1,s3,2")
                .row("commits_diffs", "s4,s1,s2,3");

        assertThat(parents(files))
                .containsEntry("s4", "inferred [s3]")
                .containsEntry("s3", "inferred [s1, s2]")
                .containsEntry("s2", "inferred [s1]");
    }

    @Test
    void deployedCommitThatWasBroughtEarlier_reachesWhatItsRangeAdds() {
        DevLakeFiles files = dated("s0", "s1", "s2", "t")
                .deployment("1", "2026-03-01", "s1", "")
                .deployment("2", "2026-03-02", "s2", "c1")
                .deployment("3", "till", "2026-03-03 09:00:00", "2026-03-03 09:30:00", "s0", "")
                .deployment("4", "till", "2026-03-04 09:00:00", "2026-03-04 09:30:00", "s2", "c3")
                .row("commits_diffs", "s2,s1,s2,1")
                .row("commits_diffs", "s2,s0,s2,1")
                .row("commits_diffs", "s2,s0,s1,2")
                .row("commits_diffs", "s2,s0,t,3");

        assertThat(parents(files))
                .containsEntry("s2", "inferred [s1]")
                .containsEntry("s1", "inferred [t]")
                .containsEntry("t", "inferred [s0]");
    }

    @Test
    void commitThatAPullRequestWasMergedAs_hasTheTimeOfTheMerge_unlessItsOwnIsKnown() {
        DevLakeFiles files = DevLakeFiles.march(directory);

        assertThat(new DevLakeCommits(files.read()).authored("s2")).isEqualTo(Instant.parse("2026-03-02T12:00:00Z"));
        files.row("pull_request_commits", "p9,s2,2026-03-01 07:00:00");
        assertThat(new DevLakeCommits(files.read()).authored("s2")).isEqualTo(Instant.parse("2026-03-01T07:00:00Z"));
    }

    @Test
    void commitParents_areTakenAsTheyAre_andDatesFromCommits() {
        DevLakeFiles files = DevLakeFiles.march(directory)
                .table("commits", "sha,authored_date,committed_date")
                .row("commits", "s1,2026-02-28 10:00:00,2026-02-28 11:00:00")
                .row("commits", "x3,2026-03-04 01:00:00,2026-03-04 02:00:00")
                .table("commit_parents", "commit_sha,parent_commit_sha")
                .row("commit_parents", "s2,s1")
                .row("commit_parents", "s3,s2")
                .row("commit_parents", "s3,x3")
                .row("commit_parents", "x3,s1")
                .row("commit_parents", "s5,s3");

        assertThat(parents(files))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "s1", "explicit []",
                        "s2", "explicit [s1]",
                        "x3", "explicit [s1]",
                        "s3", "explicit [s2, x3]",
                        "s5", "explicit [s3]"));
    }

    private DevLakeFiles dated(String... shas) {
        var files = new DevLakeFiles(directory);
        for (String sha : shas) {
            files.row("pull_request_commits", "p1," + sha + ",2026-02-01 00:00:00");
        }
        return files;
    }

    private static Map<String, String> parents(DevLakeFiles files) {
        var parents = new HashMap<String, String>();
        for (DevLakeCommits.Known commit : new DevLakeCommits(files.read()).all()) {
            List<String> known = commit.parents();
            parents.put(commit.sha(), known == null ? "unknown" : commit.parentage() + " " + known);
        }
        return parents;
    }
}
