package dev.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.Direction;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.MetricConfig.Gauge;
import dev.sluice.canary.MetricConfig.Latency;
import dev.sluice.canary.MetricConfig.Ratio;
import dev.sluice.canary.MetricConfig.Scale;
import dev.sluice.canary.Standing;
import dev.sluice.canary.TrafficPlan;
import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.Exposure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CanaryConfigsTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("sluice.root"), "schemas", "canary", "examples");
    private static final CanaryConfigs CONFIGS = CanaryConfigs.load();
    private static final List<MetricConfig> METRICS = List.of(Ratio.of("errors"));

    @ParameterizedTest
    @MethodSource("validExamples")
    void acceptsValidExample(String name) throws IOException {
        assertThat(CONFIGS.read(example("valid", name), METRICS).violations()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalidExamples")
    void pointsToWhatIsWrongInInvalidExample(String name) throws IOException {
        List<String> expected =
                Files.readAllLines(EXAMPLES.resolve("invalid").resolve(name.replace(".json", ".expected")), UTF_8);

        CanaryConfigs.Result result = CONFIGS.read(example("invalid", name), METRICS);

        assertThat(result.config()).isNull();
        assertThat(result.violations()).extracting(Violation::pointer).containsExactlyElementsOf(expected);
        assertThat(result.violations())
                .extracting(Violation::message)
                .allSatisfy(message -> assertThat(message).endsWith(".").doesNotContain("does not satisfy"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "with_unknown_field | The field aplha is not known here.",
                "learn_sometimes | The field learn must be always, but is \"sometimes\".",
                "learn_without_series | Nothing can be learned between runs: no series are selected.",
                "bucket_without_a_unit | The field bucket must be a duration such as 500ms, 10s, 15m, 2h or 1d, but is \"10\".",
                "metric_of_unknown_kind | The field kind must be ratio, histogram or gauge, but is \"counter\".",
                "metric_with_unknown_field | The field margn is not known here.",
                "margin_below_tolerance | a: the margin (0.2 relative, 0.0 absolute) must be at least the tolerance (0.5 relative, 0.0 absolute) in both parts, and above it in one.",
                "two_metrics_of_one_name | two metrics are named a.",
                "share_in_percent | The field canary_share must be a share above 0 and below 1, but is 5.",
                "stages_beyond_the_horizon | the stages last 80 min together, and the horizon is 60 min.",
                "advisory_and_required | an advisory metric cannot be required."
            })
    void saysInOneSentenceWhatIsWrong(String name, String message) throws IOException {
        assertThat(CONFIGS.read(example("invalid", name + ".json"), METRICS).violations())
                .extracting(Violation::message)
                .containsExactly(message);
    }

    @Test
    void whatIsAbsentHasItsDefault() throws IOException {
        assertThat(CONFIGS.read(example("valid", "all_defaults.json"), METRICS).config())
                .isEqualTo(CanaryConfig.of(METRICS));
        CanaryConfig kinds = requireNonNull(
                CONFIGS.read(example("valid", "one_of_each_kind.json"), METRICS).config());
        assertThat(kinds.metrics()).containsExactly(Ratio.of("errors"), Latency.of("duration"), Gauge.of("cpu"));
    }

    @Test
    void everythingIsRead() throws IOException {
        assertThat(CONFIGS.read(example("valid", "everything.json"), METRICS).config())
                .isEqualTo(new CanaryConfig(
                        List.of(
                                new Ratio(
                                        "errors",
                                        Direction.INCREASE,
                                        new Allowance(0.2, 0.0002),
                                        new Allowance(1, 0.002),
                                        new Standing(4, true),
                                        Exposure.REQUESTS),
                                new Ratio(
                                        "restarts",
                                        Direction.INCREASE,
                                        new Allowance(0.2, 0),
                                        new Allowance(1, 1 / 86_400.0),
                                        new Standing(1, false),
                                        Exposure.TIME),
                                new Latency(
                                        "duration",
                                        new Allowance(0.1, 0),
                                        new Allowance(0.5, 0),
                                        new Standing(2, true),
                                        List.of(0.5, 0.99),
                                        List.of(0.99),
                                        new Allowance(0.2, 0),
                                        new Allowance(0.6, 0)),
                                new Gauge(
                                        "queue",
                                        Direction.EITHER,
                                        new Allowance(0, 5),
                                        new Allowance(0, 20),
                                        Standing.ADVISORY,
                                        Scale.LINEAR),
                                Gauge.of("memory")),
                        0.02,
                        0.1,
                        Duration.ofSeconds(30),
                        3,
                        Duration.ofMinutes(2),
                        1000,
                        10,
                        Duration.ofMinutes(5),
                        Duration.ofHours(2),
                        Duration.ofMinutes(10),
                        new TrafficPlan(
                                TrafficPlan.Unit.REQUEST,
                                List.of(
                                        new TrafficPlan.Stage(Duration.ofMinutes(30), 0.05),
                                        new TrafficPlan.Stage(Duration.ofHours(1), null)))));
    }

    @Test
    void theDataTimeoutFollowsTheBucket() throws IOException {
        JsonNode document = Json.mapper().readTree("{\"bucket\": \"1m\"}");
        assertThat(requireNonNull(CONFIGS.read(document, METRICS).config()).dataTimeout())
                .isEqualTo(Duration.ofMinutes(10));
    }

    /** What is judged by may change without anything being learned anew; what is taken, and in which buckets, may not. */
    @Test
    void whatIsLearnedIsWhatIsTaken() throws IOException {
        ObjectNode document = (ObjectNode) example("valid", "learns_between_runs.json");
        String learned = CanaryConfigs.learned(document);
        assertThat(CanaryConfigs.learns(document)).isTrue();
        assertThat(CanaryConfigs.learned(document.deepCopy().put("alpha", 0.05)))
                .isEqualTo(learned);
        assertThat(CanaryConfigs.learned(document.deepCopy().put("bucket", "30s")))
                .isNotEqualTo(learned);
        ObjectNode others = document.deepCopy();
        ((ObjectNode) others.at("/metrics/0/series")).put("value", "go_memstats_heap_bytes");
        assertThat(CanaryConfigs.learned(others)).isNotEqualTo(learned);
        assertThat(CanaryConfigs.learns(document.without("learn"))).isFalse();
    }

    static Stream<String> validExamples() throws IOException {
        return names("valid");
    }

    static Stream<String> invalidExamples() throws IOException {
        return names("invalid");
    }

    private static Stream<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(folder))) {
            return files
                    .map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static JsonNode example(String folder, String name) throws IOException {
        return Json.mapper().readTree(EXAMPLES.resolve(folder).resolve(name).toFile());
    }
}
