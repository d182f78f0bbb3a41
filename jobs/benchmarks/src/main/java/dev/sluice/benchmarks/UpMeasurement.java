package dev.sluice.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.benchmarks.HttpConnection.Answer;
import dev.sluice.benchmarks.LoadGenerator.Load;
import dev.sluice.benchmarks.Measurement.Procedure;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sluice as users start it: how soon it is ready, what it takes while nothing happens, and how long an event needs to be
 * visible in the gate's answer while a thousand events come in each second.
 */
final class UpMeasurement implements Procedure {
    private static final int EVENTS_PER_SECOND = 1000;
    private static final int PROBES_PER_SECOND = 20;
    private static final int PROBED_SERVICES = 40;
    private static final int RECEIVING_CONNECTIONS = 8;
    /** Each waits for one event to be seen. */
    private static final int PROBING_CONNECTIONS = 12;

    private static final int COMMITS_PER_DEPLOYMENT = 2;
    private static final int ACCEPTED = 202;
    private static final int OK = 200;
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;
    private static final double GIBIBYTE = 1 << 30;
    private static final long SEED = 7;
    private static final Duration SEEN_LIMIT = Duration.ofSeconds(25);

    @Override
    public List<Figure> measure(Scale scale, Path directory) throws Exception {
        Path root = Path.of(System.getProperty("sluice.root", "")).toAbsolutePath();
        var figures = new ArrayList<Figure>();
        try (StandaloneProcess sluice = StandaloneProcess.start(root, directory.resolve("data"))) {
            figures.add(Figure.of("ready after", sluice.awaitReady().toMillis() / 1000.0, "s")
                    .within(Budget.atMost(60)));
            ProcessTree processes = sluice.processes();
            LockSupport.parkNanos(scale.seconds(15).toNanos());
            double settling = idleShare(processes, scale.seconds(20));
            LockSupport.parkNanos(scale.seconds(25).toNanos());
            double idle = idleShare(processes, scale.seconds(20));
            figures.add(Figure.of("idle, of one core", idle * 100, "%").within(Budget.atMost(5)));
            figures.add(Figure.of("idle within the first minute, while code is still compiled", settling * 100, "%"));
            double resident = processes.residentBytes() / GIBIBYTE;
            figures.addAll(load(scale, sluice.port()));
            double after = processes.residentBytes() / GIBIBYTE;
            figures.add(Figure.of("resident memory after the load, all processes", after, "GiB")
                    .within(Budget.atMost(4)));
            figures.add(Figure.of("resident memory when idle", resident, "GiB"));
            figures.add(Figure.of("processes", processes.count(), ""));
        }
        return figures;
    }

    private static double idleShare(ProcessTree processes, Duration duration) {
        Duration before = processes.cpu();
        long begin = System.nanoTime();
        LockSupport.parkNanos(duration.toNanos());
        long took = System.nanoTime() - begin;
        return (double) processes.cpu().minus(before).toNanos() / took;
    }

    private static List<Figure> load(Scale scale, int port) throws InterruptedException {
        Duration warmUp = scale.seconds(20);
        Duration measured = scale.seconds(25);
        int background = EVENTS_PER_SECOND - PROBES_PER_SECOND;
        int size = (int) (background * (warmUp.toSeconds() + measured.toSeconds() + 2));
        byte[][] requests = DeliveryHistory.of(SEED, size, COMMITS_PER_DEPLOYMENT, Instant.now()).events().stream()
                .map(UpMeasurement::request)
                .toArray(byte[][]::new);
        var sent = new AtomicIntegerArray(PROBED_SERVICES);
        var receiving = new LoadGenerator(port, RECEIVING_CONNECTIONS, new Numbered(requests));
        var probing = new LoadGenerator(port, PROBING_CONNECTIONS, (connection, index) -> probe(connection, sent));
        probing.open(PROBES_PER_SECOND, Duration.ofSeconds(2)).requireRight("the first probes", 0);
        both(receiving, background, probing, warmUp);
        Loads loads = both(receiving, background, probing, measured);
        var seen = loads.probed().latencies();
        var received = loads.received().latencies();
        return List.of(
                Figure.of("event sent until visible, p50", seen.percentileMillis(MEDIAN), "ms")
                        .within(Budget.atMost(150)),
                Figure.of("event sent until visible, p99", seen.percentileMillis(P99), "ms")
                        .within(Budget.atMost(1000)),
                Figure.of("event sent until visible, longest", seen.percentileMillis(1), "ms"),
                Figure.of("events followed", seen.count(), ""),
                Figure.of(
                        "events received",
                        loads.received().perSecond() + loads.probed().perSecond(),
                        "/s"),
                Figure.of("event sent until acknowledged, p50", received.percentileMillis(MEDIAN), "ms"),
                Figure.of("event sent until acknowledged, p99", received.percentileMillis(P99), "ms"));
    }

