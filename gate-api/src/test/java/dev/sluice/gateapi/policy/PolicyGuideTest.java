package dev.sluice.gateapi.policy;

import static dev.sluice.gateapi.cel.CelFixture.NOW;
import static dev.sluice.gateapi.cel.CelFixture.input;
import static dev.sluice.gateapi.cel.CelFixture.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.ConditionRule;
import dev.sluice.gate.Decision;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.EvaluationInput.Artifact;
import dev.sluice.gate.GateEvaluator;
import dev.sluice.gate.GateMetric;
import dev.sluice.gate.Outcome;
import dev.sluice.gate.Policy;
import dev.sluice.gate.ReasonCode;
import dev.sluice.gate.Waivers;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.cel.CelFixture;
import dev.sluice.gateapi.cel.CelLimits;
import dev.sluice.gateapi.config.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds docs/guides/policies.md to what is the case. */
class PolicyGuideTest {
    private static final Path GUIDE = Path.of(System.getProperty("sluice.root"), "docs", "guides", "policies.md");
    private static final Pattern YAML = Pattern.compile("^```yaml\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final String AROUND_RULES = "name: guide\nversion: \"1\"\ngates: [\"*\"]\nrules:\n";
    private static final Artifact ARTIFACT = new Artifact("2.0", "sha256:" + "a".repeat(64), "abc");
    private static final EvaluationInput GOOD = input(0.96, 0.96, ARTIFACT, running("1.9"));
    private static final EvaluationInput FIRST = input(0.96, 0.96, ARTIFACT, null);
    private static final Instant TUESDAY = Instant.parse("2026-03-03T10:00:00Z");
    private static final Instant FRIDAY_AT_TWO = Instant.parse("2026-03-06T13:00:00Z");
    private static final CelConditions CONDITIONS = CelFixture.patient();

    @AfterAll
    static void stop() {
        CONDITIONS.close();
    }

    private static String guide() throws IOException {
        return Files.readString(GUIDE);
    }

    /** The policies of all examples by their only, or first, rule; a block of rules alone is put into a policy. */
    private static Map<String, Policy> examples() throws IOException {
        var policies = new LinkedHashMap<String, Policy>();
        for (String block :
                YAML.matcher(guide()).results().map(match -> match.group(1)).toList()) {
            String content = block.startsWith("- id") ? AROUND_RULES + block.indent(2) : block;
            var problems = new Problems();
            var policy = new PolicyReader(CONDITIONS).read("policies.md", content, problems);
            assertThat(problems.all()).as(block).isEmpty();
            policies.put(policy.orElseThrow().rules().get(0).id(), policy.orElseThrow());
        }
        return policies;
    }

    private static Decision decide(String example, EvaluationInput input, Instant now) throws IOException {
        return new GateEvaluator().evaluate(List.of(examples().get(example)), Waivers.NONE, input, now);
    }

    static Stream<Arguments> scenarios() {
        Artifact anonymous = new Artifact("2.0", null, null);
        return Stream.of(
                Arguments.of("success-rate", GOOD, NOW, Outcome.ALLOW),
                Arguments.of("success-rate", input(0.5, 0.5, ARTIFACT, null), NOW, Outcome.DENY),
                Arguments.of("several-deployments", GOOD, NOW, Outcome.ALLOW),
                Arguments.of("several-deployments", input(0.5, 0.5, ARTIFACT, null), NOW, Outcome.DENY),
                Arguments.of("not-the-running-version", GOOD, NOW, Outcome.ALLOW),
                Arguments.of("not-the-running-version", FIRST, NOW, Outcome.ALLOW),
                Arguments.of("not-the-running-version", input(1, 1, ARTIFACT, running("2.0")), NOW, Outcome.DENY),
                Arguments.of("no-worse-than-usual", GOOD, NOW, Outcome.ALLOW),
                Arguments.of("no-worse-than-usual", input(0.85, 0.9, ARTIFACT, null), NOW, Outcome.ALLOW),
                Arguments.of("no-worse-than-usual", input(0.75, 0.9, ARTIFACT, null), NOW, Outcome.DENY),
                Arguments.of("working-hours", GOOD, TUESDAY, Outcome.ALLOW),
                Arguments.of("working-hours", GOOD, TUESDAY.plus(Duration.ofHours(8)), Outcome.DENY),
                Arguments.of("working-hours", GOOD, FRIDAY_AT_TWO, Outcome.DENY),
                Arguments.of("working-hours", GOOD, FRIDAY_AT_TWO.minus(Duration.ofHours(2)), Outcome.ALLOW),
                Arguments.of("working-hours", GOOD, NOW, Outcome.DENY),
                Arguments.of("settled", GOOD, NOW, Outcome.ALLOW),
                Arguments.of("settled", FIRST, NOW, Outcome.ALLOW),
                Arguments.of("settled", GOOD, NOW.minus(Duration.ofMinutes(48 * 60 - 59)), Outcome.DENY),
                Arguments.of("nothing-open", GOOD, NOW, Outcome.ALLOW),
                Arguments.of("nothing-open", FIRST, NOW, Outcome.DENY),
                Arguments.of("nothing-open", troubled(0, 0, false), NOW, Outcome.ALLOW),
                Arguments.of("nothing-open", troubled(1, 0, null), NOW, Outcome.DENY),
                Arguments.of("nothing-open", troubled(0, 1, null), NOW, Outcome.DENY),
                Arguments.of("nothing-open", troubled(0, 0, true), NOW, Outcome.DENY),
                Arguments.of("reliable", GOOD, NOW, Outcome.ALLOW),
                Arguments.of("reliable", input(0.5, 0.5, ARTIFACT, null), NOW, Outcome.DENY),
                Arguments.of("reliable", inStaging(input(0.5, 0.5, ARTIFACT, null)), NOW, Outcome.ALLOW),
                Arguments.of("reliable", inStaging(input(0.3, 0.3, ARTIFACT, null)), NOW, Outcome.DENY),
                Arguments.of("critical-services", GOOD, NOW, Outcome.ALLOW),
                Arguments.of("critical-services", input(0.96, 0.94, ARTIFACT, null), NOW, Outcome.DENY),
                Arguments.of("critical-services", input(0.96, 0.96, anonymous, null), NOW, Outcome.DENY));
    }

    private static EvaluationInput inStaging(EvaluationInput input) {
        return new EvaluationInput(
                input.gate(), input.service(), "staging", input.artifact(), input.row(), input.current(), input.age());
    }

    private static EvaluationInput troubled(int openFailures, int openIncidents, @Nullable Boolean drifted) {
        return input(0.96, 0.96, ARTIFACT, running("1.9", openFailures, openIncidents, drifted));
    }

    @ParameterizedTest(name = "{0} {3}")
    @MethodSource("scenarios")
    void eachExampleDoesWhatTheGuideSays(String example, EvaluationInput input, Instant now, Outcome expected)
            throws IOException {
        Decision decision = decide(example, input, now);

        assertThat(decision.outcome()).as(decision.reason()).isEqualTo(expected);
    }

    @Test
    void eachExampleHasScenariosThatAllowAndThatDeny() throws IOException {
        assertThat(examples()).hasSize(9);
        assertThat(examples().keySet())
                .allSatisfy(example -> assertThat(scenarios()
                                .filter(scenario -> scenario.get()[0].equals(example))
                                .map(scenario -> scenario.get()[3]))
                        .contains(Outcome.ALLOW, Outcome.DENY));
    }

    @Test
    void theWarningOfTheFirstExampleIsShown_andChangesNothing() throws IOException {
        Decision decision = decide("success-rate", input(0.95, 0.95, ARTIFACT, running("2.0")), NOW);

        assertThat(decision.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(decision.results().get(1).outcome()).isEqualTo(Outcome.DENY);
        assertThat(decision.results().get(1).reason())
                .isEqualTo("this version runs already; artifact.version is 2.0, current.version is 2.0");
    }

    @Test
    void anExampleThatUsesWhatIsNotKnownIsAnError_asTheGuideSays() throws IOException {
        Decision decision = decide("success-rate", input(0.95, 0.95, Artifact.UNKNOWN, running("1.9")), NOW);

        assertThat(decision.results().get(1).code()).isEqualTo(ReasonCode.MISSING_INPUT);
        assertThat(decision.results().get(1).reason())
                .isEqualTo("rule new-version could not be judged: artifact.version is not known");
    }

    @Test
    void namesEveryCodeAndMetric() throws IOException {
        String guide = guide();

        assertThat(Set.of(ReasonCode.values()))
                .allSatisfy(code -> assertThat(guide).contains("`" + code.wireName() + "`"));
        assertThat(Set.of(GateMetric.values()))
                .allSatisfy(metric -> assertThat(guide).contains("`" + metric.wireName() + "`"));
    }

    @Test
    void namesTheLimitsThatAreInForce() throws IOException {
        CelLimits limits = CelLimits.DEFAULT;
        String guide = guide().replaceAll("\\s+", " ");

        assertThat(guide)
                .contains("%,d characters; %d levels; %d nested macros; %,d steps"
                        .formatted(limits.expressionSize(), limits.depth(), limits.nesting(), limits.iterations()))
                .contains("%,d instructions of a regular expression (RE2); %d ms;"
                        .formatted(limits.regexSize(), limits.deadline().toMillis()))
                .contains("keeps %d values of %d characters".formatted(limits.readings(), limits.readingSize()));
    }

    @Test
    void thereAreSixConditionsToLearnFrom() throws IOException {
        assertThat(examples().values().stream()
                        .map(Policy::rules)
                        .filter(rules -> rules.size() == 1)
                        .map(rules -> rules.get(0)))
                .hasSize(6)
                .allMatch(ConditionRule.class::isInstance);
    }
}
