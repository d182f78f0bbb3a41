package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.Receiver;
import dev.sluice.rollbackjob.RollbackJob;
import dev.sluice.wire.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From an incident to the version that runs again: events in at the gate API, through the jobs, out to the one who rolls back, and in
 * again as the deployment that this brings about.
 */
class RollbackIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Within which a second delivery would have come: the first pauses between attempts are shorter. */
    private static final Duration SECOND = Duration.ofSeconds(3);

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @TempDir
    static Path directory;

    private static Receiver receiver;
    private static SluiceAssembly sluice;

    @BeforeAll
    static void start() throws Exception {
        receiver = new Receiver();
        sluice = SluiceAssembly.withRollbacks(directory, Duration.ofMinutes(1), receiver.authority(), SECRET);
    }

    @AfterAll
    static void stop() {
        if (sluice != null) {
            sluice.close();
        }
        if (receiver != null) {
            receiver.close();
        }
    }

    /** A service whose version 2 has run for a minute, after version 1, with a plan. */
    private static void running(String service) throws Exception {
        deploy(service, "v1", Duration.ofHours(3));
        deploy(service, "v2", Duration.ofMinutes(1));
        SluiceProcess.await("the plan of " + service, LIMIT, () -> plan(service));
        SluiceProcess.await(service + " v2 runs", LIMIT, () -> runs(service, "v2"));
    }

    private static boolean plan(String service) {
        return put("/v1/endpoints/" + service, """
                       {"kind": "webhook", "url": "%s", "secret_env": "%s"}""".formatted(
                                receiver.url("/" + service), SluiceAssembly.SECRET_VARIABLE))
                && put("/v1/rollback-plans/" + service + "/production", """
                       {"on_failed_canary": true, "on_incident": {"severities": ["sev1"], "within": "1h"},
                        "endpoint": "%s", "verification": "1m"}""".formatted(service));
    }

    private static boolean put(String path, String body) {
        try {
            return sluice.client()
                    .put(path, body)
                    .filter(answer -> answer.status() == GateClient.OK)
                    .isPresent();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void deploy(String service, String version, Duration ago) throws Exception {
        Instant at = Instant.now().minus(ago);
        String id = service + "-" + version + "-" + at.toEpochMilli();
        send(id, "sluice-deployment.observed", at, """
                {"service": "%s", "environment": "production", "state": "success", "version": "%s"}""".formatted(service, version));
    }

    private static void incident(String service, Duration ago) throws Exception {
        Instant at = Instant.now().minus(ago);
        send(service + "-incident-" + at.toEpochMilli(), "sluice-incident.observed", at, """
                {"service": "%s", "environment": "production", "state": "detected", "startedAt": "%s", "severity": "SEV1",
                 "title": "checkout is down"}""".formatted(service, at));
    }

    private static void send(String id, String kind, Instant at, String content) throws Exception {
        String event = """
                {"specversion": "1.0", "id": "%1$s", "source": "/test", "type": "dev.cdeventsx.%2$s.0.1.0", "time": "%3$s", "data": {
                  "context": {"specversion": "0.5.1", "id": "%1$s", "source": "/test", "timestamp": "%3$s",
                              "type": "dev.cdeventsx.%2$s.0.1.0"},
                  "subject": {"id": "%1$s", "content": %4$s}}}""".formatted(id, kind, at, content);
        assertThat(sluice.client().send(event))
                .hasValueSatisfying(
                        answer -> assertThat(answer.status()).as(answer.text()).isEqualTo(GateClient.ACCEPTED));
    }

    private static JsonNode get(String path) {
        try {
            return sluice.client()
                    .get(path)
                    .orElseThrow(() -> new AssertionError("the gate does not answer"))
                    .json();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean runs(String service, String version) {
        return StreamSupport.stream(get("/v1/services").path("services").spliterator(), false)
                .filter(one -> one.path("service").asText().equals(service))
                .anyMatch(one -> one.at("/environments/0/version").asText().equals(version));
    }

    private static JsonNode order(String service) {
        return get("/v1/rollbacks?service=" + service).at("/rollbacks/0");
    }

    private static String state(String service) {
        return order(service).path("state").asText();
    }

    private static void awaitState(String service, String state) {
        SluiceProcess.await(
                service + " is " + state, LIMIT, () -> state(service).equals(state));
    }

    private static List<String> steps(String service) {
        List<String> steps = new ArrayList<>();
        order(service)
                .path("steps")
                .forEach(step -> steps.add(step.path("state").asText()));
        return steps;
    }

    private static void awaitReceived(String service) {
        SluiceProcess.await(
                service + " is to be rolled back",
                LIMIT,
                () -> !receiver.at("/" + service).isEmpty());
    }

    @Test
    void anIncidentBringsTheLastGoodVersionBack() throws Exception {
        running("way");
        receiver.answers("/way", 503, 200);

        incident("way", Duration.ofSeconds(5));
        awaitState("way", "acknowledged");
        deploy("way", "v1", Duration.ZERO);
        awaitState("way", "verified");

        assertThat(steps("way")).containsExactly("ordered", "acknowledged", "verified");
        assertThat(order("way").at("/target/version").asText()).isEqualTo("v1");
        assertThat(order("way").path("attempts").asInt()).isEqualTo(2);
        assertThat(order("way").path("reason").asText()).contains("SEV1", "rule TIME", "checkout is down");
        assertThat(receiver.at("/way"))
                .hasSize(2)
                .extracting(one -> one.header("webhook-id"))
                .containsOnly(order("way").path("id").asText());
    }

    @Test
    void aPartThatIsGoneForAWhileLosesNothingAndRepeatsNothing() throws Exception {
        running("parts");

        sluice.stopJob(RollbackJob.NAME);
        incident("parts", Duration.ofSeconds(5));
        sluice.stopGate();
        sluice.startJob(RollbackJob.NAME);
        sluice.startGate(SluiceAssembly.HEARTBEAT);
        awaitReceived("parts");
        awaitState("parts", "delivered");
        sluice.stopGate();
        sluice.startGate(SluiceAssembly.HEARTBEAT);
        sluice.stopJob(RollbackJob.NAME);
        sluice.startJob(RollbackJob.NAME);
        deploy("parts", "v1", Duration.ZERO);
        awaitState("parts", "verified");

        assertThat(receiver.at("/parts")).hasSize(1);
    }

    @Test
    void aNewerDeploymentInBetweenVoidsTheOrder() throws Exception {
        running("newer");
        receiver.answers("/newer", 503, 503, 503, 503, 503, 503, 503, 503);

        incident("newer", Duration.ofSeconds(5));
        awaitReceived("newer");
        deploy("newer", "v3", Duration.ZERO);
        awaitState("newer", "fenced");
        int sent = receiver.at("/newer").size();
        Thread.sleep(SECOND.toMillis());

        assertThat(receiver.at("/newer")).hasSize(sent);
    }

    @Test
    void historyOrdersNothing() throws Exception {
        running("history");
        for (int i = 1; i <= 60; i++) {
            Duration ago = Duration.ofDays(30L * i);
            deploy("history", "w" + i, ago);
            incident("history", ago.minusMinutes(5));
        }
        incident("history", Duration.ofMinutes(20));
        // what is sent last is seen last
        deploy("history", "v3", Duration.ZERO);
        SluiceProcess.await("history v3 runs", LIMIT, () -> runs("history", "v3"));
        Thread.sleep(SECOND.toMillis());

        assertThat(receiver.at("/history")).isEmpty();
        assertThat(TopicRecords.values(sluice.bootstrap(), Topic.ROLLBACKS))
                .noneMatch(row -> row.path("service").asText().equals("history"));
    }
}
