package dev.sluice.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits until the gate API says that it can decide. */
final class Readiness {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int OK = 200;

    private final URI url;
    private final Announcer announcer;

    Readiness(URI url, Announcer announcer) {
        this.url = url;
        this.announcer = announcer;
    }

    /**
     * Returns when it is ready, and tells from time to time what is missing.
     *
     * @throws StartException if it is not ready within two minutes
     */
    void await() throws InterruptedException {
        HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        HttpRequest question =
                HttpRequest.newBuilder(url.resolve("/readyz")).timeout(PATIENCE).build();
        long started = System.nanoTime();
        long told = started;
        String missing = "";
        while (System.nanoTime() - started < LIMIT.toNanos()) {
            try {
                HttpResponse<byte[]> answer = http.send(question, BodyHandlers.ofByteArray());
                if (answer.statusCode() == OK) {
                    return;
                }
                JsonNode document = Json.mapper().readTree(answer.body());
                missing = document.path("missing").toString();
            } catch (IOException e) {
                missing = String.valueOf(e.getMessage());
            }
            if (System.nanoTime() - told > PATIENCE.toNanos()) {
                told = System.nanoTime();
                announcer.busy("not ready yet: " + missing);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        throw new StartException("the gate API is not ready after " + LIMIT.toMinutes() + " minutes: " + missing);
    }
}
