package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

class CommitsCommandTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final String SECRET = "s3cret";

    private final LocalApi api = new LocalApi();

    @TempDir
    private Path directory;

    private TestRepository repository;
    private String deployed = "";
    private String head = "";

    @BeforeEach
    void make() throws GitAPIException, IOException {
        repository = new TestRepository(directory.resolve("shop"));
        deployed = repository.commit(AT, AT, "deployed");
        head = repository.commit(AT.plusSeconds(60), AT.plusSeconds(61), "next", deployed);
        repository.branch("main", head);
        api.answers("/v1/events", 202, "{\"deliveries\":[],\"received_at\":\"2026-05-01T00:00:00.500Z\"}");
    }

    @AfterEach
    void close() {
        repository.close();
        api.close();
    }

    @Test
    void sendsTheCommitsSince_namedAfterTheOriginWithoutItsCredentials()
            throws IOException, GitAPIException, URISyntaxException {
        repository.origin("https://robot:" + SECRET + "@example.org/acme/shop.git");

        Run run = commits("--since", deployed);

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("acme/shop: 1 commits sent" + System.lineSeparator());
        assertThat(run.out() + run.err()).doesNotContain(SECRET);
        assertThat(sent()).singleElement().satisfies(event -> {
            assertThat(event.path("type").asText()).isEqualTo("dev.cdeventsx.sluice-commit.recorded.0.1.0");
            JsonNode subject = event.path("data").path("subject");
            assertThat(subject.path("id").asText()).isEqualTo(head);
            assertThat(subject.path("content").path("repository").asText()).isEqualTo("acme/shop");
            assertThat(subject.path("content").path("parents"))
                    .extracting(JsonNode::asText)
                    .containsExactly(deployed);
        });
        assertThat(api.asked().toString()).doesNotContain(SECRET);
    }

    @Test
    void nothingNew_isTold() {
        Run run = commits("--since", head, "--repository", "acme/shop");

        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("acme/shop: 0 commits sent");
        assertThat(api.asked()).isEmpty();
    }

    @Test
    void shallowClone_saysWhatIsMissing() throws GitAPIException, IOException {
        Path clone = directory.resolve("clone");
        Git.cloneRepository()
                .setURI(repository.directory().toUri().toString())
                .setDirectory(clone.toFile())
                .setDepth(1)
                .call()
                .close();

        Run run = run("commits", "--git", clone.toString(), "--since", deployed, "--repository", "acme/shop");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("the clone is shallow: the parents of 1 of the commits (" + head.substring(0, 12))
                .contains("fetch-depth: 0");
        assertThat(sent()).hasSize(1);
    }

    @Test
    void unknownCommit_cannotBeDone() {
        Run run = commits("--since", "0".repeat(40), "--repository", "acme/shop");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("there is no commit 0000000");
    }

    @Test
    void wrongUsage_hasItsOwnStatus() {
        assertThat(commits().status()).isEqualTo(ExitStatus.USAGE);
        Run run = commits("--since", deployed);
        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("no remote origin").contains("--repository");
    }

    @Test
    void emptySince_isWrongUsage() {
        Run run = commits("--since", "", "--repository", "acme/shop");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("--since is empty: name the commit that was deployed last");
        assertThat(api.asked()).isEmpty();
    }

    @Test
    void refusal_isToldWithItsPointer() {
        try (var refusing = new LocalApi()) {
            refusing.answers("/v1/events", 401, "{\"title\":\"Unauthorized\"}");
            Run run = Run.of(
                    Map.of("SLUICE_URL", refusing.url()),
                    Ansi.OFF,
                    arguments("--since", deployed, "--repository", "acme/shop"));

            assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
            assertThat(run.err()).contains("sending the events 1 to 1 failed").contains("Unauthorized");
        }
    }

    private Run commits(String... more) {
        return run(arguments(more));
    }

    private Run run(String... arguments) {
        return Run.of(Map.of("SLUICE_URL", api.url()), Ansi.OFF, arguments);
    }

    private String[] arguments(String... more) {
        var all = new ArrayList<>(
                List.of("commits", "--git", repository.directory().toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private List<JsonNode> sent() throws IOException {
        var events = new ArrayList<JsonNode>();
        for (LocalApi.Asked batch : api.asked("/v1/events")) {
            Documents.mapper().readTree(batch.body()).forEach(events::add);
        }
        return events;
    }
}
