package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.Receiver;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process is killed at each step of a rollback. Whoever heeds the id of a webhook rolls back once, whatever happens. */
class RollbackKillIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @TempDir
    private Path data;

    private final int port = FreePorts.pick();

    private SluiceProcess launch(Receiver receiver) throws Exception {
        return SluiceProcess.launch(
                        data,
                        port,
                        Map.of(
                                "SLUICE_EGRESS_ALLOW",
                                "http://" + receiver.authority(),
                                SluiceAssembly.SECRET_VARIABLE,
                                RollbackCalls.SECRET))
                .awaitReady();
    }

    @Test
    @Tag("soak") // six starts
    void atWhateverStepItIsKilledTheRollbackHappensOnce() throws Exception {
        try (var receiver = new Receiver()) {
            var calls = new RollbackCalls(() -> new GateClient(URI.create("http://127.0.0.1:" + port)), receiver);
            try (SluiceProcess sluice = launch(receiver)) {
                calls.running("accepted");
                calls.running("undelivered");
                calls.running("unanswered");
                calls.running("delivered");
                calls.running("done");
                sluice.awaitCheckpoints(1);

                calls.incident("accepted", Duration.ZERO);
                sluice.kill();
            }
            finish(receiver, calls, "accepted");

            receiver.answers("/undelivered", 503, 503);
            try (SluiceProcess sluice = launch(receiver)) {
                calls.incident("undelivered", Duration.ZERO);
                calls.awaitReceived("undelivered");
                sluice.kill();
            }
            finish(receiver, calls, "undelivered");

            receiver.answers("/unanswered", Receiver.SILENCE);
            try (SluiceProcess sluice = launch(receiver)) {
                calls.incident("unanswered", Duration.ZERO);
                calls.awaitReceived("unanswered");
                sluice.kill();
            }
            finish(receiver, calls, "unanswered");

            try (SluiceProcess sluice = launch(receiver)) {
                calls.incident("delivered", Duration.ZERO);
                calls.awaitState("delivered", "delivered");
                sluice.kill();
            }
            finish(receiver, calls, "delivered");

            try (SluiceProcess sluice = launch(receiver)) {
                calls.incident("done", Duration.ZERO);
                calls.awaitState("done", "delivered");
                calls.deploy("done", "v1", Duration.ZERO);
                sluice.kill();
            }
            finish(receiver, calls, "done");
        }
    }

    /** Starts it again, and does what whoever rolls back does. */
    private void finish(Receiver receiver, RollbackCalls calls, String service) throws Exception {
        try (SluiceProcess sluice = launch(receiver)) {
            calls.awaitReceived(service);
            SluiceProcess.await(
                    service + " is delivered",
                    LIMIT,
                    () -> !calls.state(service).equals("ordered")
                            && !calls.state(service).isEmpty());
            if (!service.equals("done")) {
                calls.deploy(service, "v1", Duration.ZERO);
            }
            SluiceProcess.await(
                    service + " is verified", LIMIT, () -> calls.state(service).equals("verified"));
            int sent = receiver.at("/" + service).size();
            System.out.printf("killed when %s: sent %d times, steps %s%n", service, sent, calls.steps(service));
            assertThat(receiver.at("/" + service))
                    .extracting(one -> one.header("webhook-id"))
                    .as("one effect")
                    .containsOnly(calls.order(service).path("id").asText());
            assertThat(sluice.children()).isNotEmpty();
        }
    }
}
