package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * <pre>
 * root ── left ── merge ── newest (main)
 *    └─── right ──┘
 *    └─── side (v1.1.1 only)
 * </pre>
 */
class GitCheckoutTest {
    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");
    private static final TagChoice RELEASES = new TagChoice(null, false);

    @TempDir
    private Path directory;

    private TestRepository repository;
    private String root = "";
    private String left = "";
    private String right = "";
    private String merge = "";
    private String newest = "";
    private String side = "";

    @BeforeEach
    void make() throws GitAPIException, IOException {
        repository = new TestRepository(directory.resolve("shop"));
        root = repository.commit(day(0), day(1), "root");
        left = repository.commit(day(2), day(2), "left", root);
        right = repository.commit(day(1), day(3), "right\n\n(cherry picked from commit " + left + ")", root);
        merge = repository.commit(day(4), day(4), "merge", left, right);
        newest = repository.commit(
                day(5), day(6), "Revert \"left\"\n\nThis reverts commit " + left.substring(0, 12) + ".", merge);
        side = repository.commit(day(7), day(7), "fix of the old line", root);
        repository.branch("main", newest);
        repository.lightweightTag("v1.0.0", root);
        repository.annotatedTag("v1.1.0", merge, day(8));
        repository.lightweightTag("v1.1.0-again", merge);
        repository.annotatedTag("v1.2.0-rc.1", newest, day(9));
        repository.lightweightTag("v1.1.1", side);
        repository.lightweightTag("stable", merge);
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void readsWhatReleasesAndTheDefaultBranchReach_parentsFirst() {
        List<Commit> commits = read(RELEASES).history().commits();

        assertThat(commits)
                .extracting(Commit::sha)
                .containsExactlyInAnyOrder(root, left, right, merge, newest, side)
                .containsSubsequence(root, left, merge, newest)
                .containsSubsequence(root, right, merge);
        assertThat(commit(commits, merge).parents()).containsExactly(left, right);
        assertThat(commit(commits, root).parents()).isEmpty();
        assertThat(commit(commits, right).authoredAt()).isEqualTo(day(1));
        assertThat(commit(commits, right).committedAt()).isEqualTo(day(3));
    }

    @Test
    void readsWhatGitWroteIntoMessages_shortIdsInFull() {
        List<Commit> commits = read(RELEASES).history().commits();

        assertThat(commit(commits, newest).reverts()).containsExactly(left);
        assertThat(commit(commits, right).cherryPickOf()).isEqualTo(left);
        assertThat(commit(commits, merge).reverts()).isEmpty();
    }

    @Test
    void tagsAreReleases_annotatedAtTheirOwnTimeAndLightweightAtTheirCommits() {
        GitCheckout.Reading reading = read(RELEASES);

        assertThat(reading.history().releases())
                .containsExactly(
                        new Release("v1.0.0", day(1), root),
                        new Release("v1.1.0-again", day(4), merge),
                        new Release("v1.1.1", day(7), side),
                        new Release("v1.1.0", day(8), merge));
        assertThat(reading.preReleases()).containsExactly("v1.2.0-rc.1");
        assertThat(reading.edge()).isEmpty();
    }

    @Test
    void preReleasesAndGlobs_chooseOtherTags() {
        assertThat(tags(new TagChoice("v1.[12].*", true)))
                .containsExactly("v1.1.0-again", "v1.1.1", "v1.1.0", "v1.2.0-rc.1");
        assertThat(tags(new TagChoice("*", false))).contains("stable").doesNotContain("v1.2.0-rc.1");
    }

    @Test
    void sameHistoryInFiles_givesTheSameEvents() throws IOException {
        Path commits = Files.writeString(
                directory.resolve("commits.csv"),
                "sha,author_time,commit_time,parents,reverts_sha,cherry_pick_of\n"
                        + row(root, 0, 1, "", "", "")
                        + row(left, 2, 2, root, "", "")
                        + row(right, 1, 3, root, "", left)
                        + row(merge, 4, 4, left + " " + right, "", "")
                        + row(newest, 5, 6, merge, left, "")
                        + row(side, 7, 7, root, "", ""));
        Path releases = Files.writeString(directory.resolve("tags.csv"), """
                        tag,tag_time,sha,is_release
                        v1.0.0,%s,%s,1
                        v1.1.0-again,%s,%s,1
                        v1.1.1,%s,%s,1
                        v1.1.0,%s,%s,1
                        v1.2.0-rc.1,%s,%s,0
                        """.formatted(
                        day(1), root, day(4), merge, day(7), side, day(8), merge, day(9), newest));

        List<ObjectNode> ofFiles =
                CsvHistory.read(commits, releases, "acme/shop").events("shop", "production");

        assertThat(read(RELEASES).history().events("shop", "production"))
                .hasSize(10)
                .containsExactlyInAnyOrderElementsOf(ofFiles);
    }

    @Test
    void sinceACommit_readsWhatCameAfterIt() {
        try (GitCheckout checkout = GitCheckout.open(repository.directory())) {
            GitCheckout.Reading reading = checkout.since("acme/shop", left);

            assertThat(reading.history().commits()).extracting(Commit::sha).containsExactly(right, merge, newest);
            assertThat(reading.history().releases()).isEmpty();
            assertThat(checkout.since("acme/shop", newest).history().commits()).isEmpty();
        }
    }

    @Test
    void sinceAnUnknownCommit_isRefused() {
        try (GitCheckout checkout = GitCheckout.open(repository.directory())) {
            for (String unknown : List.of("0".repeat(40), "no-such-name", "v9^{tree}")) {
                assertThatThrownBy(() -> checkout.since("acme/shop", unknown))
                        .isInstanceOf(CommandFailedException.class)
                        .hasMessageContaining("there is no commit " + unknown);
            }
        }
    }

    @Test
    void shallowClone_namesTheParentsThatItDoesNotHave() throws GitAPIException {
        Path clone = directory.resolve("clone");
        Git.cloneRepository()
                .setURI(repository.directory().toUri().toString())
                .setDirectory(clone.toFile())
                .setDepth(2)
                .setNoTags()
                .call()
                .close();

        try (GitCheckout checkout = GitCheckout.open(clone)) {
            GitCheckout.Reading reading = checkout.since("acme/shop", root);

            assertThat(reading.history().commits()).extracting(Commit::sha).containsExactly(merge, newest);
            assertThat(reading.edge()).containsExactly(merge);
            assertThat(commit(reading.history().commits(), merge).parents()).containsExactly(left, right);
            assertThat(checkout.since("acme/shop", merge).edge()).isEmpty();
        }
    }

    @Test
    void directoryBelowTheCheckout_belongsToIt() throws IOException {
        Path below = Files.createDirectories(repository.directory().resolve("src/main"));

        try (GitCheckout checkout = GitCheckout.open(below)) {
            assertThat(checkout.directoryName()).isEqualTo("shop");
            assertThat(checkout.originName()).isEmpty();
        }
    }

    @Test
    void directoryOfNoRepository_isNamed() throws IOException {
        Path other = Files.createDirectories(directory.resolve("other"));

        assertThatThrownBy(() -> GitCheckout.open(other))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining(other + " is not in a git repository");
    }

    private GitCheckout.Reading read(TagChoice choice) {
        try (GitCheckout checkout = GitCheckout.open(repository.directory())) {
            return checkout.history("acme/shop", choice);
        }
    }

    private List<String> tags(TagChoice choice) {
        return read(choice).history().releases().stream().map(Release::tag).toList();
    }

    private static Commit commit(List<Commit> commits, String sha) {
        return commits.stream()
                .filter(each -> each.sha().equals(sha))
                .findFirst()
                .orElseThrow();
    }

    private static String row(String sha, int authored, int committed, String parents, String reverts, String copied) {
        return String.join(",", sha, day(authored).toString(), day(committed).toString(), parents, reverts, copied)
                + "\n";
    }

    private static Instant day(int days) {
        return BEGINNING.plusSeconds(86_400L * days);
    }
}
