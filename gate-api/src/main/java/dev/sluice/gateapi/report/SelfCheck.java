package dev.sluice.gateapi.report;

import dev.sluice.dora.DeliveryMetrics.Headline;
import dev.sluice.dora.PeriodRow;
import dev.sluice.store.SelfCheckReader;
import dev.sluice.store.SelfCheckReader.Recomputed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every night the metrics of some periods are added up from their facts again and compared with what the stream has
 * published. A difference that is there twice, with the store's usual lag between, is counted and logged: it should never be.
 */
public final class SelfCheck implements AutoCloseable {
    /** How many periods are looked at in a night. */
    static final int SAMPLE = 100;

    private static final Logger LOGGER = LoggerFactory.getLogger(SelfCheck.class);
    private static final LocalTime AT = LocalTime.of(3, 0);
    private static final Duration LAG = Duration.ofMinutes(1);
    /** Values are sums and quotients of whole numbers in both places. */
    private static final double TOLERANCE = 1e-9;

    private final StoreQueries store;
    private final Clock clock;
    private final Duration lag;
    private final Counter divergences;
    private final Counter compared;
    private final AtomicLong lastRun = new AtomicLong();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "gate-api-self-check");
        daemon.setDaemon(true);
        return daemon;
    });

    /**
     * Creates the check; it runs when it is {@link #start started}.
     *
     * @param store has the periods and the facts
     * @param clock tells when it is night
     * @param registry counts {@code sluice.divergence} and {@code sluice.self.check.compared}, and has {@code
     *     sluice.self.check.last.run.seconds}, when it ran last, in seconds since the epoch
     */
    public SelfCheck(StoreQueries store, Clock clock, MeterRegistry registry) {
        this(store, clock, LAG, registry);
    }

    /**
     * Creates the check with another lag.
     *
     * @param lag how long the store may be behind, in which one table of it knows more than another
     */
    public SelfCheck(StoreQueries store, Clock clock, Duration lag, MeterRegistry registry) {
        this.store = store;
        this.clock = clock;
        this.lag = lag;
        this.divergences = Counter.builder("sluice.divergence")
                .description("Metrics of periods that the facts do not add up to")
                .register(registry);
        this.compared = Counter.builder("sluice.self.check.compared")
                .description("Metrics of periods that the self-check has compared with the facts")
                .register(registry);
        Gauge.builder("sluice.self.check.last.run.seconds", lastRun, AtomicLong::get)
                .description("When the self-check ran last, in seconds since the epoch; 0 before the first time")
                .register(registry);
    }

    /** Runs it every night at three o'clock, UTC. */
    public void start() {
        schedule();
    }

    private void schedule() {
        Duration wait = untilNext(clock.instant());
        var unused = thread.schedule(
                () -> {
                    try {
                        run();
                    } catch (RuntimeException e) { // the edge of the thread: the next night it runs again
                        LOGGER.atWarn().setCause(e).log("self-check has not run");
                    } finally {
                        schedule();
                    }
                },
                wait.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Returns how long it is until it runs next. */
    static Duration untilNext(Instant now) {
        ZonedDateTime here = now.atZone(ZoneOffset.UTC);
        ZonedDateTime today = here.with(AT);
        return Duration.between(here, here.isBefore(today) ? today : today.plusDays(1));
    }

    /**
     * Looks at some periods now.
     *
     * @return how many differences were there twice
     */
    public int run() {
        var suspects = new ArrayList<PeriodRow>();
        List<PeriodRow> sample = ask(reader -> reader.sample(SAMPLE));
        for (PeriodRow period : sample) {
            if (!divergences(period).isEmpty()) {
                suspects.add(period);
            }
            compared.increment(period.metrics().headlines().size());
        }
        var found = new ArrayList<Divergence>();
        if (!suspects.isEmpty()) {
            await(lag);
            for (PeriodRow suspect : suspects) {
                ask(reader -> reader.again(suspect)).forEach(period -> found.addAll(divergences(period)));
            }
        }
        found.forEach(SelfCheck::tell);
        divergences.increment(found.size());
        lastRun.set(clock.instant().getEpochSecond());
        return found.size();
    }

    private List<Divergence> divergences(PeriodRow period) {
        return compare(period, ask(reader -> reader.recomputed(period)));
    }

    /** Returns the metrics of a period that the facts do not add up to. */
    static List<Divergence> compare(PeriodRow period, Map<String, Recomputed> recomputed) {
        var found = new ArrayList<Divergence>();
        for (Headline published : period.metrics().headlines()) {
            Recomputed facts = recomputed.get(published.metric());
            int n = facts == null ? 0 : facts.n();
            Double value = facts == null ? null : Double.valueOf(facts.value());
            // of a frequency the count is enough: a day of a zone may have 23 or 25 hours
            boolean isCount = published.metric().equals("deployment_frequency");
            if (n != published.n() || (!isCount && !isSame(published.value(), value))) {
                found.add(new Divergence(period, published.metric(), published.n(), published.value(), n, value));
            }
        }
        return found;
    }

    private static boolean isSame(@Nullable Double one, @Nullable Double other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return Math.abs(one - other) <= TOLERANCE * Math.max(Math.abs(one), Math.abs(other));
    }

    private <T> T ask(Function<SelfCheckReader, T> question) {
        try {
            return store.ask(database -> question.apply(database.selfCheck())).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static void await(Duration duration) {
        try {
            TimeUnit.MILLISECONDS.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(Divergence divergence) {
        PeriodRow period = divergence.period();
        LOGGER.atError()
                .addKeyValue("tenant", period.tenant())
                .addKeyValue("service", period.service())
                .addKeyValue("environment", period.environment())
                .addKeyValue("period", period.label())
                .addKeyValue("metric", divergence.metric())
                .addKeyValue("published", divergence.n() + ": " + divergence.value())
                .addKeyValue("facts", divergence.factsN() + ": " + divergence.factsValue())
                .log("a metric is not what its facts add up to");
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /**
     * A metric of a period that the facts do not add up to.
     *
     * @param period the period as published
     * @param metric the metric
     * @param n what is published
     * @param value what is published
     * @param factsN what the facts count
     * @param factsValue what they add up to
     */
    record Divergence(
            PeriodRow period,
            String metric,
            int n,
            @Nullable Double value,
            int factsN,
            @Nullable Double factsValue) {}
}
