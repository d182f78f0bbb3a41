package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.Receiver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** What a test of rollbacks does at the gate API, and what it looks at. */
final class RollbackCalls {
    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final Supplier<GateClient> client;
    private final Receiver receiver;

    /**
     * Creates it.
     *
     * @param client the gate API, wherever it is now
     * @param receiver who is told to roll back
     */
    RollbackCalls(Supplier<GateClient> client, Receiver receiver) {
        this.client = client;
        this.receiver = receiver;
    }

    /** A service whose version 2 has run for a minute, after version 1, with a plan. */
    void running(String service) throws Exception {
        running(service, Duration.ofMinutes(10));
    }

    /** The same with a plan whose orders may be delivered for so long. */
    void running(String service, Duration expiry) throws Exception {
        deploy(service, "v1", Duration.ofHours(3));
        deploy(service, "v2", Duration.ofMinutes(1));
        SluiceProcess.await("the plan of " + service, LIMIT, () -> plan(service, expiry));
        SluiceProcess.await(service + " v2 runs", LIMIT, () -> runs(service, "v2"));
    }

    private boolean plan(String service, Duration expiry) {
        return put("/v1/endpoints/" + service, """
                       {"kind": "webhook", "url": "%s", "secret_env": "%s"}""".formatted(
                                receiver.url("/" + service), SluiceAssembly.SECRET_VARIABLE))
                && put("/v1/rollback-plans/" + service + "/production", """
                       {"on_failed_canary": true, "on_incident": {"severities": ["sev1"], "within": "1h"},
                        "endpoint": "%s", "expiry": "%ds", "verification": "10m"}""".formatted(service, expiry.toSeconds()));
    }

    private boolean put(String path, String body) {
        try {
            return client.get()
                    .put(path, body)
                    .filter(answer -> answer.status() == GateClient.OK)
                    .isPresent();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void deploy(String service, String version, Duration ago) throws Exception {
        Instant at = Instant.now().minus(ago);
        String id = service + "-" + version + "-" + at.toEpochMilli();
        send(id, "sluice-deployment.observed", at, """
                {"service": "%s", "environment": "production", "state": "success", "version": "%s"}""".formatted(service, version));
    }

    void incident(String service, Duration ago) throws Exception {
        Instant at = Instant.now().minus(ago);
        send(service + "-incident-" + at.toEpochMilli(), "sluice-incident.observed", at, """
                {"service": "%s", "environment": "production", "state": "detected", "startedAt": "%s", "severity": "SEV1",
                 "title": "checkout is down"}""".formatted(service, at));
    }

    void send(String id, String kind, Instant at, String content) throws Exception {
        String event = """
                {"specversion": "1.0", "id": "%1$s", "source": "/test", "type": "dev.cdeventsx.%2$s.0.1.0", "time": "%3$s", "data": {
                  "context": {"specversion": "0.5.1", "id": "%1$s", "source": "/test", "timestamp": "%3$s",
                              "type": "dev.cdeventsx.%2$s.0.1.0"},
                  "subject": {"id": "%1$s", "content": %4$s}}}""".formatted(id, kind, at, content);
        assertThat(client.get().send(event))
                .hasValueSatisfying(
                        answer -> assertThat(answer.status()).as(answer.text()).isEqualTo(GateClient.ACCEPTED));
    }

    JsonNode get(String path) {
        try {
            return client.get()
                    .get(path)
                    .orElseThrow(() -> new AssertionError("the gate does not answer"))
                    .json();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    boolean runs(String service, String version) {
        return StreamSupport.stream(get("/v1/services").path("services").spliterator(), false)
                .filter(one -> one.path("service").asText().equals(service))
                .anyMatch(one -> one.at("/environments/0/version").asText().equals(version));
    }

    JsonNode order(String service) {
        return get("/v1/rollbacks?service=" + service).at("/rollbacks/0");
    }

    String state(String service) {
        return order(service).path("state").asText();
    }

    void awaitState(String service, String state) {
        SluiceProcess.await(
                service + " is " + state, LIMIT, () -> state(service).equals(state));
    }

    List<String> steps(String service) {
        List<String> steps = new ArrayList<>();
        order(service)
                .path("steps")
                .forEach(step -> steps.add(step.path("state").asText()));
        return steps;
    }

    void awaitReceived(String service) {
        SluiceProcess.await(
                service + " is to be rolled back",
                LIMIT,
                () -> !receiver.at("/" + service).isEmpty());
    }
}
