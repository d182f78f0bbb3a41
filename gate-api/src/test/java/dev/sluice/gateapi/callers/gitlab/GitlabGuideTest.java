package dev.sluice.gateapi.callers.gitlab;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.document.ApiDocument;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.wire.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The file and the table of the guide, against what is read. */
class GitlabGuideTest {
    private static final Path GUIDES = Path.of(System.getProperty("sluice.root"), "docs", "guides");

    @Test
    void theFileOfTheGuideIsAServer_andIsWrittenAsItIsRead() throws Exception {
        JsonNode file =
                Json.mapper().readTree(GUIDES.resolve("gitlab/server.json").toFile());
        var form = new GitlabServerForm(
                EgressRules.publicOnly(),
                SecretPlaces.ofApi(
                        null, Map.of("SLUICE_SECRET_GITLAB_CHECK", "check", "SLUICE_SECRET_GITLAB_TOKEN", "token")));
        Members body = Members.of(file);

        GitlabServer server = form.read(body, file).orElseThrow();

        body.requireRight();
        assertThat(requireNonNull(server.mergeRequests()).gate()).isEqualTo("merge");
        assertThat(requireNonNull(server.deployments()).environments()).containsEntry("production", "production");
        assertThat(Json.mapper().readTree(form.json(server).toString())).isEqualTo(file);
        assertThat(form.of(form.json(server))).isEqualTo(server);
    }

    @Test
    void theTableOfTheGuideHasEachField() throws Exception {
        List<String> fields = new ArrayList<>();
        ApiDocument.load()
                .json()
                .at("/components/schemas/GitlabServerRequest/properties")
                .fieldNames()
                .forEachRemaining(fields::add);
        String guide = Files.readString(GUIDES.resolve("gitlab.md"));
        List<String> named = guide.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.indexOf('|', 1)))
                .flatMap(cell -> Pattern.compile("`([a-z_]+)`").matcher(cell).results())
                .map(match -> match.group(1))
                .toList();

        assertThat(named).containsExactlyInAnyOrderElementsOf(fields);
    }
}
