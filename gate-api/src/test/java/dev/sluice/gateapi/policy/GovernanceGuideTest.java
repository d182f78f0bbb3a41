package dev.sluice.gateapi.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.EvidenceRule;
import dev.sluice.gate.Policy;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.cel.CelFixture;
import dev.sluice.gateapi.config.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GovernanceGuideTest {
    private static final Path GUIDE = Path.of(System.getProperty("sluice.root"), "docs", "guides", "governance.md");
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    private static Optional<Policy> read(String text, Problems problems) {
        try (CelConditions conditions = CelFixture.patient()) {
            return new PolicyReader(conditions).read("policy.yaml", text, problems);
        }
    }

    @Test
    void thePolicyOfTheGuideHasARuleOfEachKind_andTheTableARow() throws IOException {
        String guide = Files.readString(GUIDE);
        Matcher yaml = YAML.matcher(guide);
        assertThat(yaml.find()).isTrue();
        var problems = new Problems();

        Optional<Policy> policy = read(yaml.group(1), problems);

        assertThat(problems.all()).isEmpty();
        assertThat(policy.orElseThrow().rules())
                .extracting(rule -> ((EvidenceRule) rule).requirement().kind())
                .containsExactlyInAnyOrderElementsOf(EvidenceRules.kinds());
        assertThat(guide.lines().filter(line -> line.matches("\\| `[a-z_]+` \\| .*")))
                .extracting(line -> line.split("`", -1)[1])
                .containsExactlyInAnyOrderElementsOf(EvidenceRules.kinds());
    }

    @Test
    void aDigestIsOfWhatIsMeant_notOfTheOrderInWhichItIsWritten() {
        String text = """
                name: p
                version: "1"
                gates: [production]
                rules:
                  - {id: a, mode: enforce, approvals: {least: 2, roles: [sre, dev]}}
                """;
        String digest = read(text, new Problems()).orElseThrow().digest();

        assertThat(read(text.replace("[sre, dev]", "[dev, sre]"), new Problems())
                        .orElseThrow()
                        .digest())
                .isEqualTo(digest);
        assertThat(read(text.replace("least: 2", "least: 1"), new Problems())
                        .orElseThrow()
                        .digest())
                .isNotEqualTo(digest);
    }

    @Test
    void aDigestIsOfTheSeveritiesThatAreMeant_andOfNoneWhereAllAre() {
        String text = """
                name: p
                version: "1"
                gates: [production]
                rules:
                  - {id: a, mode: enforce, incidents: {severities: [SEV1, critical]}}
                """;
        String digest = read(text, new Problems()).orElseThrow().digest();

        assertThat(read(text.replace("[SEV1, critical]", "[Critical, sev1, sev1]"), new Problems())
                        .orElseThrow()
                        .digest())
                .isEqualTo(digest);
        assertThat(read(text.replace("{severities: [SEV1, critical]}", "{}"), new Problems())
                        .orElseThrow()
                        .digest())
                .isNotEqualTo(digest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "approvals: {least: 0} | least must be positive",
                "approvals: {when_missing: allow} | when_missing must be deny or pending, is allow",
                "canary: {max_age: never} | max_age must be",
                "canary: {environnment: staging} | unknown field environnment",
                "canary: yes | canary must be a mapping",
                "validation: {environment: staging} | nothing is required",
                "validation: {kinds: [smoke]} | field environment is missing",
                "artifact: {} | nothing is required",
                "parity: {services: [a]} | field with is missing",
                "incidents: {most_open: -1} | most_open must be a whole number",
                "incidents: {severities: []} | severities must name at least one",
                "incidents: {severities: [sev1, '']} | severities must be a list of texts",
                "incidents: {severities: sev1} | severities must be a list",
                "freeze: {except: [a]} | unknown field except",
                "canary: {}, cel: 'true' | unknown field cel",
            })
    void whatCannotBeMeantIsTold_withItsPlace(String rule, String problem) {
        var problems = new Problems();

        Optional<Policy> policy = read("""
                name: p
                version: "1"
                gates: [production]
                rules:
                  - {id: a, mode: enforce, %s}
                """.formatted(rule), problems);

        assertThat(policy).isEmpty();
        assertThat(problems.all())
                .anySatisfy(told -> assertThat(told).startsWith("policy.yaml:").contains(problem));
    }
}
