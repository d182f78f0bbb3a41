package dev.sluice.gateapi.callers.github;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.oidc.CiTokens;
import dev.sluice.gateapi.callers.GuideTable;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The file and the table of the guide, against what is read. */
class GithubGuideTest {
    @Test
    void theFileOfTheGuideIsAnApp_andIsWrittenAsItIsRead() throws Exception {
        JsonNode file = Json.mapper()
                .readTree(GuideTable.GUIDES.resolve("github/app.json").toFile());
        String pem = new String(
                AppKeyTest.pem(
                        "PRIVATE KEY", CiTokens.rsa("app").getPrivateKey().getEncoded()),
                StandardCharsets.US_ASCII);
        var form = new GithubAppForm(
                EgressRules.publicOnly(),
                new TenantSecrets(null, Map.of("SLUICE_SECRET_GITHUB_HOOK", "hook", "SLUICE_SECRET_GITHUB_KEY", pem)));
        Members body = Members.of(file);

        GithubApp app = form.read("default", body, file).orElseThrow();

        body.requireRight();
        assertThat(app.trusts(583_231, 957_387)).isTrue();
        assertThat(app.trusts(583_231, 1)).isFalse();
        assertThat(Json.mapper().readTree(form.json(app).toString())).isEqualTo(file);
        assertThat(form.of(form.json(app))).isEqualTo(app);
    }

    @Test
    void theTableOfTheGuideHasEachField() throws Exception {
        List<String> fields = GuideTable.fieldsOfSchema("GithubAppRequest");
        fields.removeIf(name -> name.endsWith("_next"));

        assertThat(GuideTable.fields("github.md")).containsExactlyInAnyOrderElementsOf(fields);
    }
}
