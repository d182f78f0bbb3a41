package dev.sluice.dorajob;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.simulation.BatchOracle;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.registry.Sources;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of docs/reference/metrics.md, from the sources' adapter to the rows of the month. */
@SuppressWarnings("try") // Flink's harness declares Exception on close
class MetricExamplesTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("sluice.root"), "docs", "reference", "metrics.md");
    private static final Pattern EXAMPLE =
            Pattern.compile("```json events\\n(?<events>.*?)```\\s*```json result\\n(?<result>.*?)```", Pattern.DOTALL);
    private static final Pattern SECTIONS = Pattern.compile("^## ", Pattern.MULTILINE);
    private static final ObjectMapper EXACT =
            Json.mapper().copy().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final String TENANT = "default";
    private static final String SERVICE = "shop";
    private static final String ENVIRONMENT = "production";
    private static final String SOURCE = "example";
    private static final String MONTH = "2026-01";
    private static final Instant LATER = Instant.parse("2026-02-10T00:00:00Z");

    /**
     * An example.
     *
     * @param section the heading that it stands under
     * @param events one a line
     * @param result what it says of the month
     */
    record Example(String section, List<String> events, String result) {
        @Override
        public String toString() {
            return section;
        }
    }

    static List<Example> examples() throws IOException {
        var examples = new ArrayList<Example>();
        for (String section : SECTIONS.split(Files.readString(DOCUMENT), -1)) {
            String heading = section.lines().findFirst().orElse("");
            EXAMPLE.matcher(section)
                    .results()
                    .map(match -> new Example(heading, match.group(1).lines().toList(), match.group(2)))
                    .forEach(examples::add);
        }
        return examples;
    }

    @Test
    void everyMetricHasOne() throws IOException {
        ObjectNode metrics = Json.mapper().valueToTree(DeliveryMetrics.empty());
        List<String> shown = new ArrayList<>();
        for (Example example : examples()) {
            JsonNode result = EXACT.readTree(example.result());
            String metric = example.section().toLowerCase(Locale.ROOT).replace(' ', '_');
            assertThat(result.fieldNames()).as(example.section()).toIterable().containsExactly(metric);
            shown.add(metric);
        }
        assertThat(shown)
                .hasSameElementsAs(
                        metrics.properties().stream().map(Map.Entry::getKey).toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void isWhatIsComputed(Example example) throws Exception {
        assertThat(example.events()).hasSizeBetween(3, 8);
        List<DeliveryEvent> events = new ArrayList<>();
        for (String line : example.events()) {
            events.addAll(received(EXACT.readTree(line)));
        }
        JsonNode expected = EXACT.readTree(example.result());
        assertSays(month(events), expected, "");
        Collections.reverse(events);
        assertSays(month(events), expected, "");
    }

    /** Returns what the stages publish of the month. */
    private static JsonNode month(List<DeliveryEvent> events) throws Exception {
        try (var stages = StageHarnesses.start(LATER, new Random(1))) {
            for (DeliveryEvent event : events) {
                stages.accept(event);
            }
            stages.progress(LATER);
            return Json.mapper()
                    .valueToTree(stages.rows()
                            .period(TENANT, new BatchOracle.Place(SERVICE, ENVIRONMENT), "month", MONTH)
                            .metrics());
        }
    }

    private static void assertSays(JsonNode actual, JsonNode expected, String at) {
        expected.properties().forEach(field -> {
            String name = at + "/" + field.getKey();
            JsonNode value = actual.get(field.getKey());
            assertThat(value).as(name).isNotNull();
            if (field.getValue().isObject()) {
                assertSays(value, field.getValue(), name);
            } else if (field.getValue().isBigDecimal()) {
                // as many digits as are written
                BigDecimal written = field.getValue().decimalValue();
                assertThat(value.decimalValue().subtract(written).abs())
                        .as("%s is %s", name, value)
                        .isLessThanOrEqualTo(BigDecimal.valueOf(5, written.scale() + 1));
            } else if (field.getValue().isNumber()) {
                assertThat(value.decimalValue())
                        .as(name)
                        .isEqualByComparingTo(field.getValue().decimalValue());
            } else {
                assertThat(value).as(name).isEqualTo(field.getValue());
            }
        });
    }

    /** Returns what a line means to those who receive it. */
    private static List<DeliveryEvent> received(JsonNode line) throws JsonProcessingException {
        byte[] body = Json.mapper().writeValueAsBytes(cloudEvent(line));
        Outcome outcome = Sources.of(Map.of())
                .adapt(new Delivery(
                        TENANT,
                        Sources.CLOUDEVENTS,
                        "events",
                        "d-0-1",
                        line.path("id").asText(),
                        "",
                        "somebody",
                        "application/cloudevents+json",
                        LATER,
                        Map.of(),
                        body));
        assertThat(outcome).as(new String(body, StandardCharsets.UTF_8)).isInstanceOf(Outcome.Events.class);
        return ((Outcome.Events) outcome).events();
    }

    private static ObjectNode cloudEvent(JsonNode line) {
        String type = "dev.cdeventsx.sluice-" + line.path("type").asText() + ".0.1.0";
        String time = line.path("time").asText();
        ObjectNode content = line.path("content").deepCopy();
        if (!line.path("type").asText().matches("commit.*|pullrequest.*")) {
            content.put("service", SERVICE).put("environment", ENVIRONMENT);
        }
        content.put("repository", SERVICE);
        ObjectNode event = Json.mapper().createObjectNode();
        event.put("specversion", "1.0").put("type", type).put("source", SOURCE).put("id", line.toString());
        event.put("time", time).put("datacontenttype", "application/json");
        ObjectNode cdEvent = event.putObject("data");
        cdEvent.putObject("context")
                .put("specversion", "0.5.1")
                .put("type", type)
                .put("source", SOURCE)
                .put("id", line.toString())
                .put("timestamp", time);
        cdEvent.putObject("subject").put("id", line.path("id").asText()).set("content", content);
        return event;
    }
}
