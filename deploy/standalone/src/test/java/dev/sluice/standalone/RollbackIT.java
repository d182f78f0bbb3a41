package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.Receiver;
import dev.sluice.rollbackjob.RollbackJob;
import dev.sluice.wire.Topic;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From an incident to the version that runs again: events in at the gate API, through the jobs, out to the one who rolls back, and in
 * again as the deployment that this brings about.
 */
class RollbackIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    /** Within which a second delivery would have come: the first pauses between attempts are shorter. */
    private static final Duration SECOND = Duration.ofSeconds(3);

    @TempDir
    static Path directory;

    private static Receiver receiver;
    private static SluiceAssembly sluice;
    private static RollbackCalls calls;

    @BeforeAll
    static void start() throws Exception {
        receiver = new Receiver();
        sluice = SluiceAssembly.withRollbacks(
                directory, Duration.ofMinutes(1), receiver.authority(), RollbackCalls.SECRET);
        calls = new RollbackCalls(sluice::client, receiver);
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

    @Test
    void anIncidentBringsTheLastGoodVersionBack() throws Exception {
        calls.running("way");
        receiver.answers("/way", 503, 200);

        calls.incident("way", Duration.ZERO);
        calls.awaitState("way", "acknowledged");
        calls.deploy("way", "v1", Duration.ZERO);
        calls.awaitState("way", "verified");

        assertThat(calls.steps("way")).containsExactly("ordered", "acknowledged", "verified");
        assertThat(calls.order("way").at("/target/version").asText()).isEqualTo("v1");
        assertThat(calls.order("way").path("attempts").asInt()).isEqualTo(2);
        assertThat(calls.order("way").path("reason").asText()).contains("SEV1", "rule TIME", "checkout is down");
        assertThat(receiver.at("/way"))
                .hasSize(2)
                .extracting(one -> one.header("webhook-id"))
                .containsOnly(calls.order("way").path("id").asText());
    }

    @Test
    void aPartThatIsGoneForAWhileLosesNothingAndRepeatsNothing() throws Exception {
        calls.running("parts");

        sluice.stopJob(RollbackJob.NAME);
        calls.incident("parts", Duration.ZERO);
        sluice.stopGate();
        sluice.startJob(RollbackJob.NAME);
        sluice.startGate(SluiceAssembly.HEARTBEAT);
        calls.awaitReceived("parts");
        calls.awaitState("parts", "delivered");
        sluice.stopGate();
        sluice.startGate(SluiceAssembly.HEARTBEAT);
        sluice.stopJob(RollbackJob.NAME);
        sluice.startJob(RollbackJob.NAME);
        calls.deploy("parts", "v1", Duration.ZERO);
        calls.awaitState("parts", "verified");

        assertThat(receiver.at("/parts")).hasSize(1);
    }

    @Test
    void aNewerDeploymentInBetweenVoidsTheOrder() throws Exception {
        calls.running("newer");
        receiver.answers("/newer", 503, 503, 503, 503, 503, 503, 503, 503);

        calls.incident("newer", Duration.ZERO);
        calls.awaitReceived("newer");
        calls.deploy("newer", "v3", Duration.ZERO);
        calls.awaitState("newer", "fenced");
        int sent = receiver.at("/newer").size();
        Thread.sleep(SECOND.toMillis());

        assertThat(receiver.at("/newer")).hasSize(sent);
    }

    @Test
    void historyOrdersNothing() throws Exception {
        calls.running("history");
        for (int i = 1; i <= 60; i++) {
            Duration ago = Duration.ofDays(30L * i);
            calls.deploy("history", "w" + i, ago);
            calls.incident("history", ago.minusMinutes(5));
        }
        calls.incident("history", Duration.ofMinutes(20));
        // what is sent last is seen last
        calls.deploy("history", "v3", Duration.ZERO);
        SluiceProcess.await("history v3 runs", LIMIT, () -> calls.runs("history", "v3"));
        Thread.sleep(SECOND.toMillis());

        assertThat(receiver.at("/history")).isEmpty();
        assertThat(TopicRecords.values(sluice.bootstrap(), Topic.ROLLBACKS))
                .noneMatch(row -> row.path("service").asText().equals("history"));
    }
}
