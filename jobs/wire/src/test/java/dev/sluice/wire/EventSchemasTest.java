package dev.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventSchemasTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("sluice.root"), "schemas", "events", "examples");
    private static final EventSchemas SCHEMAS = EventSchemas.load();

    @ParameterizedTest
    @MethodSource("validExamples")
    void acceptsValidExample(String name) throws IOException {
        assertThat(SCHEMAS.validate(example("valid", name))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("invalidExamples")
    void pointsToWhatIsWrongInInvalidExample(String name) throws IOException {
        Path expected = EXAMPLES.resolve("invalid").resolve(name.replace(".json", ".expected"));

        List<Violation> violations = SCHEMAS.validate(example("invalid", name));

        assertThat(violations)
                .extracting(Violation::pointer)
                .containsExactlyElementsOf(Files.readAllLines(expected, UTF_8));
        assertThat(violations)
                .extracting(Violation::message)
                .allSatisfy(message -> assertThat(message).endsWith(".").doesNotContain("does not satisfy"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cloudevent_without_id | The field id is required.",
                "cloudevent_of_version_0_2 | The field specversion must be 1.0 or 0.3, a version of CloudEvents, but is \"0.2\".",
                "cdevent_0_4_without_subject_type | The field type is required.",
                "cdevent_0_4_of_another_subject | The field type must be service, in lower or upper case, but is \"environment\".",
                "cdevent_of_version_0_5_in_the_old_field | The field version must be a version 0.1.x to 0.4.x of the CDEvents specification; from 0.5 on the field is specversion, but is \"0.5.1\".",
                "service_deployed_0_4_of_newer_type | dev.cdevents.service.deployed is understood in versions 0.1.x and 0.2.x of CDEvents before 0.5; this event says \"dev.cdevents.service.deployed.0.3.0\".",
                "service_deployed_of_unknown_version | dev.cdevents.service.deployed is understood in versions 0.3.x of CDEvents 0.5; this event says \"dev.cdevents.service.deployed.1.0.0\".",
                "deployment_version_is_a_number | The field version must be a text or null, but is 2.4.",
                "deployment_of_unknown_state | The field state must be queued, started, success, failure, cancelled, skipped, inactive, deleted or amended, but is \"done\".",
                "deployment_with_revision_of_a_correction | The field revision must be a whole number below 2^50, where those of POST /v1/corrections begin: 0 for what was said at first; a later word on the same has a higher one and wins, but is 1125899906842624.",
                "change_created_0_4_of_newer_type | dev.cdevents.change.created is understood in versions 0.1.x and 0.2.x and 0.3.x of CDEvents before 0.5; this event says \"dev.cdevents.change.created.0.4.0\".",
                "incident_detected_0_4_of_another_subject | The field type must be incident, in lower or upper case, but is \"service\".",
                "incident_deployments_is_a_text | The field deployments must be a list or null, but is \"checkout@2.4.1\".",
                "drift_without_interval | The field intervalSeconds must be seconds until the next check is due, 1 to 31622400 (366 days), but is 0.",
                "assignment_before_the_first_day | The field from must be the first day, from 1970-01-02 to 2148-12-31, e.g. 2026-03-01: of the service's zone where it is a service's, else of the usual one, but is \"1970-01-01\".",
                "document_is_a_list | The document must be an object, but is a list.",
                "cdevent_timestamp_is_no_day | The field timestamp must be a time as RFC 3339 writes it, with seconds and an offset, e.g. 2026-03-01T12:00:00Z, but is \"2026-02-30T12:00:00Z\"."
            })
    void saysInOneSentenceWhatIsWrong(String name, String message) throws IOException {
        assertThat(SCHEMAS.validate(example("invalid", name + ".json")))
                .extracting(Violation::message)
                .containsExactly(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-01T12:00:00Z",
                "2026-03-01t12:00:00z",
                "2026-03-01T12:00:00.123456789+05:30",
                "2028-02-29T23:59:59-11:00"
            })
    void timeAcceptedBySchema_isReadByCodec(String time) throws IOException {
        ObjectNode event = (ObjectNode) example("valid", "deployment_minimal.json");
        ((ObjectNode) event.at("/data/context")).put("timestamp", time);
        assertThat(SCHEMAS.validate(event)).isEmpty();

        event.put("time", time).put("sluicetenant", "default").put("sluicedelivery", "d-0-0");
        event.put("sluicereceivedat", time);

        assertThat(EventCodec.decode(Json.bytes(event)).header().occurredAt())
                .isEqualTo(OffsetDateTime.parse(time).toInstant());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-01T12:00Z",
                "2026-03-01 12:00:00Z",
                "2026-03-01T12:00:00",
                "2026-03-01T24:00:00Z",
                "2026-03-01T23:59:60Z",
                "2026-03-01T12:00:00+19:00",
                "2026-03-01T12:00:00.1234567891Z",
                "2027-02-29T12:00:00Z",
                "+12026-03-01T12:00:00Z",
                ""
            })
    void refusesWhatIsNoTime(String time) throws IOException {
        ObjectNode event = (ObjectNode) example("valid", "deployment_minimal.json");
        ((ObjectNode) event.at("/data/context")).put("timestamp", time);

        assertThat(SCHEMAS.validate(event)).extracting(Violation::pointer).containsExactly("/data/context/timestamp");
    }

    @ParameterizedTest
    @CsvSource({
        "dev.cdevents.service.deployed",
        "dev.cdevents.service.deployed.",
        "dev.cdevents.service",
        "dev.cdevents.",
        "dev.cdeventsx.sluice-commit.recorded"
    })
    void refusesEveryTypeWithoutAVersion(String type) throws IOException {
        for (String name : List.of("service_deployed_by_digest.json", "service_deployed_of_version_0_4.json")) {
            ObjectNode event = (ObjectNode) example("valid", name);
            event.put("type", type);
            ((ObjectNode) event.at("/data/context")).put("type", type);

            assertThat(SCHEMAS.validate(event))
                    .as(name)
                    .extracting(Violation::pointer)
                    .containsExactly("/data/context/type");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"service", "Service", "SERVICE"})
    void kindOfSubject_isTakenInAnyCase(String kind) throws IOException {
        ObjectNode event = (ObjectNode) example("valid", "service_deployed_of_version_0_4.json");
        ((ObjectNode) event.at("/data/subject")).put("type", kind);

        assertThat(SCHEMAS.validate(event)).isEmpty();
    }

    @Test
    void messagesDoNotDependOnTheLocale() throws IOException {
        JsonNode event = example("invalid", "deployment_without_service_and_state.json");
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(EventSchemas.load().validate(event)).isEqualTo(SCHEMAS.validate(event));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void longAndBrokenTextsAreQuotedSoThatTheMessageCanBeWritten() throws IOException {
        ObjectNode event = (ObjectNode) example("valid", "deployment_minimal.json");
        ((ObjectNode) event.at("/data/subject/content")).put("state", "x".repeat(79) + "\uD83D\uDE00\uD83D");

        List<Violation> violations = SCHEMAS.validate(event);

        assertThat(violations).hasSize(1);
        String message = violations.get(0).message();
        assertThat(new String(message.getBytes(UTF_8), UTF_8)).isEqualTo(message);
        assertThat(message).contains("…").hasSizeLessThan(300);
    }

    @Test
    void everyExampleIsATestCase() throws IOException {
        try (Stream<String> valid = validExamples();
                Stream<String> invalid = invalidExamples()) {
            assertThat(valid.count()).isGreaterThanOrEqualTo(49);
            assertThat(invalid.count()).isGreaterThanOrEqualTo(97);
        }
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
