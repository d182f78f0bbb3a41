package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.deliveries;
import static dev.sluice.gateapi.GateApiFixture.header;
import static dev.sluice.gateapi.GateApiFixture.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.registry.Sources;
import dev.sluice.wire.CorrectionNote;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RawDelivery;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Corrections as people send them, what of them stands in the log, and what ingest will make of that. */
class CorrectionsIT {
    private static final String JSON = "application/json";
    private static final String DELETED =
            "{\"kind\":\"incident_deleted\",\"incident\":\"pager/INC-7\",\"reason\":\"%s\"}";
    private static final Path EXAMPLES =
            Path.of(System.getProperty("sluice.root"), "schemas", "corrections", "examples");

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static GateApi api;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        api = GateApi.start(GateApiConfig.of(broker.bootstrapServers()).withPort(0));
        awaitReady(api);
    }

    @AfterAll
    static void stop() {
        if (api != null) {
            api.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static Answer correct(String body) {
        return post(api, "/v1/corrections", JSON, body);
    }

    private static ConsumerRecord<String, byte[]> stored(Answer receipt) {
        assertThat(receipt.status()).as(receipt.text()).isEqualTo(202);
        String[] id = receipt.at("/deliveries/0/id").split("-", -1);
        return GateApiFixture.record(
                broker.bootstrapServers(), Topic.RAW, Integer.parseInt(id[1]), Long.parseLong(id[2]));
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

    private static String example(String folder, String name) throws IOException {
        return Files.readString(EXAMPLES.resolve(folder).resolve(name));
    }

    @Test
    void storesADelivery_ofTheCallersCredential() throws IOException {
        Instant before = Instant.now().minusMillis(1);

        Answer answer = correct(DELETED.formatted("An exercise"));

        ConsumerRecord<String, byte[]> record = stored(answer);
        JsonNode event = Json.mapper().readTree(record.value());
        String id = answer.at("/deliveries/0/event_id");
        assertThat(record.key()).isEqualTo(Keys.of("default", "corrections", id));
        assertThat(header(record, RecordHeaders.SOURCE)).isEqualTo("sluice");
        assertThat(header(record, RecordHeaders.CONNECTION)).isEqualTo("corrections");
        assertThat(header(record, RecordHeaders.PRINCIPAL)).isEqualTo("local");
        assertThat(header(record, RecordHeaders.EVENT)).isEqualTo("dev.sluice.correction.incident_deleted");
        assertThat(event.path("id").textValue()).isEqualTo(id);
        assertThat(event.path("type").textValue()).isEqualTo("dev.sluice.correction.incident_deleted");
        assertThat(Instant.parse(event.path("time").textValue())).isBetween(before, Instant.now());
        assertThat(event.path("data")).hasToString(DELETED.formatted("An exercise"));
    }

    @ParameterizedTest
    @MethodSource("validExamples")
    void whatIsTakenIsUnderstoodByIngest(String name) throws IOException {
        JsonNode correction = Json.mapper().readTree(example("valid", name));
        Answer answer = correct(example("valid", name));

        ConsumerRecord<String, byte[]> record = stored(answer);
        RawDelivery raw = RawDelivery.of(header -> header(record, header), record.value());
        Outcome outcome = Sources.of(Map.of())
                .adapt(Delivery.of(raw, answer.at("/deliveries/0/id"), Instant.ofEpochMilli(record.timestamp())));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Events.class, events -> {
            assertThat(events.note()).isNotNull();
            assertThat(events.note()).extracting(CorrectionNote::principal).isEqualTo("local");
            assertThat(events.note())
                    .extracting(CorrectionNote::reason)
                    .isEqualTo(correction.path("reason").textValue());
            assertThat(Json.read(EventCodec.encode(events.events().get(0), events.note()), JsonNode.class)
                            .at("/data/subject/id")
                            .textValue())
                    .isEqualTo(Stream.of("incident", "deployment", "subject", "service", "environment")
                            .filter(correction::has)
                            .findFirst()
                            .map(field -> correction.path(field).textValue())
                            .orElseThrow());
        });
    }

    @ParameterizedTest
    @MethodSource("invalidExamples")
    void refusesWhatIsNoCorrection_andPointsToWhy(String name) throws IOException {
        Answer answer = correct(example("invalid", name));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.at("/type")).isEqualTo("urn:sluice:problem:invalid-document");
        assertThat(StreamSupport.stream(answer.json().path("errors").spliterator(), false)
                        .map(error -> error.path("pointer").textValue()))
                .containsExactlyElementsOf(
                        Files.readAllLines(EXAMPLES.resolve("invalid").resolve(name.replace(".json", ".expected"))));
    }

    @Test
    void whatIsRefusedLeavesNoTrace() throws IOException {
        int before = deliveries(broker.bootstrapServers()).size();

        for (String name : invalidExamples().toList()) {
            correct(example("invalid", name));
        }

        assertThat(deliveries(broker.bootstrapServers())).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"kind\":\"incident_deleted\",\"kind\":\"incident_deleted\",\"incident\":\"a/b\",\"reason\":\"r\"}",
                "{\"kind\":\"incident_deleted\",\"incident\":\"a/b\",\"reason\":\"r\"} {}"
            })
    void refusesWhatIsNotOneDocument(String body) {
        Answer answer = correct(body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.at("/pointer")).isEmpty();
    }

    @Test
    void refusesTextsThatCannotBeWritten() {
        Answer answer = correct(DELETED.formatted("half of \\ud83d"));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.at("/pointer")).isEqualTo("/reason");
    }

    @Test
    void refusesOtherFormsAndWhatIsTooLarge() {
        HttpRequest.Builder zipped = GateApiFixture.request(api, "/v1/corrections")
                .headers("Content-Type", JSON, "Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString(DELETED.formatted("An exercise")));

        assertThat(post(api, "/v1/corrections", "application/cloudevents+json", DELETED.formatted("An exercise"))
                        .status())
                .isEqualTo(415);
        assertThat(GateApiFixture.send(zipped).status()).isEqualTo(415);
        assertThat(correct(" ".repeat(64 << 10) + DELETED.formatted("An exercise"))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void takesTheExampleOfTheGuide() throws IOException {
        String guide = Files.readString(Path.of(System.getProperty("sluice.root"), "docs", "guides", "corrections.md"));
        Matcher example = Pattern.compile("-d '(\\{.*?})'\n```", Pattern.DOTALL).matcher(guide);
        assertThat(example.find()).isTrue();

        assertThat(header(stored(correct(example.group(1))), RecordHeaders.EVENT))
                .isEqualTo("dev.sluice.correction.incident_linked");
    }

    @Test
    void sameCorrectionAgainIsALaterOne() {
        List<String> keys = Stream.of(1, 2)
                .map(time -> stored(correct(DELETED.formatted("Again"))).key())
                .toList();

        assertThat(keys).doesNotHaveDuplicates();
    }
}
