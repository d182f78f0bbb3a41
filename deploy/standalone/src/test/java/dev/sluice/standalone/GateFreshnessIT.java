package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.Decision;
import dev.sluice.gate.Outcome;
import dev.sluice.gate.ReasonCode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A gate does not answer from knowledge that is too old, and a system in which nothing happens is not old. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GateFreshnessIT {
    private static final Duration STALE_AFTER = Duration.ofSeconds(3);
    /** What passes beyond the limit until the gate says so: a heartbeat more or less, and a busy machine. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration QUIET = STALE_AFTER.multipliedBy(5);
    /** A gate API that writes no heartbeat but the first. */
    private static final Duration SILENT = Duration.ofDays(1);

    private static final String SERVICE = "checkout";

    @TempDir
    static Path directory;

    private static SluiceAssembly sluice;

    @BeforeAll
    static void start() throws Exception {
        sluice = SluiceAssembly.withoutStore(directory, STALE_AFTER);
        var deployment =
                new ObservedDeployment("v1", SERVICE, true, Instant.now().minus(Duration.ofHours(3)));
        assertThat(sluice.client().send(deployment.event()))
                .map(GateClient.Answer::status)
                .contains(GateClient.ACCEPTED);
    }

    @AfterAll
    static void stop() {
        if (sluice != null) {
            sluice.close();
        }
    }

    @AfterEach
    void restoreTheGate() {
        sluice.stopGate();
        sluice.startGate(SluiceAssembly.HEARTBEAT);
    }

    @Test
    @Order(1)
    void isStale_whileTheIngestJobIsGone() throws Exception {
        GateClient gate = sluice.client();
        awaitAllowed(gate);

        sluice.stopJob("ingest");
        awaitStale(gate);

        sluice.startJob("ingest");
        awaitAllowed(gate);
    }

    @Test
    @Order(2)
    void isStale_whileOnePartitionOfTheRawTopicIsStuck() throws Exception {
        sluice.stopGate();
        sluice.startGate(SILENT);
        GateClient gate = sluice.client();
        try (var heartbeats = new RawHeartbeats(sluice.bootstrap(), Clock.systemUTC())) {
            awaitAllowed(gate);

            heartbeats.stick(1);
            awaitStale(gate);

            heartbeats.release(1);
            awaitAllowed(gate);
        }
    }

    @Test
    @Order(3)
    void isNotStaleWhenNothingHappens_andAReplicaWhoseReaderIsStuckIs() throws Exception {
        GateClient gate = sluice.client();
        awaitAllowed(gate);
        try (var replica = new Replica(sluice.bootstrap(), sluice.policies(), Clock.systemUTC())) {
            await(replica, decision -> decision.outcome() == Outcome.ALLOW);

            replica.pause();
            long paused = System.nanoTime();
            var refused = new ArrayList<GateClient.Answer>();
            SluiceProcess.await("nothing has happened for " + QUIET, QUIET.plus(LIMIT), () -> {
                GateClient.Answer answer = ask(gate);
                if (!answer.allowed()) {
                    refused.add(answer);
                }
                if (System.nanoTime() - paused > STALE_AFTER.toNanos()) {
                    assertThat(replica.judge(SERVICE).outcome()).isEqualTo(Outcome.DENY);
                    assertThat(replica.judge(SERVICE).code()).isEqualTo(ReasonCode.STALE);
                }
                return System.nanoTime() - paused >= QUIET.toNanos();
            });
            assertThat(refused).isEmpty();

            replica.resume();
            await(replica, decision -> decision.outcome() == Outcome.ALLOW);
        }
    }

    private static GateClient.Answer ask(GateClient gate) {
        try {
            return gate.ask(SERVICE).orElseThrow(() -> new AssertionError("the gate does not answer"));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitAllowed(GateClient gate) {
        await("the gate allows", LIMIT, () -> ask(gate), GateClient.Answer::allowed);
    }

    /**
     * Waits for the limit and the margin. From then on the gate must refuse until its knowledge is older by more than a
     * heartbeat: a delay alone would have ended.
     */
    private static void awaitStale(GateClient gate) {
        await(
                "the gate refuses what is stale",
                STALE_AFTER.plus(MARGIN),
                () -> ask(gate),
                GateClient.Answer::refusedAsStale);
        long grown = STALE_AFTER
                .plus(SluiceAssembly.HEARTBEAT)
                .plus(SluiceAssembly.HEARTBEAT)
                .toMillis();
        SluiceProcess.await("it stays stale", LIMIT, () -> {
            GateClient.Answer answer = ask(gate);
            assertThat(answer).matches(GateClient.Answer::refusedAsStale, "is refused as stale");
            return answer.json().at("/freshness/age_ms").asLong() > grown;
        });
    }

    private static void await(Replica replica, Predicate<Decision> expected) {
        await("the replica's answer", LIMIT, () -> replica.judge(SERVICE), expected);
    }

    /** Waits for an answer; fails with the last one. */
    private static <T> void await(String what, Duration limit, Supplier<T> question, Predicate<T> expected) {
        var last = new ArrayList<T>();
        try {
            SluiceProcess.await(what, limit, () -> {
                T answer = question.get();
                last.clear();
                last.add(answer);
                return expected.test(answer);
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; last: " + last, e);
        }
    }
}
