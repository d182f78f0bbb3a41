package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole process is killed again and again while deliveries come in and people look at the metrics. */
class KillUnderLoadIT {
    private static final long SEED = 20261124;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration DELIVERY_INTERVAL = Duration.ofMillis(15);
    private static final int LEAST_BETWEEN_KILLS = 60;
    private static final int MOST_BETWEEN_KILLS = 200;

    @TempDir
    private Path data;

    @Test
    @Tag("soak") // a minute; in the normal run RealHistoryKillIT and DoraJobRestartIT kill
    void nothingThatWasAcknowledgedIsLost_andNoAnswerGoesBack_whenKilledTwice() throws Exception {
        survives(2);
    }

    @Test
    @Tag("soak")
    void nothingThatWasAcknowledgedIsLost_andNoAnswerGoesBack_whenKilledTwentyTimes() throws Exception {
        survives(20);
    }

    private void survives(int kills) throws Exception {
        var random = new Random(SEED);
        int port = FreePorts.pick();
        var client = new GateClient(URI.create("http://127.0.0.1:" + port));
        try (DeliveryLoad deliveries = DeliveryLoad.start(client, SEED, DELIVERY_INTERVAL);
                var reader = new Reader(client)) {
            for (int kill = 0; kill < kills; kill++) {
                int more = LEAST_BETWEEN_KILLS + random.nextInt(MOST_BETWEEN_KILLS - LEAST_BETWEEN_KILLS);
                try (SluiceProcess sluice = SluiceProcess.launch(data, port).awaitReady()) {
                    int acknowledged = deliveries.acknowledged();
                    int answers = reader.answers();
                    SluiceProcess.await(
                            more + " more deliveries",
                            LIMIT,
                            () -> deliveries.acknowledged() - acknowledged >= more && reader.answers() > answers);
                    sluice.awaitCheckpoints(1);
                    sluice.kill();
                }
            }
            try (SluiceProcess sluice = SluiceProcess.launch(data, port).awaitReady()) {
                assertThat(sluice.output()).contains("job dora goes on from checkpoint");
                int answers = reader.answers();
                SluiceProcess.await("answers after the last start", LIMIT, () -> reader.answers() > answers + 50);
                deliveries.stop();
                assertNothingIsMissing(sluice, client, deliveries);
                assertThat(reader.wentBack()).as("seed %d", SEED).isEmpty();
            }
        }
    }

    private static void assertNothingIsMissing(SluiceProcess sluice, GateClient client, DeliveryLoad deliveries)
            throws IOException, InterruptedException {
        for (String service : DeliveryLoad.SERVICES) {
            SluiceProcess.await(
                    "all deployments of " + service + " are counted",
                    LIMIT,
                    () -> deployments(client, service).orElse(-1) >= deliveries.succeeded(service));
            assertThat(deployments(client, service))
                    .as("%s, seed %d", service, SEED)
                    .contains((int) deliveries.succeeded(service));
        }
        Map<String, Set<String>> possible = deliveries.outcomes();
        SluiceProcess.await("every delivery has its outcome", LIMIT, () -> {
            Map<String, String> stored = stored(sluice);
            return stored.keySet().containsAll(possible.keySet()) && !stored.containsValue("pending");
        });
        Map<String, String> stored = stored(sluice);
        possible.forEach((id, outcomes) ->
                assertThat(outcomes).as("%s, seed %d", id, SEED).contains(stored.getOrDefault(id, "none")));

        Set<String> sent = deliveries.deployments().stream()
                .map(deployment -> deployment.id() + " " + deployment.service() + " " + deployment.succeeded())
                .collect(Collectors.toSet());
        SluiceProcess.await(
                "all deployments are stored",
                LIMIT,
                () -> storedDeployments(sluice).containsAll(sent));
        assertThat(storedDeployments(sluice)).as("seed %d", SEED).containsExactlyInAnyOrderElementsOf(sent);
    }

    private static Map<String, String> stored(SluiceProcess sluice) {
        var stored = new TreeMap<String, String>();
        rows(sluice, "SELECT id, status FROM dash.deliveries").forEach(row -> stored.put(row.get(0), row.get(1)));
        return stored;
    }

    private static List<String> storedDeployments(SluiceProcess sluice) {
        return rows(sluice, "SELECT version, service, result = 'SUCCESS' ? 'true' : 'false' FROM dash.deployments")
                .stream()
                .map(row -> String.join(" ", row))
                .toList();
    }

    private static List<List<String>> rows(SluiceProcess sluice, String sql) {
        try {
            return SluiceAssembly.rows(sluice.sql(sql));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<Integer> deployments(GateClient client, String service) {
        try {
            return client.dora(service)
                    .filter(answer -> answer.status() == GateClient.OK)
                    .map(KillUnderLoadIT::count);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int count(GateClient.Answer answer) {
        return answer.json().at("/metrics/deployment_frequency/count").asInt();
    }

    /** Someone who reads the metrics without a pause, and notices when they show less than before. */
    private static final class Reader implements AutoCloseable {
        private static final Duration INTERVAL = Duration.ofMillis(10);

        private final GateClient client;
        private final Map<String, Integer> most = new ConcurrentHashMap<>();
        private final List<String> wentBack = new CopyOnWriteArrayList<>();
        private final AtomicInteger answers = new AtomicInteger();
        private final Thread thread = new Thread(this::run, "metrics-reader");
        private volatile boolean closed;

        Reader(GateClient client) {
            this.client = client;
            thread.setDaemon(true);
            thread.start();
        }

        private void run() {
            try {
                while (!closed) {
                    for (String service : DeliveryLoad.SERVICES) {
                        client.dora(service).ifPresent(answer -> read(service, answer));
                    }
                    LockSupport.parkNanos(INTERVAL.toNanos());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void read(String service, GateClient.Answer answer) {
            int before = most.getOrDefault(service, 0);
            if (answer.status() == GateClient.OK) {
                int now = count(answer);
                most.put(service, Math.max(before, now));
                answers.incrementAndGet();
                if (now < before) {
                    wentBack.add(Instant.now() + " " + service + " from " + before + " to " + now);
                }
            } else if (answer.status() == GateClient.NOT_FOUND && before > 0) {
                wentBack.add(Instant.now() + " " + service + " from " + before + " to unknown");
            }
        }

        /** Returns how many answers it has got. */
        int answers() {
            return answers.get();
        }

        /** Returns where an answer showed less than one before it. */
        List<String> wentBack() {
            return new ArrayList<>(wentBack);
        }

        @Override
        public void close() {
            closed = true;
            thread.interrupt();
        }
    }
}
