package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitHistoryTest {
    private static final String COMMITS = """
            sha,author_time,commit_time,parents,reverts_sha,cherry_pick_of
            aa,2026-01-01T10:00:00+02:00,2026-01-01T09:00:00Z,,,
            bb,2026-01-02T08:00:00Z,2026-01-02T09:00:00Z,aa zz,aa,cc
            """;
    private static final String RELEASES = """
            tag,tag_time,sha,is_release
            v1,2026-01-03T00:00:00Z,aa,1
            v2-rc,2026-01-04T00:00:00Z,bb,0
            """;

    @TempDir
    private Path directory;

    @Test
    void tellsParentsExplicitlyAlsoWhereThereAreNone() throws IOException {
        List<ObjectNode> events = events("shop");

        assertThat(content(events.get(0)).path("parents")).isEmpty();
        assertThat(content(events.get(0)).path("parents").isArray()).isTrue();
        assertThat(content(events.get(0)).path("parentage").asText()).isEqualTo("explicit");
        assertThat(content(events.get(0)).path("authoredAt").asText()).isEqualTo("2026-01-01T08:00:00Z");
        assertThat(content(events.get(1)).path("parents"))
                .extracting(JsonNode::asText)
                .containsExactly("aa", "zz");
        assertThat(content(events.get(1)).path("reverts"))
                .extracting(JsonNode::asText)
                .containsExactly("aa");
        assertThat(content(events.get(1)).path("cherryPickOf").asText()).isEqualTo("cc");
    }

    @Test
    void tellsReleasesAsSuccessfulDeploymentsOfTheirTag() throws IOException {
        List<ObjectNode> events = events("shop");

        assertThat(events).hasSize(3);
        ObjectNode release = events.get(2);
        assertThat(release.path("time").asText()).isEqualTo("2026-01-03T00:00:00Z");
        assertThat(release.path("data").path("subject").path("id").asText()).isEqualTo("v1");
        assertThat(content(release).path("version").asText()).isEqualTo("v1");
        assertThat(content(release).path("state").asText()).isEqualTo("success");
        assertThat(content(release).path("sha").asText()).isEqualTo("aa");
    }

    @Test
    void sameHistory_hasTheSameIds() throws IOException {
        assertThat(ids("shop")).isEqualTo(ids("shop")).doesNotHaveDuplicates();
    }

    @Test
    void sameDeploymentOfAnotherService_hasAnotherIdentity() throws IOException {
        ObjectNode one = events("one").get(2);
        ObjectNode other = events("other").get(2);

        assertThat(one.path("source")).isNotEqualTo(other.path("source"));
        assertThat(one.path("id")).isNotEqualTo(other.path("id"));
    }

    @Test
    void nameOfTheService_comesFromTheFile() {
        assertThat(DoraCommand.nameOf(Path.of("some", "javalin-commits.csv"))).isEqualTo("javalin");
        assertThat(DoraCommand.nameOf(Path.of("history.csv"))).isEqualTo("history");
    }

    private List<String> ids(String service) throws IOException {
        return events(service).stream().map(event -> event.path("id").asText()).toList();
    }

    private List<ObjectNode> events(String service) throws IOException {
        Path commits = Files.writeString(directory.resolve("commits.csv"), COMMITS);
        Path releases = Files.writeString(directory.resolve("tags.csv"), RELEASES);
        return CsvHistory.read(commits, releases, "acme/shop").events(service, "production");
    }

    private static JsonNode content(ObjectNode event) {
        return event.path("data").path("subject").path("content");
    }
}
