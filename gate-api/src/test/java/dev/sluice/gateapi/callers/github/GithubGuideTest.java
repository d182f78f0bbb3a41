package dev.sluice.gateapi.callers.github;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.oidc.CiTokens;
import dev.sluice.gateapi.document.ApiDocument;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The file and the table of the guide, against what is read. */
class GithubGuideTest {
    private static final Path GUIDES = Path.of(System.getProperty("sluice.root"), "docs", "guides");

    @Test
    void theFileOfTheGuideIsAnApp_andIsWrittenAsItIsRead() throws Exception {
        JsonNode file = Json.mapper().readTree(GUIDES.resolve("github/app.json").toFile());
        String pem = new String(
                AppKeyTest.pem(
                        "PRIVATE KEY", CiTokens.rsa("app").getPrivateKey().getEncoded()),
                StandardCharsets.US_ASCII);
        var form = new GithubAppForm(
                EgressRules.publicOnly(),
                SecretPlaces.ofApi(null, Map.of("SLUICE_SECRET_GITHUB_HOOK", "hook", "SLUICE_SECRET_GITHUB_KEY", pem)));
        Members body = Members.of(file);

        GithubApp app = form.read(body, file).orElseThrow();

        body.requireRight();
        assertThat(app.trusts(583_231, 957_387)).isTrue();
        assertThat(app.trusts(583_231, 1)).isFalse();
        assertThat(Json.mapper().readTree(form.json(app).toString())).isEqualTo(file);
        assertThat(form.of(form.json(app))).isEqualTo(app);
    }

    @Test
    void theTableOfTheGuideHasEachField() throws Exception {
        List<String> fields = new ArrayList<>();
        ApiDocument.load()
                .json()
                .at("/components/schemas/GithubAppRequest/properties")
                .fieldNames()
                .forEachRemaining(fields::add);
        fields.removeIf(name -> name.endsWith("_next"));
        String guide = Files.readString(GUIDES.resolve("github.md"));
        List<String> named = guide.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.indexOf('|', 1)))
                .flatMap(cell -> Pattern.compile("`([a-z_]+)`").matcher(cell).results())
                .map(match -> match.group(1))
                .toList();

        assertThat(named).containsExactlyInAnyOrderElementsOf(fields);
    }
}
