package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A config that learns between runs, through the whole process: what an OpenTelemetry exporter sends while no run is running is what a run
 * begins with, also after a kill. It takes some minutes, since progress has to pass by a minute what is learned, and what is judged.
 */
@Tag("soak")
class LearningIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Map<String, String> OFTEN = Map.of("SLUICE_CHECKPOINT_INTERVAL", "1s");
    private static final String LEARNED =
            "history: 12 s of before the run were learned, by two halves of the baseline's pods";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path data = Path.of("");

    @Test
    void aRunBeginsWithWhatWasLearned_alsoAfterAKill() throws IOException, InterruptedException {
        try (SluiceProcess first = SluiceProcess.launch(data, 0, OFTEN).awaitReady()) {
            Instant saved = save(first);
            for (int t = 1; t <= 12; t++) {
                push(first, saved.plusSeconds(t));
            }
            Instant complete = saved.plusSeconds(80);
            SluiceProcess.await(
                    "progress has passed it", LIMIT, () -> Instant.now().isAfter(complete));
            begin(first, "before");
            assertThat(notes(first, "before")).contains(LEARNED);
            first.awaitCheckpoints(2);
            first.kill();
        }
        try (SluiceProcess second = SluiceProcess.launch(data, 0, OFTEN).awaitReady()) {
            begin(second, "after");
            assertThat(notes(second, "after")).contains(LEARNED);
            assertThat(second.terminate()).isEqualTo(143);
        }
    }

    private static Instant save(SluiceProcess sluice) throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(sluice.url().resolve("/v1/canary-configs/checkout"))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString("""
                                {"learn": "always", "bucket": "1s",
                                 "selectors": {"baseline": "{track='stable'}", "canary": "{track='canary'}"},
                                 "metrics": [{"name": "memory", "kind": "gauge", "series": {"value": "memory_bytes"}}]}"""))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Instant.parse(
                Json.mapper().readTree(answer.body()).path("changed_at").asText());
    }

    private static void push(SluiceProcess sluice, Instant at) throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode resources = body.putArray("resourceMetrics");
        for (String pod : new String[] {"a", "b"}) {
            ObjectNode resource = resources.addObject();
            ArrayNode attributes = resource.putObject("resource").putArray("attributes");
            attributes.addObject().put("key", "pod").putObject("value").put("stringValue", pod);
            attributes.addObject().put("key", "track").putObject("value").put("stringValue", "stable");
            ObjectNode metric = resource.putArray("scopeMetrics")
                    .addObject()
                    .putArray("metrics")
                    .addObject()
                    .put("name", "memory_bytes");
            metric.putObject("gauge")
                    .putArray("dataPoints")
                    .addObject()
                    .put("timeUnixNano", Long.toString(at.toEpochMilli() * 1_000_000))
                    .put("asDouble", 1 + at.toEpochMilli() % 7);
        }
        HttpResponse<String> answer = CanaryCalls.post(sluice, "/v1/metrics", body.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static void begin(SluiceProcess sluice, String run) throws IOException, InterruptedException {
        HttpResponse<String> answer = CanaryCalls.post(sluice, "/v1/canaries", """
                {"id": "%s", "service": "checkout", "environment": "production", "canary": "2", "config": "checkout"}""".formatted(run));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    /** Returns the notes of the first verdict after what was learned is at hand. */
    private static String notes(SluiceProcess sluice, String run) {
        SluiceProcess.await(run + " has begun", LIMIT, () -> {
            JsonNode now = CanaryCalls.get(sluice, run);
            return now.path("notes").toString().contains("history: ");
        });
        return CanaryCalls.get(sluice, run).path("notes").toString();
    }
}