    private static Loads both(LoadGenerator receiving, int rate, LoadGenerator probing, Duration duration)
            throws InterruptedException {
        var probed = probing.openBeside(PROBES_PER_SECOND, duration);
        Load received = receiving.open(rate, duration).requireRight("receiving", 0);
        return new Loads(received, probed.join().requireRight("probing", 0));
    }

    /** Sends a deployment and asks until the service's metrics count it. */
    private static @Nullable String probe(HttpConnection connection, AtomicIntegerArray sent) throws IOException {
        int number = ThreadLocalRandom.current().nextInt(PROBED_SERVICES);
        String service = "probe-" + number;
        int expected = sent.incrementAndGet(number);
        String id = service + "-" + expected;
        Instant now = Instant.now();
        var event = new DeploymentObserved(
                new EventHeader(EventIds.of(id), "default", "probe", "d-0-0", now, now),
                DeploymentObserved.deploymentId("probe", id),
                service,
                DeliveryHistory.ENVIRONMENT,
                DeploymentState.SUCCESS,
                0,
                0,
                null,
                null,
                "v" + expected,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        Answer receipt = connection.send(request(event));
        if (receipt.status() != ACCEPTED) {
            return receipt.text();
        }
        byte[] question = HttpConnection.get(
                "/v1/dora?window=30d&service=" + service + "&environment=" + DeliveryHistory.ENVIRONMENT);
        var waiting = new Deadline(id + " is visible", SEEN_LIMIT);
        while (!isCounted(connection.send(question), expected)) {
            waiting.pause();
        }
        return null;
    }

    private static boolean isCounted(Answer answer, int expected) throws IOException {
        if (answer.status() != OK) {
            return false;
        }
        JsonNode metrics = Json.mapper().readTree(answer.body()).path("metrics");
        return metrics.path("deployment_frequency").path("count").asInt() >= expected;
    }

    /** Returns the request by which a source would send an event. */
    private static byte[] request(DeliveryEvent event) {
        try {
            var cloudEvent = (ObjectNode) Json.mapper().readTree(EventCodec.encode(event));
            // what only Sluice knows
            cloudEvent.remove(List.of("sluicetenant", "sluicedelivery", "sluicereceivedat"));
            return HttpConnection.post(
                    "/v1/events", "application/cloudevents+json", Json.mapper().writeValueAsBytes(cloudEvent));
        } catch (IOException e) {
            throw new IllegalStateException("an event that we have written is not JSON", e);
        }
    }

    private record Loads(Load received, Load probed) {}

    /** Sends requests one after the other, going on where the last load has stopped. */
    private static final class Numbered implements LoadGenerator.Exchange {
        private final byte[][] requests;
        private final AtomicInteger next = new AtomicInteger();

        Numbered(byte[][] requests) {
            this.requests = requests;
        }

        @Override
        public @Nullable String perform(HttpConnection connection, long index) throws IOException {
            Answer answer = connection.send(requests[next.getAndIncrement()]);
            return answer.status() == ACCEPTED ? null : answer.text();
        }
    }
}
