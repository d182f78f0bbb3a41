package dev.sluice.gateapi.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.ConditionRule;
import dev.sluice.gate.Decision;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.Evidence;
import dev.sluice.gate.EvidenceRule;
import dev.sluice.gate.GateEvaluator;
import dev.sluice.gate.Mode;
import dev.sluice.gate.Operator;
import dev.sluice.gate.Outcome;
import dev.sluice.gate.Policy;
import dev.sluice.gate.RuleTerms;
import dev.sluice.gate.Severity;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.gate.ValidationRequirement;
import dev.sluice.gate.Waivers;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.cel.CelFixture;
import dev.sluice.gateapi.config.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {
    private static final String VALID = """
            name: payments
            version: "3"
            gates: [production]
            environments: [production, production-eu]
            expires_after: 5m
            stale_after: 30s
            stale_outcome: pending
            rules:
              - id: success
                mode: enforce
                metric: deployment_success_rate
                window: 30d
                operator: ">="
                threshold: 0.9
                minimum_n: 10
                when_missing: allow
              - id: lead-time
                mode: observe
                metric: change_lead_time_p90
                window: 90d
                operator: "<"
                threshold: 2d
            """;

    private static final PolicyReader READER = new PolicyReader(new CelConditions());

    @TempDir
    private Path directory;

    private static List<String> problemsOf(String content) {
        var problems = new Problems();
        assertThat(READER.read("p.yaml", content, problems)).isEmpty();
        return problems.all();
    }

    private static Policy read(String content) {
        var problems = new Problems();
        Optional<Policy> policy = READER.read("p.yaml", content, problems);
        assertThat(problems.all()).isEmpty();
        return policy.orElseThrow();
    }

    @Test
    void readsEachField() {
        Policy policy = read(VALID);

        assertThat(policy.name()).isEqualTo("payments");
        assertThat(policy.version()).isEqualTo("3");
        assertThat(policy.gates()).isEqualTo(Set.of("production"));
        assertThat(policy.environments()).isEqualTo(Set.of("production", "production-eu"));
        assertThat(policy.expiry()).isEqualTo(Duration.ofMinutes(5));
        assertThat(policy.staleAfter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.staleOutcome()).isEqualTo(Outcome.PENDING);
        assertThat(policy.rules())
                .containsExactly(
                        new ThresholdRule(
                                "success",
                                Mode.ENFORCE,
                                "deployment_success_rate",
                                30,
                                Operator.AT_LEAST,
                                0.9,
                                10,
                                Outcome.ALLOW),
                        new ThresholdRule(
                                "lead-time",
                                Mode.OBSERVE,
                                "change_lead_time_p90",
                                90,
                                Operator.LESS_THAN,
                                172_800,
                                1,
                                Outcome.DENY));
    }

    @Test
    void failsClosedByDefault() {
        Policy policy = read("""
                name: p
                version: "1"
                gates: ["*"]
                rules:
                  - {id: r, mode: enforce, metric: deployment_frequency, window: 7d, operator: ">", threshold: 0}
                """);

        assertThat(policy.staleOutcome()).isEqualTo(Outcome.DENY);
        assertThat(policy.staleAfter()).isEqualTo(Duration.ofSeconds(60));
        assertThat(policy.rules())
                .singleElement()
                .isInstanceOfSatisfying(
                        ThresholdRule.class,
                        rule -> assertThat(rule.whenMissing()).isEqualTo(Outcome.DENY));
    }

    @Test
    void theDigestIsOfTheMeaning() {
        String digest = read(VALID).digest();

        assertThat(digest).matches("sha256:[0-9a-f]{64}");
        assertThat(read("# a comment\n" + VALID.replace("[production]", "[ 'production' ]"))
                        .digest())
                .isEqualTo(digest);
        assertThat(read(VALID.replace("0.9", "0.91")).digest()).isNotEqualTo(digest);
        assertThat(read(VALID.replace("environments: [production, production-eu]\n", ""))
                        .digest())
                .isNotEqualTo(digest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode: enforce | mode: block | p.yaml:10:11: mode must be enforce, warn or observe, is block",
                "window: 30d | window: 31d | p.yaml:12:13: window must be 7d, 30d or 90d, is 31d",
                "operator: \">=\" | operator: \"==\" | p.yaml:13:15: operator must be one of >=, >, <=, <, is ==",
                "threshold: 0.9 | threshold: .nan | p.yaml:14:16: threshold must be a number, is .nan",
                "threshold: 2d | threshold: 2 | p.yaml:22:16: threshold must be a duration such as 60s, 15m, 2h or 30d, is 2",
                "when_missing: allow | when_missing: pass | p.yaml:16:19: when_missing must be deny, pending or allow, is pass",
                "stale_after: 30s | stale_after: 0s | p.yaml:6:14: stale_after must be a duration such as 60s, 15m, 2h or 30d, is 0s",
                "minimum_n: 10 | minimum_n: -1 | p.yaml:15:16: minimum_n must be a whole number, is -1",
                "id: lead-time | id: success | p.yaml:17:9: two rules are called success"
            })
    void saysWhereAValueIsWrong(String right, String wrong, String problem) {
        assertThat(VALID).contains(right);

        assertThat(problemsOf(VALID.replace(right, wrong))).contains(problem);
    }

    @Test
    void refusesAnUnknownMetric() {
        assertThat(problemsOf(VALID.replace("change_lead_time_p90", "mttr")))
                .singleElement()
                .asString()
                .startsWith("p.yaml:19:13: metric must be one of deployment_frequency,")
                .endsWith("is mttr");
    }

    @Test
    void refusesUnknownRepeatedAndMissingFields_allAtOnce() {
        List<String> problems = problemsOf("""
                name: p
                name: q
                gates: []
                rule: []
                rules:
                  - id: r
                    mod: enforce
                """);

        assertThat(problems)
                .contains(
                        "p.yaml:2:1: field name is written twice",
                        "p.yaml:1:1: field version is missing",
                        "p.yaml:3:8: gates must name at least one gate, or \"*\" for each",
                        "p.yaml:6:5: field metric is missing")
                .anyMatch(problem ->
                        problem.startsWith("p.yaml:4:1: unknown field rule; known are environment_defaults, name"))
                .anyMatch(problem -> problem.startsWith("p.yaml:7:5: unknown field mod; known are id, mode"));
    }

    private static final String CONDITION = """
            name: p
            version: "1"
            gates: ["*"]
            rules:
              - id: replaces
                mode: enforce
                cel: artifact.version != current.version
                message: it runs already
              - id: of-main
                mode: warn
                cel: |
                  has(artifact.commit)
                    && artifact.commit != ''
            """;

    @Test
    void readsConditions() {
        Policy policy = read(CONDITION);

        assertThat(policy.rules()).hasSize(2);
        assertThat(policy.rules().get(0)).isInstanceOfSatisfying(ConditionRule.class, rule -> {
            assertThat(rule.id()).isEqualTo("replaces");
            assertThat(rule.mode()).isEqualTo(Mode.ENFORCE);
            assertThat(rule.expression()).isEqualTo("artifact.version != current.version");
            assertThat(rule.message()).isEqualTo("it runs already");
        });
        assertThat(policy.rules().get(1)).isInstanceOfSatisfying(ConditionRule.class, rule -> {
            assertThat(rule.expression()).isEqualTo("has(artifact.commit)\n  && artifact.commit != ''\n");
            assertThat(rule.message()).isNull();
        });
    }

    @Test
    void theDigestIsOfTheConditionToo() {
        String digest = read(CONDITION).digest();

        assertThat(read(CONDITION).digest()).isEqualTo(digest);
        assertThat(read(CONDITION.replace("!=", "==")).digest()).isNotEqualTo(digest);
        assertThat(read(CONDITION.replace("it runs", "it is")).digest()).isNotEqualTo(digest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "artifact.version != | artifact.versoin != | p.yaml:7:10: cel 1:9: undefined field 'versoin'",
                "artifact.commit != '' | artifact.commit > 1 | p.yaml:11:10: cel 2:22: found no matching overload",
                "message: it | metric: it | p.yaml:8:5: unknown field metric; known are id, mode, cel, message",
                "message: it runs already | threshold: 1 | p.yaml:8:5: unknown field threshold",
                "cel: artifact.version != current.version | cel: '' | p.yaml:7:10: cel must be a text",
                "cel: artifact.version != current.version | cel: [a] | p.yaml:7:10: cel must be a text",
                "message: it runs already | message: '' | p.yaml:8:14: message must be a text of at most 500 characters"
            })
    void saysWhereAConditionIsWrong(String right, String wrong, String problem) {
        assertThat(CONDITION).contains(right);

        assertThat(problemsOf(CONDITION.replace(right, wrong))).anyMatch(found -> found.startsWith(problem), problem);
    }

    @Test
    void refusesMoreConditionsThanADecisionHasTimeFor() {
        String rules = IntStream.rangeClosed(1, 21)
                .mapToObj(i -> "  - {id: r" + i + ", mode: enforce, cel: 'true'}\n")
                .collect(Collectors.joining());

        assertThat(problemsOf(CONDITION.substring(0, CONDITION.indexOf("  - id")) + rules))
                .containsExactly("p.yaml:5:3: a policy may have at most 20 rules in CEL");
    }

    @Test
    void refusesAPolicyWithoutAnEnforcedRule() {
        assertThat(problemsOf(VALID.replace("mode: enforce", "mode: warn")))
                .containsExactly("p.yaml:9:3: no usable rule is enforced: the policy alone would close its gates");
    }

    private static final String SCORED = VALID.replace("rules:", "score: {pass: 80}\npending_for: 2m\nrules:")
            .replace("    when_missing: allow", "    severity: critical\n    weight: 3\n    pending_for: 1m");

    @Test
    void readsScoreSeverityWeightAndDeadlines() {
        Policy policy = read(SCORED);

        assertThat(policy.passScore()).isEqualTo(80);
        assertThat(policy.pendingFor()).isEqualTo(Duration.ofMinutes(2));
        assertThat(policy.rules().get(0).terms()).isEqualTo(new RuleTerms(Severity.CRITICAL, 3, Duration.ofMinutes(1)));
        assertThat(policy.rules().get(1).terms()).isEqualTo(RuleTerms.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pass: 80 | pass: 81",
                "pending_for: 2m | pending_for: 3m",
                "severity: critical | severity: low",
                "weight: 3 | weight: 2",
                "pending_for: 1m | pending_for: 4m"
            })
    void theDigestIsOfWhatIsSaidBesideToo(String before, String after) {
        assertThat(SCORED).contains(before);

        assertThat(read(SCORED.replace(before, after)).digest())
                .isNotEqualTo(read(SCORED).digest());
    }

    @Test
    void whatIsNotSaidLeavesTheDigestAsItWas() {
        String said = VALID.replace(
                "    when_missing: allow", "    when_missing: allow\n    severity: medium\n    weight: 1");

        assertThat(read(said).digest()).isEqualTo(read(VALID).digest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pass: 80 | pass: 0 | p.yaml:8:15: pass must be a number above 0 and at most 100, is 0",
                "{pass: 80} | {warn: 80} | p.yaml:8:8: field pass is missing",
                "pending_for: 2m | pending_for: 6m | p.yaml:9:14: pending_for must not be longer than expires_after",
                "weight: 3 | weight: -1 | p.yaml:19:13: weight must be a number above 0 and at most 1000, is -1",
                "severity: critical | severity: bad | p.yaml:18:15: severity must be critical, high, medium, low or info, is bad"
            })
    void saysWhereWhatIsSaidBesideIsWrong(String right, String wrong, String problem) {
        assertThat(SCORED).contains(right);

        assertThat(problemsOf(SCORED.replace(right, wrong))).contains(problem);
    }

    private static final String BY_ENVIRONMENT = """
            name: payments
            version: "3"
            gates: [deploy]
            stale_after: 30s
            environment_defaults:
              staging: {mode: warn, when_missing: pending, minimum_n: 2, stale_after: 5m, expires_after: 1h, severity: low}
              production: {when_missing: deny}
            rules:
              - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=", threshold: 0.9}
              - {id: frequent, metric: deployment_frequency, window: 7d, operator: ">", threshold: 1, minimum_n: 9}
              - {id: tried, validation: {environment: test, kinds: [smoke]}}
            """;

    @Test
    void whatIsNotSaidIsAsItIsUsualInTheEnvironment() {
        Policy policy = read(BY_ENVIRONMENT);
        Policy staging = policy.in("staging");

        assertThat(staging.expiry()).isEqualTo(Duration.ofHours(1));
        assertThat(staging.staleAfter()).as("what is said holds everywhere").isEqualTo(Duration.ofSeconds(30));
        var low = new RuleTerms(Severity.LOW, 1, null);
        assertThat(staging.rules())
                .containsExactly(
                        new ThresholdRule(
                                "success",
                                Mode.ENFORCE,
                                "deployment_success_rate",
                                30,
                                Operator.AT_LEAST,
                                0.9,
                                2,
                                Outcome.PENDING,
                                low),
                        new ThresholdRule(
                                "frequent",
                                Mode.WARN,
                                "deployment_frequency",
                                7,
                                Operator.MORE_THAN,
                                1,
                                9,
                                Outcome.PENDING,
                                low),
                        new EvidenceRule(
                                "tried",
                                Mode.WARN,
                                new ValidationRequirement(
                                        "test", Set.of("smoke"), null, Duration.ofDays(7), Set.of(), Outcome.PENDING),
                                low));
        assertThat(policy.in("production").rules()).isEqualTo(policy.rules());
        assertThat(policy.in("elsewhere")).isSameAs(policy);
        assertThat(policy.rules())
                .element(1)
                .isEqualTo(read(BY_ENVIRONMENT.replace("id: frequent,", "id: frequent, mode: enforce,"))
                        .rules()
                        .get(1));
    }

    @Test
    void theDigestIsOfWhatHoldsInEachEnvironment() {
        Policy policy = read(BY_ENVIRONMENT);

        assertThat(policy.in("staging").digest()).isEqualTo(policy.digest());
        assertThat(read(BY_ENVIRONMENT.replace("minimum_n: 2", "minimum_n: 3")).digest())
                .isNotEqualTo(policy.digest());
        assertThat(read(BY_ENVIRONMENT.replace("  production: {when_missing: deny}\n", ""))
                        .digest())
                .as("a default that is what holds anyway")
                .isEqualTo(policy.digest());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode: warn | mod: warn | p.yaml:6:13: unknown field mod; known are expires_after, stale_after, stale_outcome, pending_for, mode, severity, minimum_n, when_missing",
                "mode: warn | mode: block | p.yaml:6:19: mode must be enforce, warn or observe, is block",
                "gates: [deploy] | 'gates: [deploy]\nenvironments: [production]' | p.yaml:7:3: the policy does not speak of environment staging",
                "id: success, mode: enforce | id: success | p.yaml:6:3: no usable rule is enforced: the policy alone would close its gates",
                "{when_missing: deny} | deny | p.yaml:7:15: production must be a mapping of names to texts"
            })
    void saysWhatIsWrongWithDefaults(String right, String wrong, String problem) {
        assertThat(BY_ENVIRONMENT).contains(right);

        assertThat(problemsOf(BY_ENVIRONMENT.replace(right, wrong.translateEscapes())))
                .contains(problem);
    }

    @Test
    void theReferenceNamesEachField() throws IOException {
        String reference =
                Files.readString(Path.of(System.getProperty("sluice.root"), "docs", "reference", "policies.md"));
        String unknown = "x: 1\nscore: {x: 1}\nrules:\n  - {x: 1}\n  - {cel: 'true', x: 1}\n";
        Set<String> known = problemsOf(unknown).stream()
                .filter(problem -> problem.contains("unknown field x; known are "))
                .flatMap(problem -> Stream.of(problem.substring(problem.indexOf("known are ") + "known are ".length())
                        .split(", ")))
                .collect(Collectors.toSet());

        assertThat(known).hasSizeGreaterThan(20);
        assertThat(Pattern.compile("^\\| `([a-z_]+)` \\|", Pattern.MULTILINE)
                        .matcher(reference)
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toSet()))
                .isEqualTo(known);
    }

    @Test
    void refusesWhatIsNoYaml() {
        assertThat(problemsOf("name: [")).singleElement().asString().startsWith("p.yaml:1:8: not YAML: ");
        assertThat(problemsOf("- a")).containsExactly("p.yaml: must be a mapping of fields");
        assertThat(problemsOf("a: ".repeat(1) + "[".repeat(100)))
                .singleElement()
                .asString()
                .contains("not YAML");
    }

    @Test
    void reportsTheProblemsOfAllFilesTogether() throws IOException {
        Files.writeString(directory.resolve("a.yaml"), VALID);
        Files.writeString(directory.resolve("b.yml"), VALID);
        Files.writeString(directory.resolve("c.yaml"), "name: c");
        Files.writeString(directory.resolve("notes.txt"), "nothing");
        var problems = new Problems();

        READER.readAll(directory, problems);

        assertThat(problems.all())
                .contains("b.yml: policy payments is also in a.yaml", "c.yaml:1:1: field version is missing")
                .noneMatch(problem -> problem.contains("notes"));
    }

    @Test
    void refusesADirectoryWithoutPolicies() {
        var problems = new Problems();

        READER.readAll(directory, problems);
        READER.readAll(directory.resolve("nosuch"), problems);

        assertThat(problems.all()).hasSize(2);
    }

    @Test
    void theShippedPoliciesGuardEachCheckpointOfARelease_andAllowNothingForWantOfData() {
        List<Policy> shipped =
                READER.shipped().stream().map(PolicyVersion::policy).toList();

        for (String gate :
                List.of("production", "staging", "pre-deployment-approval", "staging-validation", "rollback-drill")) {
            assertThat(shipped)
                    .filteredOn(policy -> policy.appliesTo(gate, "anywhere"))
                    .as(gate)
                    .hasSize(1);
        }
        assertThat(shipped).allSatisfy(policy -> {
            assertThat(policy.rules()).anyMatch(rule -> rule.mode() == Mode.ENFORCE);
            assertThat(policy.staleOutcome()).isNotEqualTo(Outcome.ALLOW);
            Decision unknown = new GateEvaluator()
                    .evaluate(
                            List.of(policy),
                            Waivers.NONE,
                            new EvaluationInput(
                                    policy.gates().iterator().next(),
                                    "nobody",
                                    "anywhere",
                                    EvaluationInput.Artifact.UNKNOWN,
                                    CelFixture.input().row(),
                                    null,
                                    Duration.ofSeconds(1),
                                    nothing()),
                            CelFixture.NOW);
            if (!policy.name().equals("default")) {
                assertThat(unknown.outcome()).as(policy.name()).isIn(Outcome.DENY, Outcome.PENDING);
            }
        });
    }

    /** It is known that there is no evidence. */
    private static Evidence nothing() {
        return new Evidence(
                Duration.ofSeconds(1),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of());
    }
}
