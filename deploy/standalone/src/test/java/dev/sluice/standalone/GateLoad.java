package dev.sluice.standalone;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Pipelines that ask a gate at a fixed rate, whatever it answers; every answer is kept. */
final class GateLoad implements AutoCloseable {
    private final GateClient gate;
    private final List<Asked> asked = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "gate-load");
        thread.setDaemon(true);
        return thread;
    });
    private int number;

    private GateLoad(GateClient gate) {
        this.gate = gate;
    }

    /** Starts to ask. */
    static GateLoad start(GateClient gate, Duration interval) {
        var load = new GateLoad(gate);
        var unused = load.timer.scheduleAtFixedRate(load::ask, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
        return load;
    }

    private void ask() {
        String service = DeliveryLoad.SERVICES.get(number++ % DeliveryLoad.SERVICES.size());
        try {
            Optional<GateClient.Answer> answer = gate.ask(service);
            synchronized (this) {
                asked.add(new Asked(service, answer.orElse(null)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how many questions were asked. */
    synchronized int size() {
        return asked.size();
    }

    /** Returns the questions from one on. */
    synchronized Answers since(int first) {
        return new Answers(List.copyOf(asked.subList(first, asked.size())));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /**
     * A question and what came of it.
     *
     * @param service the service
     * @param answer null where nobody answered
     */
    record Asked(String service, GateClient.@Nullable Answer answer) {
        boolean allowed() {
            return answer != null && answer.allowed();
        }
    }

    /** Answers of a span of time. */
    record Answers(List<Asked> all) {
        List<Asked> notAllowed() {
            return all.stream().filter(each -> !each.allowed()).toList();
        }

        /** Returns the time within which 99 of 100 were answered. */
        Duration p99() {
            List<Duration> sorted = all.stream()
                    .map(each -> requireNonNull(each.answer(), "answer").took())
                    .sorted()
                    .toList();
            return sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1);
        }
    }
}
