package dev.sluice.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A steady stream of deliveries: new deployments, some of them told twice, and now and then an event of a kind that
 * Sluice has no use for. Like a good client it sends each again, the same bytes, until it is acknowledged, and it
 * remembers what was acknowledged.
 */
final class DeliveryLoad implements AutoCloseable {
    static final List<String> SERVICES = List.of("checkout", "search", "mail");

    private static final String UNRELATED =
            "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/load\",\"type\":\"com.example.build\",\"data\":{}}";
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofMillis(50);
    private static final Duration CLOSE_LIMIT = Duration.ofMinutes(2);
    private static final String DUPLICATE = "duplicate";
    private static final int HISTORY_MINUTES = 5 * 24 * 60;

    private final GateClient gate;
    private final Random random;
    private final Duration interval;
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final List<ObservedDeployment> deployments = new ArrayList<>();
    private final Map<String, Set<String>> outcomes = new TreeMap<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean closed;
    private int number;
    private int resent;

    private DeliveryLoad(GateClient gate, long seed, Duration interval) {
        this.gate = gate;
        this.random = new Random(seed);
        this.interval = interval;
        this.thread = new Thread(this::run, "delivery-load");
    }

    /**
     * Starts to send.
     *
     * @param seed decides what is sent
     * @param interval from one delivery to the next, where acknowledgements are as fast
     */
    static DeliveryLoad start(GateClient gate, long seed, Duration interval) {
        var load = new DeliveryLoad(gate, seed, interval);
        load.thread.setDaemon(true);
        load.thread.setUncaughtExceptionHandler((thread, e) -> load.failure.set(e));
        load.thread.start();
        return load;
    }

    private void run() {
        try {
            long due = System.nanoTime();
            while (!closed) {
                sendNext();
                due = Math.max(due + interval.toNanos(), System.nanoTime() - interval.toNanos());
                LockSupport.parkNanos(due - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendNext() throws InterruptedException {
        number++;
        int kind = random.nextInt(20);
        if (kind == 0) {
            acknowledged(UNRELATED.formatted("unrelated-" + number), "ignored");
        } else if (kind == 1 && !deployments.isEmpty()) {
            acknowledged(deployments.get(random.nextInt(deployments.size())).event(), DUPLICATE);
        } else {
            var deployment = new ObservedDeployment(
                    "v" + number,
                    SERVICES.get(random.nextInt(SERVICES.size())),
                    random.nextInt(10) > 0,
                    now.minus(random.nextInt(HISTORY_MINUTES), ChronoUnit.MINUTES)
                            .minusMillis(number));
            acknowledged(deployment.event(), "events");
            synchronized (this) {
                deployments.add(deployment);
            }
        }
    }

    /** Sends until it is acknowledged. One that was sent before may have been taken without our knowing. */
    private void acknowledged(String event, String outcome) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            Optional<GateClient.Answer> answer = gate.send(event);
            if (answer.isPresent() && answer.get().status() == GateClient.ACCEPTED) {
                JsonNode receipt = answer.get().json().path("deliveries").path(0);
                Set<String> possible =
                        attempt == 0 || outcome.equals(DUPLICATE) ? Set.of(outcome) : Set.of(outcome, DUPLICATE);
                synchronized (this) {
                    resent += attempt;
                    outcomes.put(receipt.path("id").asText(), possible);
                }
                return;
            }
            if (answer.isPresent() && answer.get().status() != GateClient.UNAVAILABLE) {
                throw new AssertionError("refused for good: " + answer.get());
            }
            LockSupport.parkNanos(PAUSE_AFTER_REFUSAL.toNanos());
        }
    }

    /** Returns how many deliveries have been acknowledged. */
    synchronized int acknowledged() {
        Throwable found = failure.get();
        if (found != null) {
            throw new AssertionError("the load has ended", found);
        }
        return outcomes.size();
    }

    /** Returns how often something was sent again for want of an acknowledgement. */
    synchronized int resent() {
        return resent;
    }

    /** Returns what may have become of each acknowledged delivery, by its id. */
    synchronized Map<String, Set<String>> outcomes() {
        return new TreeMap<>(outcomes);
    }

    /** Returns the deployments that were acknowledged. */
    synchronized List<ObservedDeployment> deployments() {
        return List.copyOf(deployments);
    }

    /** Returns the acknowledged deployments of a service that succeeded. */
    long succeeded(String service) {
        return deployments().stream()
                .filter(deployment -> deployment.service().equals(service) && deployment.succeeded())
                .count();
    }

    /** Returns the acknowledged deployments of a service. */
    long attempted(String service) {
        return deployments().stream()
                .filter(deployment -> deployment.service().equals(service))
                .count();
    }

    /** Stops when the last delivery has been acknowledged. */
    void stop() throws InterruptedException {
        closed = true;
        thread.join(CLOSE_LIMIT.toMillis());
        acknowledged();
        if (thread.isAlive()) {
            throw new AssertionError("the last delivery was not acknowledged within " + CLOSE_LIMIT);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
