package dev.sluice.gateapi.cel;

import static dev.sluice.gateapi.cel.CelFixture.NOW;
import static dev.sluice.gateapi.cel.CelFixture.input;
import static dev.sluice.gateapi.cel.CelFixture.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.Condition;
import dev.sluice.gate.ConditionResult;
import dev.sluice.gate.ConditionResult.Reading;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.EvaluationInput.Artifact;
import dev.sluice.gate.ReasonCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelConditionsTest {
    private static final String RATE = "metrics[\"30d\"].deployment_success_rate.value";
    private static final String LEAD_TIME_OF_A_WEEK = "metrics[\"7d\"].change_lead_time_median.value";
    private static final CelConditions CONDITIONS = CelFixture.patient();

    @AfterAll
    static void stop() {
        CONDITIONS.close();
    }

    private static ConditionResult judge(String expression, EvaluationInput input) {
        return judge(CONDITIONS, expression, input);
    }

    private static ConditionResult judge(CelConditions conditions, String expression, EvaluationInput input) {
        var problems = new ArrayList<String>();
        Optional<Condition> condition = conditions.compile(expression, problems::add);
        assertThat(problems).as(expression).isEmpty();
        return condition.orElseThrow().judge(input, NOW);
    }

    private static List<String> problemsOf(String expression) {
        var problems = new ArrayList<String>();
        assertThat(CONDITIONS.compile(expression, problems::add)).isEmpty();
        return problems;
    }

    private static EvaluationInput successRate(@Nullable Double value) {
        return input(value, new Artifact("2.0", null, null), running("1.9"), Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "service == 'checkout' && environment == 'production' && gate == 'production'",
                "artifact.version == '2.0' && artifact.digest.startsWith('sha256:') && artifact.commit == 'abc'",
                "metrics['30d'].deployment_success_rate.value >= 0.9",
                "metrics['30d'].deployment_success_rate.n >= 20",
                "metrics['30d'].change_lead_time_p90.value <= 50.0 * 3600.0",
                "metrics['90d'].deployment_frequency.value == 0.4 && metrics['90d'].deployment_frequency_count.value == 12.0",
                "metrics['30d'].deployment_success_rate.value >= metrics['90d'].deployment_success_rate.value",
                "metrics.all(w, metrics[w].deployment_success_rate.value > 0.9)",
                "metrics['30d'].deployment_success_rate == metrics['30d'].deployment_success_rate",
                "current.version == '1.9' && current.sha == '0a1b2c'",
                "now - current.since >= duration('48h') && now - current.since < duration('48h1s')",
                "metrics['30d'].change_fail_rate.value == 0.125 && metrics['30d'].change_fail_rate.n == 16",
                "metrics['30d'].failed_deployment_recovery_time_median.value == 2700.0",
                "!has(metrics['30d'].pull_request_lead_time_median.value)",
                "metrics['30d'].configuration_drift.n == 0 && !has(metrics['30d'].configuration_drift.value)",
                "current.open_failures == 0 && current.open_incidents == 0 && !has(current.drifted)",
                "!has(current.oldest_open_failure_at) && !has(current.last_drift_check_at)",
                "now == timestamp('2026-03-01T12:00:00Z') && now.getHours('Europe/Berlin') == 13",
                "freshness_seconds == 3.0",
                "freshness_seconds < 4",
                "metrics['30d'].deployment_success_rate.n > 19.5",
                "!has(metrics['7d'].change_lead_time_median.value)",
                "metrics['7d'].change_lead_time_median.?value.orValue(0.0) < 60.0",
                "metrics[?'30d'].hasValue()",
                "artifact.version.matches('^[0-9]+[.][0-9]+$')",
                "artifact.version in ['2.0', '2.1'] && !(service in ['legacy'])"
            })
    void readsWhatIsKnown(String expression) {
        assertThat(judge(expression, input())).extracting(ConditionResult::code).isEqualTo(ReasonCode.PASSED);
        assertThat(judge("!(" + expression + ")", input()))
                .extracting(ConditionResult::code)
                .isEqualTo(ReasonCode.CONDITION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "current.open_failures == 2 && current.open_incidents == 1",
                "now - current.oldest_open_failure_at == duration('1h')",
                "current.drifted && now - current.last_drift_check_at == duration('30m')"
            })
    void readsWhatIsWrongWithWhatRuns(String expression) {
        EvaluationInput troubled = input(0.95, Artifact.UNKNOWN, running("1.9", 2, 1, true), Duration.ZERO);

        assertThat(judge(expression, troubled))
                .extracting(ConditionResult::code)
                .isEqualTo(ReasonCode.PASSED);
    }

    @Test
    void tellsWhatItHasRead_inOrder_andNothingElse() {
        ConditionResult result = judge(
                RATE + " >= 0.9 && has(artifact.digest) && (current.version == '1.9' || service == 'x')",
                successRate(0.95));

        assertThat(result.code()).isEqualTo(ReasonCode.CONDITION);
        assertThat(result.read()).containsExactly(new Reading(RATE, "0.95"), new Reading("artifact.digest", null));
    }

    @Test
    void keepsFewAndShortReadings() {
        var artifact = new Artifact("v".repeat(300), null, null);
        var small = new CelLimits(4_096, 32, 2_000, 32, 2, 10_000, 1_000, Duration.ofSeconds(20), 1, 1, 2, 10);
        try (var conditions = new CelConditions(small)) {
            ConditionResult result = judge(
                    conditions,
                    "artifact.version != service && environment == gate",
                    input(0.95, artifact, null, Duration.ZERO));

            assertThat(result.read())
                    .containsExactly(
                            new Reading("artifact.version", "vvvvvvvvvv…"),
                            new Reading("service", "checkout"),
                            new Reading("…", "more was read"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metrics['7d'].change_lead_time_median.value < 60.0 | metrics[\"7d\"].change_lead_time_median.value is not known",
                "artifact.digest != '' | artifact.digest is not known",
                "freshness_seconds < 60.0 | freshness_seconds is not known",
                "now - current.since > duration('1h') | current.since is not known",
                "current.open_failures == 0 | current.open_failures is not known",
                "current.open_incidents == 0 | current.open_incidents is not known",
                "!current.drifted | current.drifted is not known",
                "metrics['3' + '1d'].deployment_frequency.n > 0 | there is no 31d (at character 8)"
            })
    void neverAllowsWhatReadsSomethingThatIsNotKnown(String expression, String reason) {
        EvaluationInput unknown = input(0.95, Artifact.UNKNOWN, null, null);

        for (String asked : List.of(
                expression,
                "!(" + expression + ")",
                "(" + expression + ") || true",
                "true || (" + expression + ") ? (" + expression + ") || gate != '' : true",
                "!((" + expression + ") && false)",
                "[1, 2].exists(i, i == 2 || (" + expression + "))",
                "!['a', 'b'].all(i, i == 'a' && (" + expression + "))")) {
            ConditionResult result = judge(asked, unknown);

            assertThat(result.code()).as(asked).isIn(ReasonCode.MISSING_INPUT, ReasonCode.RULE_ERROR);
        }
        ConditionResult result = judge(expression, unknown);
        assertThat(result.code()).isEqualTo(ReasonCode.MISSING_INPUT);
        assertThat(result.failure()).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metrics['7d'].change_lead_time_median.value < 60.0 || true",
                "!(metrics['7d'].change_lead_time_median.value < 60.0 && false)",
                "[1, 2].exists(i, metrics['7d'].change_lead_time_median.value < 1.0 || i == 2)",
                "[1, 2].exists(i, i == 1 ? metrics['7d'].change_lead_time_median.value < 1.0 : true)",
                "![1, 2].all(i, i == 1 ? metrics['7d'].change_lead_time_median.value < 1.0 : false)"
            })
    void neverAllowsWhatCelWouldForgive(String expression) {
        ConditionResult result = judge(expression, input());

        assertThat(result.code()).as(expression).isEqualTo(ReasonCode.MISSING_INPUT);
        assertThat(result.failure()).isEqualTo(LEAD_TIME_OF_A_WEEK + " is not known");
        assertThat(result.read()).containsExactly(new Reading(LEAD_TIME_OF_A_WEEK, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 / 0 > 1 || true",
                "!(1 / 0 > 1 && false)",
                "[1, 0].exists(i, 1 / (i - 1) > 0 || i == 0)",
                "[0, 1].exists(i, 1 / i > 0)",
                "![0, 5].all(i, 10 / i > 3)",
                "true && (1 / 0 > 1 || true)",
                "[1][size(service)] > 0 || true"
            })
    void neverAllowsAnErrorThatCelWouldForgive(String expression) {
        ConditionResult result = judge(expression, input());

        assertThat(result.code()).as(expression).isEqualTo(ReasonCode.RULE_ERROR);
        assertThat(result.failure()).contains("a part of it failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true || 1 / 0 > 1",
                "!(false && 1 / 0 > 1)",
                "has(artifact.digest) && artifact.digest == 'x' || service == 'checkout'",
                "[1, 0].exists(i, i == 1 || 1 / i > 0)"
            })
    void allowsWhatIsNeverEvaluatedToFail(String expression) {
        assertThat(judge(expression, successRate(0.95)))
                .extracting(ConditionResult::code)
                .isEqualTo(ReasonCode.PASSED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 / (size(service) - 8) > 0 | / by zero (at character 3)",
                "now.getHours(service) > 0 | checkout",
                "int(artifact.version) > 0 | 2.0",
                "9223372036854775807 + size(service) > 0 | overflow",
                "dyn(1.5) | its result is a Double, not true or false",
                "dyn(null) | not true or false",
                "dyn('true') | its result is a String, not true or false"
            })
    void neverAllowsWhatFails_andSaysWhy(String expression, String reason) {
        ConditionResult result = judge(expression, input());

        assertThat(result.code()).as(result.toString()).isEqualTo(ReasonCode.RULE_ERROR);
        assertThat(result.failure()).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void neverAllowsAValueThatIsNoNumber(double value) {
        for (String expression : List.of("!(" + RATE + " < 0.9)", RATE + " > 0.9 || true", "true")) {
            ConditionResult result = judge(expression, successRate(value));

            assertThat(result.code()).as(expression).isEqualTo(ReasonCode.NOT_A_NUMBER);
            assertThat(result.failure()).startsWith("metrics[\"7d\"].deployment_success_rate is not a finite number");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metrix['30d'].deployment_frequency.n > 0 | cel 1:1: undeclared reference to 'metrix'",
                "metrics['30d'].mttr.value < 1.0 | cel 1:15: undefined field 'mttr'",
                "artifact.sha == '' | cel 1:9: undefined field 'sha'",
                "artifact.version > 2 | cel 1:18: found no matching overload for '_>_'",
                "metrics['30d'].deployment_frequency.n | cel 1:36: expected type 'bool' but found 'int'",
                "service = 'x' | cel 1:9: token recognition error",
                "metrics['31d'].deployment_frequency.n > 0 | cel 1:9: there is no window 31d; there are 7d, 30d, 90d",
                "now - current.since > duration('2d') | cel 1:32: duration validation failed",
                "now > timestamp('yesterday') | cel 1:17: timestamp validation failed",
                "now.getHours('Europe/Berln') > 8 | cel 1:14: there is no time zone Europe/Berln",
                "service.matches('[a') | cel 1:17: not a regular expression: missing closing ]",
                "service.matches('(a{100}){100}') | cel 1:17: ",
                "[1, 'a'].exists(x, x == 1) | expected type 'int' but found 'string'",
                "service.reverse() == 'x' | undeclared reference to 'reverse'",
                "sluice.Artifact{version: 'x'}.version == 'x' | an expression cannot make a sluice.Artifact"
            })
    void findsWhatIsWrong_whenItIsCompiled(String expression, String problem) {
        assertThat(problemsOf(expression)).anyMatch(found -> found.contains(problem), problem);
    }

    @Test
    void saysOnWhichLineAnExpressionIsWrong() {
        assertThat(problemsOf("service == 'x'\n  && servis == 'y'"))
                .singleElement()
                .asString()
                .startsWith("cel 2:6: undeclared reference to 'servis'");
    }

    @Test
    void suggestsHours_whereADurationIsWrittenInDays() {
        assertThat(problemsOf("now - current.since > duration('30d')"))
                .singleElement()
                .asString()
                .contains("CEL has no days: write hours, e.g. 720h");
    }

    private static String nested(int depth) {
        String expression = "true";
        for (int i = 0; i < depth; i++) {
            expression = "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15].all(x" + i + ", " + expression + ")";
        }
        return expression;
    }

    @Test
    void refusesMacrosThatAreNestedTooDeep_whenCompiled() {
        assertThat(problemsOf(nested(7))).containsExactly("cel 1:134: more than 2 macros such as all() are nested");
        assertThat(judge(nested(2), input()).code()).isEqualTo(ReasonCode.PASSED);
    }

    @Test
    void endsABombOfNestedMacrosByItsIterations() {
        CelLimits free = CelFixture.withoutLimitsOnLoops(CelFixture.PATIENT);
        var limits = new CelLimits(
                free.expressionSize(),
                free.parseDepth(),
                free.nodes(),
                free.depth(),
                free.nesting(),
                CelLimits.DEFAULT.iterations(),
                free.regexSize(),
                free.deadline(),
                1,
                1,
                32,
                200);
        try (var conditions = new CelConditions(limits)) {
            ConditionResult result = judge(conditions, nested(7), input());

            assertThat(result.code()).isEqualTo(ReasonCode.RULE_ERROR);
            assertThat(result.failure()).contains("10000");
        }
    }

    @Test
    void givesABombUpAtTheDeadline_andStopsIt() {
        CelLimits limits =
                CelFixture.withDeadline(CelFixture.withoutLimitsOnLoops(CelFixture.PATIENT), Duration.ofMillis(50));
        try (var conditions = new CelConditions(limits)) {
            // as many as there are threads: the next ones would starve if a bomb that was given up went on
            for (int i = 0; i < limits.threads() + 2; i++) {
                long start = System.nanoTime();
                ConditionResult result = judge(conditions, nested(7), input());

                assertThat(result.code()).isEqualTo(ReasonCode.RULE_ERROR);
                assertThat(result.failure()).isEqualTo("it took longer than 50 ms");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            }
            ConditionResult after = judge(conditions, "true", input());
            for (int i = 0; i < 100 && after.code() != ReasonCode.PASSED; i++) {
                after = judge(conditions, "true", input());
            }
            assertThat(after.code()).as(after.toString()).isEqualTo(ReasonCode.PASSED);
        }
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(problemsOf("service == '" + "x".repeat(4_096) + "'"))
                .singleElement()
                .asString()
                .contains("expression code point size exceeds limit: size: 4109, limit 4096");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parentheses", "negations", "conditionals", "sums", "lists", "fields", "indexes", "calls"})
    void refusesWhatIsTooDeep(String kind) {
        String expression = switch (kind) {
            case "parentheses" -> "(".repeat(500) + "true" + ")".repeat(500);
            case "negations" -> "!(".repeat(500) + "true" + ")".repeat(500);
            case "conditionals" -> "true ? true : ".repeat(250) + "true";
            case "sums" -> "1" + "+1".repeat(1_000) + " > 0";
            case "lists" -> "[".repeat(500) + "]".repeat(500) + " == []";
            case "fields" -> "dyn(artifact)" + ".a".repeat(1_000);
            case "indexes" -> "dyn([1])" + "[0]".repeat(1_000);
            case "calls" -> "dyn(".repeat(500) + "true" + ")".repeat(500);
            default -> throw new AssertionError(kind);
        };
        assertThat(expression).hasSizeLessThan(4_096);

        assertThat(problemsOf(expression)).isNotEmpty().allMatch(problem -> problem.length() < 1_000);
    }

    @Test
    void refusesARegularExpressionThatCostsTooMuch_alsoOneThatIsMadeUpLater() {
        assertThat(problemsOf("service.matches('a{999}b{999}')"))
                .singleElement()
                .asString()
                .startsWith("cel 1:17: the regular expression takes ")
                .endsWith("at most 1000 are accepted");

        ConditionResult result = judge("service.matches('a{999}' + 'b{999}')", input());

        assertThat(result.code()).isEqualTo(ReasonCode.RULE_ERROR);
        assertThat(result.failure()).contains("exceeds allowed program size");
    }

    @Test
    void matchesInLinearTime() {
        var artifact = new Artifact("a".repeat(300) + "!", null, null);

        assertThat(judge("artifact.version.matches('^(a+)+$')", input(0.9, artifact, null, Duration.ZERO))
                        .code())
                .isEqualTo(ReasonCode.CONDITION);
    }

    @Test
    void isWarmedUpWithAnExpressionThatHolds() {
        assertThat(judge(CelConditions.TYPICAL, CelConditions.ANYTHING).code()).isEqualTo(ReasonCode.PASSED);
    }

    @Test
    void failsOnceClosed() {
        var conditions = CelFixture.patient();
        Condition condition = conditions.compile("true", problem -> {}).orElseThrow();
        conditions.close();

        assertThat(condition.judge(input(), NOW).code()).isEqualTo(ReasonCode.RULE_ERROR);
    }

    @Test
    void isJudgedByManyThreadsAtOnce() throws Exception {
        Condition condition = CONDITIONS
                .compile(RATE + " > 0.9 || service == 'x'", problem -> {})
                .orElseThrow();
        var pool = Executors.newFixedThreadPool(4);
        try {
            var results = new ArrayList<Future<ConditionResult>>();
            for (int i = 0; i < 2_000; i++) {
                double rate = i % 2 == 0 ? 0.95 : 0.5;
                results.add(pool.submit(() -> condition.judge(successRate(rate), NOW)));
            }
            for (int i = 0; i < results.size(); i++) {
                ConditionResult result = results.get(i).get();
                assertThat(result.code()).isEqualTo(i % 2 == 0 ? ReasonCode.PASSED : ReasonCode.CONDITION);
                assertThat(result.read().get(0)).isEqualTo(new Reading(RATE, i % 2 == 0 ? "0.95" : "0.5"));
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
