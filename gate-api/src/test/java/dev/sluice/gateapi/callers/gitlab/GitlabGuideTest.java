package dev.sluice.gateapi.callers.gitlab;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.GuideTable;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.wire.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The file and the table of the guide, against what is read. */
class GitlabGuideTest {
    @Test
    void theFileOfTheGuideIsAServer_andIsWrittenAsItIsRead() throws Exception {
        JsonNode file = Json.mapper()
                .readTree(GuideTable.GUIDES.resolve("gitlab/server.json").toFile());
        var form = new GitlabServerForm(
                EgressRules.publicOnly(),
                new TenantSecrets(
                        null, Map.of("SLUICE_SECRET_GITLAB_CHECK", "check", "SLUICE_SECRET_GITLAB_TOKEN", "token")));
        Members body = Members.of(file);

        GitlabServer server = form.read("default", body, file).orElseThrow();

        body.requireRight();
        assertThat(requireNonNull(server.mergeRequests()).gate()).isEqualTo("merge");
        assertThat(requireNonNull(server.deployments()).environments()).containsEntry("production", "production");
        assertThat(Json.mapper().readTree(form.json(server).toString())).isEqualTo(file);
        assertThat(form.of(form.json(server))).isEqualTo(server);
    }

    @Test
    void theTableOfTheGuideHasEachField() throws Exception {
        assertThat(GuideTable.fields("gitlab.md"))
                .containsExactlyInAnyOrderElementsOf(GuideTable.fieldsOfSchema("GitlabServerRequest"));
    }
}
