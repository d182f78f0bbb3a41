package dev.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CorrectionSchemaTest {
    private static final Path SCHEMAS = Path.of(System.getProperty("sluice.root"), "schemas", "corrections");
    private static final Path EXAMPLES = SCHEMAS.resolve("examples");
    private static final Path GUIDE = Path.of(System.getProperty("sluice.root"), "docs", "guides", "corrections.md");
    private static final CorrectionSchema SCHEMA = CorrectionSchema.load();

    @ParameterizedTest
    @MethodSource("validExamples")
    void acceptsValidExample(String name) throws IOException {
        assertThat(SCHEMA.validate(example("valid", name), "")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalidExamples")
    void pointsToWhatIsWrongInInvalidExample(String name) throws IOException {
        List<String> expected =
                Files.readAllLines(EXAMPLES.resolve("invalid").resolve(name.replace(".json", ".expected")), UTF_8);

        List<Violation> violations = SCHEMA.validate(example("invalid", name), "/data");

        assertThat(violations)
                .extracting(Violation::pointer)
                .containsExactlyElementsOf(
                        expected.stream().map(pointer -> "/data" + pointer).toList());
        assertThat(violations)
                .extracting(Violation::message)
                .allSatisfy(message -> assertThat(message).endsWith(".").doesNotContain("does not satisfy"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "without_reason | The field reason is required.",
                "with_unknown_field | The field principal is not known here.",
                "with_field_of_another_kind | The field remediates is not known here.",
                "deployment_failed_of_a_bare_id | The field deployment must be an id as Sluice shows it, <source>/<the source's own id>, of up to 1024 characters, but is \"600200\".",
                "deployment_failed_is_a_text | The field failed must be true or false, but is \"true\".",
                "service_moved_before_1970 | The field from must be a day from 1970-01-02 to 2148-12-31, e.g. 2026-03-01, but is \"1969-12-31\".",
                "of_unknown_kind | The field kind must be deployment_failed, deployment_remediates, deployment_deleted, incident_linked, incident_reattributed, incident_change_caused, incident_deleted, environment_classified, service_moved or assignment_deleted, but is \"deployment_undone\"."
            })
    void saysInOneSentenceWhatIsWrong(String name, String message) throws IOException {
        assertThat(SCHEMA.validate(example("invalid", name + ".json"), ""))
                .extracting(Violation::message)
                .containsExactly(message);
    }

    @ParameterizedTest
    @CsvSource({
        "0000-01-01, false",
        "1969-12-31, false",
        "1970-01-01, false",
        "1970-01-02, true",
        "1971-01-01, true",
        "1999-12-31, true",
        "2100-02-28, true",
        "2100-02-29, false",
        "2148-12-31, true",
        "2149-01-01, false",
        "2200-01-01, false",
        "9999-12-31, false"
    })
    void takesTheDaysThatColumnsHold(String day, boolean taken) throws IOException {
        ObjectNode moved = (ObjectNode) example("valid", "service_moved.json");

        assertThat(SCHEMA.validate(moved.put("from", day), "").isEmpty()).isEqualTo(taken);
    }

    /** The rule stands once for those who correct and once for those who send events. */
    @Test
    void takesTheSameDaysAsTheEventOfTheCatalogue() throws IOException {
        JsonNode event = Json.mapper()
                .readTree(SCHEMAS.resolveSibling("events")
                        .resolve("sluice-catalogue.assigned.schema.json")
                        .toFile());
        JsonNode correction =
                Json.mapper().readTree(SCHEMAS.resolve("correction.schema.json").toFile());

        assertThat(correction.at("/$defs/day/pattern").textValue())
                .isEqualTo(event.at("/$defs/content/properties/subject/properties/content/properties/from/pattern")
                        .textValue());
    }

    @Test
    void everyKindHasAValidExample_andARowInTheGuide() throws IOException {
        Set<String> kinds = new HashSet<>();
        for (String name : validExamples().toList()) {
            kinds.add(example("valid", name).path("kind").textValue());
        }
        Set<String> expected = new HashSet<>();
        Json.mapper()
                .readTree(SCHEMAS.resolve("correction.schema.json").toFile())
                .at("/properties/kind/enum")
                .forEach(kind -> expected.add(kind.textValue()));

        assertThat(expected).hasSize(10);
        assertThat(kinds).isEqualTo(expected);
        assertThat(Files.readAllLines(GUIDE).stream()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.split("`", -1)[1]))
                .containsAll(expected);
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
                    .map(file -> file.getFileName().toString())
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
