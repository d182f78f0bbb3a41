package dev.sluice.gateapi.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.config.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TrustFileTest {
    private static List<String> problemsOf(String content) {
        var problems = new Problems();
        TrustFile.read("oidc.yaml", content, problems);
        return problems.all();
    }

    private static String rule(String kind, String claims) {
        return "issuers: [{issuer: 'https://a.example', jwks_url: 'https://a.example/k', audience: s, " + kind
                + " rules: [{name: r, tenant: t, scopes: [read], claims: " + claims + "}]}]";
    }

    @Test
    void saysWhatIsWrong_andWhere() {
        assertThat(problemsOf("""
                        issuers:
                          - issuer: http://ci.example.com
                            jwks_url: https://me@ci.example.com/keys
                            audience: a
                            algorithms: [HS256]
                            kind: jenkins
                            rules:
                              - {name: a/b, tenant: t, scopes: [public], claims: {}, verbs: x}
                        other: 1
                        """))
                .contains(
                        "oidc.yaml:2:13: issuer must be an https URL without user (http of this machine only), is http://ci.example.com",
                        "oidc.yaml:3:15: jwks_url must be an https URL without user (http of this machine only), is"
                                + " https://me@ci.example.com/keys",
                        "oidc.yaml:5:17: algorithms can be RS256, ES256 and EdDSA, not HS256",
                        "oidc.yaml:6:11: kind must be github, gitlab or circleci, is jenkins")
                .anyMatch(problem -> problem.startsWith("oidc.yaml:8:16: name must be a name"))
                .anyMatch(problem -> problem.startsWith("oidc.yaml:8:40: unknown scope public"))
                .anyMatch(problem -> problem.startsWith("oidc.yaml:8:58: claims must name at least one"))
                .anyMatch(problem -> problem.startsWith("oidc.yaml:8:62: unknown field verbs"))
                .anyMatch(problem -> problem.startsWith("oidc.yaml:9:1: unknown field other"));
        assertThat(problemsOf("issuers: []")).hasSize(1);
        assertThat(problemsOf("{}")).hasSize(1);
        assertThat(problemsOf("")).hasSize(1);
    }

    @Test
    void aRuleBindsWhatNeverChangesHands() {
        assertThat(problemsOf(rule("kind: github,", "{repository: acme/shop, ref: refs/heads/main}")))
                .singleElement()
                .asString()
                .endsWith("claims of a rule for github must have repository_id");
        assertThat(problemsOf(rule("kind: github,", "{repository_id: 1, ref: r}")))
                .singleElement()
                .asString()
                .endsWith("must have repository_owner_id");
        assertThat(problemsOf(rule("kind: github,", "{repository_id: 1, repository_owner_id: 2, job_workflow_ref: w}")))
                .singleElement()
                .asString()
                .endsWith("must have environment or ref");
        assertThat(problemsOf(rule(
                        "kind: github,", "{repository_id: 1, repository_owner_id: 2, ref: r, job_workflow_ref: w}")))
                .isEmpty();
        assertThat(problemsOf(rule("kind: gitlab,", "{project_path: acme/shop}")))
                .hasSize(1);
        assertThat(problemsOf(rule("kind: gitlab,", "{project_id: 1}"))).isEmpty();
        assertThat(problemsOf(rule("kind: circleci,", "{sub: s}"))).hasSize(1);
        assertThat(problemsOf(rule("kind: circleci,", "{oidc.circleci.com/project-id: p}")))
                .isEmpty();
        assertThat(problemsOf(rule("", "{sub: s}"))).isEmpty();
    }

    @Test
    void aPatternIsRefused_sinceClaimsAreComparedExactly() {
        assertThat(problemsOf(rule("", "{ref: 'refs/heads/*'}")))
                .singleElement()
                .asString()
                .contains("claim ref is compared exactly");
    }

    @Test
    void namesAreNotTakenTwice() {
        String entry = "{issuer: 'https://a.example', jwks_url: 'https://a.example/k', audience: s,"
                + " rules: [{name: r, tenant: t, scopes: [read], claims: {sub: s}}]}";

        assertThat(problemsOf("issuers: [" + entry + "," + entry + "]"))
                .anyMatch(problem -> problem.endsWith("two issuers are called https://a.example"))
                .anyMatch(problem -> problem.endsWith("two rules are called r"));
    }

    /** What people copy must be taken. */
    @Test
    void theExamplesOfTheDocumentsAreTaken() throws IOException {
        for (Path document : List.of(
                Path.of("..", "docs", "guides", "access.md"), Path.of("..", "docs", "reference", "configuration.md"))) {
            List<String> examples = Pattern.compile("```yaml\n(issuers:\n.*?)```", Pattern.DOTALL)
                    .matcher(Files.readString(document))
                    .results()
                    .map(match -> match.group(1))
                    .toList();

            assertThat(examples)
                    .as(document.toString())
                    .isNotEmpty()
                    .allSatisfy(example -> assertThat(problemsOf(example)).isEmpty());
        }
    }
}
