package dev.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CanarySchemasTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("sluice.root"), "schemas", "canary");
    private static final CanarySchemas SCHEMAS = CanarySchemas.load();

    @ParameterizedTest
    @MethodSource("validExamples")
    void acceptsValidExample(String name) throws IOException {
        assertThat(check(name)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalidExamples")
    void pointsToWhatIsWrongInInvalidExample(String name) throws IOException {
        List<String> expected = Files.readAllLines(EXAMPLES.resolve(name.replace(".json", ".expected")), UTF_8);

        List<Violation> violations = check(name);

        assertThat(violations).extracting(Violation::pointer).containsExactlyElementsOf(expected);
        assertThat(violations)
                .extracting(Violation::message)
                .allSatisfy(message -> assertThat(message).endsWith(".").doesNotContain("does not satisfy"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "runs/invalid/with_unknown_field | The field stages is not known here.",
                "runs/invalid/config_without_metrics | The field metrics is required.",
                "runs/invalid/id_begins_with_a_dash | The field id must be up to 63 small letters, digits and dashes, the first of them no dash, but is \"-checkout\".",
                "runs/invalid/started_today | The field started_at must be a time such as 2026-03-01T12:00:00Z (RFC 3339), but is \"2026-03-01\".",
                "samples/invalid/sample_of_two_kinds | The field 0 must be a point with exactly one of value, values, count with exposure, or le; and cumulative with the latter two only, but is an object.",
                "samples/invalid/of_an_arm_that_is_none | The field arm must be baseline or canary, but is \"control\".",
                "samples/invalid/le_without_total | The field +Inf is required.",
                "samples/invalid/le_with_half_a_request | The field 0.1 must be a whole number, but is 0.5."
            })
    void saysInOneSentenceWhatIsWrong(String name, String message) throws IOException {
        assertThat(check(name + ".json")).extracting(Violation::message).containsExactly(message);
    }

    static Stream<String> validExamples() throws IOException {
        return Stream.concat(names("runs/valid"), names("samples/valid"));
    }

    static Stream<String> invalidExamples() throws IOException {
        return Stream.concat(names("runs/invalid"), names("samples/invalid"));
    }

    private static Stream<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(folder))) {
            return files
                    .map(file -> folder + "/" + file.getFileName())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static List<Violation> check(String name) throws IOException {
        JsonNode example = Json.mapper().readTree(EXAMPLES.resolve(name).toFile());
        return name.startsWith("runs/") ? SCHEMAS.run(example) : SCHEMAS.samples(example);
    }
}
