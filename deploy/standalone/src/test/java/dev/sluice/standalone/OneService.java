package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;

/** The one service of a test: deployed, and asked what runs of it. */
final class OneService {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private OneService() {}

    /** Tells Sluice a deployment of a version, {@code v} and a digit: the day of March 2026. */
    static void deploy(SluiceProcess sluice, String version) throws IOException, InterruptedException {
        deploy(sluice, version, Instant.parse("2026-03-0%sT12:00:00Z".formatted(version.substring(1))));
    }

    /** Tells Sluice a deployment of a version. */
    static void deploy(SluiceProcess sluice, String version, Instant at) throws IOException, InterruptedException {
        String event = """
                {"specversion":"1.0","id":"%1$s","source":"it","type":"dev.cdeventsx.sluice-deployment.observed.0.1.0",
                 "time":"%2$s","data":{
                   "context":{"specversion":"0.5.1","id":"%1$s","source":"it","timestamp":"%2$s",
                              "type":"dev.cdeventsx.sluice-deployment.observed.0.1.0"},
                   "subject":{"id":"%1$s","content":{"service":"shop","environment":"production","state":"success",
                                                     "version":"%1$s"}}}}""".formatted(version, at);
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(sluice.url().resolve("/v1/events"))
                        .header("Content-Type", "application/cloudevents+json")
                        .POST(BodyPublishers.ofString(event))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    /** Waits until a version is the one that runs. */
    static void awaitVersion(SluiceProcess sluice, String version) {
        SluiceProcess.await(
                "version " + version + " runs",
                LIMIT,
                () -> running(sluice.url()).equals(version));
    }

    private static String running(URI url) {
        try {
            HttpResponse<byte[]> answer = HTTP.send(
                    HttpRequest.newBuilder(url.resolve("/v1/services")).build(), BodyHandlers.ofByteArray());
            JsonNode services = Json.mapper().readTree(answer.body());
            return services.path("services")
                    .path(0)
                    .path("environments")
                    .path(0)
                    .path("version")
                    .asText();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
