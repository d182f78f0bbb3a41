package dev.sluice.benchmarks;

import dev.sluice.benchmarks.HttpConnection.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Says of each service, by the API, what the rules of evidence ask for: tests, signatures, drills, error budgets. */
final class GateEvidence {
    private static final int CREATED = 201;
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final List<String> TESTS = List.of("smoke", "integration", "load");
    /** Name and window of what is counted. */
    private static final List<Map.Entry<String, String>> OBJECTIVES =
            List.of(Map.entry("availability", "1h"), Map.entry("availability", "6h"), Map.entry("latency", "1h"));

    private final HttpConnection connection;

    private GateEvidence(HttpConnection connection) {
        this.connection = connection;
    }

    /** Says all of it to the API at a port. */
    static void say(int port) throws IOException {
        try (var connection = new HttpConnection(port)) {
            var evidence = new GateEvidence(connection);
            for (int service = 0; service < GateData.SERVICES; service++) {
                evidence.say(GateData.service(service), GateData.digest(service));
            }
        }
    }

    private void say(String service, String digest) throws IOException {
        for (String test : TESTS) {
            post("/v1/validations", """
                    {"service": "%s", "environment": "staging", "artifact": {"digest": "%s"}, "kind": "%s", "result": "passed"}
                    """.formatted(service, digest, test));
        }
        post("/v1/artifacts", """
                {"service": "%s", "digest": "%s", "version": "v42", "location": "registry.example.org/shop/%s",
                 "signers": ["release"]}
                """.formatted(service, digest, service));
        post("/v1/rollback-drills", """
                {"service": "%s", "environment": "staging", "succeeded": true, "recovery": "4m"}
                """.formatted(service));
        for (var objective : OBJECTIVES) {
            post("/v1/error-budgets", """
                    {"service": "%s", "environment": "production", "slo": "%s", "window": "%s", "good": 359900, "total": 360000}
                    """.formatted(service, objective.getKey(), objective.getValue()));
        }
    }

    /** The API takes nothing before it has read what was set up. */
    private void post(String path, String body) throws IOException {
        byte[] request = HttpConnection.post(path, "application/json", body.getBytes(StandardCharsets.UTF_8));
        var waiting = new Deadline("evidence is taken", READY_LIMIT);
        for (Answer answer = connection.send(request); answer.status() != CREATED; answer = connection.send(request)) {
            if (answer.status() < 500) {
                throw new IllegalStateException(path + " was answered with " + answer.text());
            }
            waiting.pause();
        }
    }
}
