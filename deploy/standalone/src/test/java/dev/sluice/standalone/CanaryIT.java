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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Canary runs through the whole process: started, sent, asked, killed and asked again. A failure is final, so it can be compared
 * number by number; what goes on is compared in CanaryFunctionTest.
 */
class CanaryIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final long SEED = 20261128;
    private static final int BUCKETS = 240;
    /** After so many points the bad canary has not failed yet. */
    private static final int UNDECIDED = 34;

    private static final Map<String, String> OFTEN = Map.of("SLUICE_CHECKPOINT_INTERVAL", "1s");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private Path data = Path.of("");

    /** The start of all runs: their points are of the past, so that they are judged at once. */
    private final Instant start = Instant.now().minus(Duration.ofMinutes(50)).truncatedTo(ChronoUnit.MINUTES);

    @Test
    void aRunIsJudgedTheSameThroughAKill() throws IOException, InterruptedException {
        List<ObjectNode> bad = points(0.02);
        JsonNode expectedOfBad;
        try (SluiceProcess first = SluiceProcess.launch(data, 0, OFTEN).awaitReady()) {
            begin(first, "bad");
            send(first, "bad", bad);
            expectedOfBad = await(first, "bad", "Failed");
            begin(first, "good");
            send(first, "good", points(0.01));
            JsonNode good = await(first, "good", "Successful");
            assertThat(good.at("/metrics/0/canary/n").asLong()).isGreaterThan(3_000);
            assertThat(expectedOfBad.at("/reasons/0").asText()).startsWith("errors: ");

            begin(first, "killed");
            send(first, "killed", shuffled(bad.subList(0, UNDECIDED)));
            SluiceProcess.await(
                    "some of it is judged",
                    LIMIT,
                    () -> CanaryCalls.get(first, "killed")
                            .path("state")
                            .asText()
                            .equals("Running"));
            first.awaitCheckpoints(1);
            first.kill();
        }
        try (SluiceProcess second = SluiceProcess.launch(data, 0, OFTEN).awaitReady()) {
            assertThat(verdict(second, "bad")).isEqualTo(verdict(expectedOfBad));
            // its points have ended: it stays Successful until what is missing is noticed
            assertThat(verdict(second, "good").path("state").asText()).isIn("Successful", "Inconclusive");
            // some of it again, and then the rest
            send(second, "killed", shuffled(bad.subList(UNDECIDED / 2, bad.size())));
            JsonNode killed = await(second, "killed", "Failed");
            assertThat(verdict(killed)).isEqualTo(verdict(expectedOfBad));
            replaysTheSame(second, "killed");
            assertThat(page(second, "killed"))
                    .contains("<span>Failed</span>", "Evidence of errors: ", "<polyline class=\"line\"");
            assertThat(CanaryCalls.post(second, "/v1/canaries/good/end", "{}").statusCode())
                    .isEqualTo(200);
            SluiceProcess.await(
                    "the run has ended",
                    LIMIT,
                    () -> !CanaryCalls.get(second, "good").path("ended_at").isMissingNode());
            assertThat(second.terminate()).isEqualTo(143);
        }
    }

    /** The buckets in the store amount to the same verdict; with a wide margin and tolerance the same run would not have failed. */
    private static void replaysTheSame(SluiceProcess sluice, String run) throws IOException, InterruptedException {
        String path = "/v1/canaries/" + run + "/replay";
        JsonNode replayed = replay(sluice, path, "{}");
        assertThat(replayed.path("same").asBoolean()).as("%s", replayed).isTrue();
        assertThat(verdict(replayed)).isEqualTo(verdict(sluice, run));
        JsonNode other = replay(sluice, path, """
                {"config": {"metrics": [{"name": "errors", "kind": "ratio", "tolerance": 2, "margin": 4}]}}""");
        assertThat(other.path("same").asBoolean()).isFalse();
        assertThat(other.path("state").asText()).as("%s", other).isNotEqualTo("Failed");
        assertThat(other.path("config_digest")).isNotEqualTo(replayed.path("config_digest"));
        HttpResponse<String> wrong = CanaryCalls.post(sluice, path, """
                {"config": {"metrics": [{"name": "errors", "kind": "gauge"}]}}""");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("/config/metrics/0/kind");
    }

    private static String page(SluiceProcess sluice, String run) throws IOException, InterruptedException {
        HttpResponse<String> page = HTTP.send(
                HttpRequest.newBuilder(sluice.url().resolve("/canaries/" + run)).build(), BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        return page.body();
    }

    /** Each bucket that is judged meanwhile has to be stored, too. */
    private static JsonNode replay(SluiceProcess sluice, String path, String body) throws IOException {
        var answers = new ArrayList<HttpResponse<String>>();
        SluiceProcess.await("the buckets are stored", LIMIT, () -> {
            try {
                answers.add(CanaryCalls.post(sluice, path, body));
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
            return answers.get(answers.size() - 1).statusCode() == 200;
        });
        return Json.mapper().readTree(answers.get(answers.size() - 1).body());
    }

    private void begin(SluiceProcess sluice, String run) throws IOException, InterruptedException {
        HttpResponse<String> answer = CanaryCalls.post(sluice, "/v1/canaries", """
                {"id": "%s", "service": "checkout", "environment": "production", "started_at": "%s",
                 "config": {"metrics": [{"name": "errors", "kind": "ratio"}]}}""".formatted(run, start));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static void send(SluiceProcess sluice, String run, List<ObjectNode> points)
            throws IOException, InterruptedException {
        for (int from = 0; from < points.size(); from += 100) {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("run", run);
            ArrayNode samples = body.putArray("samples");
            points.subList(from, Math.min(points.size(), from + 100)).forEach(samples::add);
            HttpResponse<String> answer = CanaryCalls.post(sluice, "/v1/samples", body.toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        }
    }

    private static JsonNode await(SluiceProcess sluice, String run, String state) {
        SluiceProcess.await(
                run + " is " + state,
                LIMIT,
                () -> CanaryCalls.get(sluice, run).path("state").asText().equals(state));
        return CanaryCalls.get(sluice, run);
    }

    /** What must not depend on how the points came: state, time, reasons, every number. */
    private static JsonNode verdict(JsonNode run) {
        return ((ObjectNode) run.deepCopy())
                .retain("state", "at", "reasons", "log_e", "log_e_to_fail", "log_e_to_pass", "metrics");
    }

    private static JsonNode verdict(SluiceProcess sluice, String run) {
        SluiceProcess.await(
                run + " is known",
                LIMIT,
                () -> !CanaryCalls.get(sluice, run).path("metrics").isEmpty());
        return verdict(CanaryCalls.get(sluice, run));
    }

    /** Points of both arms in the order of time. */
    private List<ObjectNode> points(double rate) {
        var random = new Random(SEED);
        List<ObjectNode> points = new ArrayList<>();
        for (int t = 1; t <= BUCKETS; t++) {
            Instant at = start.plusSeconds(10L * t);
            points.add(point("baseline", at, count(random, 95), 9500));
            points.add(point("canary", at, count(random, 500 * rate), 500));
        }
        return points;
    }

    private static long count(Random random, double mean) {
        return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }

    private static ObjectNode point(String arm, Instant at, long count, long exposure) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("metric", "errors")
                .put("arm", arm)
                .put("at", at.toString())
                .put("count", count)
                .put("exposure", exposure);
    }

    /** Each point at most one bucket from its place. */
    private static List<ObjectNode> shuffled(List<ObjectNode> points) {
        var random = new Random(SEED);
        List<ObjectNode> shuffled = new ArrayList<>();
        for (int from = 0; from < points.size(); from += 4) {
            List<ObjectNode> few = new ArrayList<>(points.subList(from, Math.min(points.size(), from + 4)));
            Collections.shuffle(few, random);
            shuffled.addAll(few);
        }
        return shuffled;
    }
}
