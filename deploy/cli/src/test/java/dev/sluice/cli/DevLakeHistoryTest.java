package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevLakeHistoryTest {
    @TempDir
    private Path directory;

    @Test
    void deployment_saysWhatBothTablesSay() {
        JsonNode deployed = only(DevLakeFiles.march(directory), "d2");

        assertThat(deployed.path("context").path("timestamp").asText()).isEqualTo("2026-03-03T10:00:00Z");
        assertThat(deployed.path("subject").path("content").toString())
                .isEqualTo("{\"service\":\"shop\",\"environment\":\"live\",\"state\":\"success\","
                        + "\"repository\":\"acme/shop\",\"sha\":\"s2\",\"startedAt\":\"2026-03-03T09:50:00Z\"}");
    }

    @Test
    void deploymentWithoutCommits_isSentWithoutOne_andAnAbortedOneIsCancelled() {
        DevLakeFiles files = DevLakeFiles.march(directory)
                .row(
                        "cicd_deployments",
                        "d8,%s,x,ABORT,DONE,PRODUCTION,,2026-03-22 10:00:00".formatted(DevLakeFiles.SCOPE));

        JsonNode aborted = only(files, "d8").path("subject").path("content");

        assertThat(aborted.path("state").asText()).isEqualTo("cancelled");
        assertThat(aborted.has("sha")).isFalse();
    }

    @Test
    void deploymentThatRuns_isLeftOutAndCounted() {
        DevLakeFiles files = DevLakeFiles.march(directory)
                .row(
                        "cicd_deployments",
                        "d8,%s,x,,IN_PROGRESS,PRODUCTION,2026-03-22 10:00:00,".formatted(DevLakeFiles.SCOPE));

        assertThat(events(files, "d8")).isEmpty();
        assertThat(history(files).leftOut()).containsEntry("deployments without a result or an end", 1);
    }

    @Test
    void deploymentOfSeveralRepositories_hasTheCommitThatFinishedLast() {
        DevLakeFiles files = DevLakeFiles.march(directory)
                .row(
                        "cicd_deployment_commits",
                        "c2b,%s,d2,SUCCESS,PRODUCTION,2026-03-03 09:50:00,2026-03-03 10:30:00,t2,repo:8,"
                                        .formatted(DevLakeFiles.SCOPE)
                                + "https://github.com/acme/till,");

        JsonNode content = only(files, "d2").path("subject").path("content");

        assertThat(content.path("repository").asText()).isEqualTo("acme/till");
        assertThat(content.path("sha").asText()).isEqualTo("t2");
        assertThat(history(files).leftOut())
                .containsEntry("further repositories of deployments, whose commits count for none", 1);
    }

    @Test
    void pullRequest_hasItsOwnCommits() {
        List<JsonNode> observed = events(DevLakeFiles.march(directory), "1");

        assertThat(observed).hasSize(2);
        assertThat(observed.get(1).path("subject").path("content").toString())
                .isEqualTo("{\"repository\":\"acme/shop\",\"state\":\"merged\",\"commits\":["
                        + "{\"sha\":\"b1\",\"authoredAt\":\"2026-03-02T08:00:00Z\"},"
                        + "{\"sha\":\"b2\",\"authoredAt\":\"2026-03-02T09:00:00Z\"}],"
                        + "\"mergeSha\":\"s2\",\"title\":\"Change\"}");
    }

    private static JsonNode only(DevLakeFiles files, String subject) {
        List<JsonNode> found = events(files, subject);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<JsonNode> events(DevLakeFiles files, String subject) {
        return history(files).events().stream()
                .map(event -> event.path("data"))
                .filter(data -> data.path("subject").path("id").asText().equals(subject))
                .toList();
    }

    private static DevLakeHistory history(DevLakeFiles files) {
        DevLakeExport export = files.read();
        return new DevLakeHistory(export, new DevLakeServices(export, Map.of(DevLakeFiles.SCOPE, "shop")), "live");
    }
}
