package dev.sluice.gateapi.report.digest;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.report.digest.Schedule.Due;
import dev.sluice.gateapi.report.dora.DeliveryReports;
import dev.sluice.gateapi.report.dora.WrittenReport;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends digests when they are due, on one replica of several. Each is sent at least once: twice only if what was sent could
 * not be noted. One that is new begins with the next time that it is due; of those that were due while no replica ran, the
 * last one is sent. One that cannot be delivered is tried for a day.
 */
public final class DigestSender implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(DigestSender.class);
    private static final String GROUP = "sluice-digests";
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration REPORT_LIMIT = Duration.ofSeconds(60);
    private static final Duration MARK_LIMIT = Duration.ofSeconds(10);
    private static final int REPORTS_AT_ONCE = 1;
    private static final double JITTER = 0.1;
    private static final RetryPolicy<Object> UNTIL_NOTED = RetryPolicy.builder()
            .withBackoff(Duration.ofSeconds(1), Duration.ofMinutes(1))
            .withMaxAttempts(-1)
            .abortOn(InterruptedException.class)
            .build();

    private final String bootstrap;
    private final List<Digest> digests;
    private final DeliveryReports reports;
    private final DigestMarks marks;
    private final RetryPolicy<Object> retry;
    private final Clock clock;
    private final Counter sent;
    private final Counter waiting;
    private final Counter failed;
    private final Counter givenUp;
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(daemons("digests"));
    /** A digest that cannot be delivered keeps its thread, and no other waits for it. */
    private final ExecutorService sending = Executors.newCachedThreadPool(daemons("digest"));

    private final Semaphore writing = new Semaphore(REPORTS_AT_ONCE);
    private final Map<String, Future<?>> underWay = new HashMap<>();
    private @Nullable Leadership leadership;

    /**
     * Creates the sender; it sends when it is {@link #start started}.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param digests what is sent
     * @param reports makes the reports
     * @param views know what was sent
     * @param control notes what was sent
     * @param clock tells what is due
     * @param registry counts {@code sluice.digests} by {@code outcome}: {@code sent}, {@code waiting} for each time that the
     *     store was not far enough, {@code failed} for each time that one could not be delivered, and {@code given_up}
     */
    public DigestSender(
            String bootstrap,
            Digests digests,
            DeliveryReports reports,
            Views views,
            LogAppender control,
            Clock clock,
            MeterRegistry registry) {
        this.bootstrap = bootstrap;
        this.digests = digests.all();
        this.reports = reports;
        this.marks = new DigestMarks(views, control);
        this.retry = retry(Duration.ofSeconds(1), Duration.ofMinutes(30), Duration.ofDays(1));
        this.clock = clock;
        this.sent = outcome(registry, "sent");
        this.waiting = outcome(registry, "waiting");
        this.failed = outcome(registry, "failed");
        this.givenUp = outcome(registry, "given_up");
    }

    private static Counter outcome(MeterRegistry registry, String outcome) {
        return Counter.builder("sluice.digests")
                .description("Digests of delivery reports, by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            var thread = new Thread(task, "gate-api-" + name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Returns how it is tried again: at first soon, then less often, unless the receiver wants no more; it may also say when.
     *
     * @param first the first pause
     * @param longest the longest one
     * @param limit for how long it is tried
     */
    static RetryPolicy<Object> retry(Duration first, Duration longest, Duration limit) {
        return RetryPolicy.builder()
                .withBackoff(first, longest)
                .withDelayFnOn(
                        context -> ((UndeliveredException.Until) context.getLastException()).pause(),
                        UndeliveredException.Until.class)
                .withJitter(JITTER)
                .withMaxAttempts(-1)
                .withMaxDuration(limit)
                .abortOn(InterruptedException.class)
                .abortOn(failure -> failure instanceof UndeliveredException undelivered && undelivered.isFinal())
                .build();
    }

    /** Starts to send, and tells when each digest is due next; without a digest it does nothing. */
    public void start() {
        digests.forEach(digest -> LOGGER.atInfo()
                .addKeyValue("digest", digest.id())
                .addKeyValue("due", digest.schedule().nextDue(clock.instant()).at())
                .addKeyValue("target", digest.target())
                .log("digest is sent on a schedule"));
        if (!digests.isEmpty()) {
            var unused =
                    ticks.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        try {
            if (!marks.areRead()) {
                return;
            }
            if (isLeader()) {
                underWay.values().removeIf(Future::isDone);
                digests.stream()
                        .filter(digest -> !underWay.containsKey(digest.id()))
                        .forEach(this::sendIfDue);
            } else {
                cancelAll();
            }
        } catch (RuntimeException e) { // the edge of the thread: it goes on with the next tick
            LOGGER.atError().setCause(e).log("digests could not be looked at");
        }
    }

    private boolean isLeader() {
        if (leadership == null) {
            leadership = new Leadership(bootstrap, GROUP, Topic.CONTROL.topicName());
        }
        return leadership.held();
    }

    private void cancelAll() {
        underWay.values().forEach(each -> each.cancel(true));
        underWay.clear();
    }

    private void sendIfDue(Digest digest) {
        Instant now = clock.instant();
        Instant through = marks.through(digest).orElse(null);
        Due due = digest.schedule().lastDue(now);
        if (through == null) {
            begin(digest, () -> mark(digest, now));
        } else if (due.at().isAfter(through)) {
            begin(digest, () -> send(digest, due));
        }
    }

    private void begin(Digest digest, Runnable work) {
        underWay.put(digest.id(), sending.submit(() -> {
            try {
                work.run();
            } catch (RuntimeException e) { // the edge of the thread: the next tick begins it anew
                LOGGER.atError().setCause(e).addKeyValue("digest", digest.id()).log("digest not dealt with");
            }
        }));
    }

    private void send(Digest digest, Due due) {
        String name = digest.id() + "-" + due.day();
        try {
            Failsafe.with(retry).run(() -> deliver(digest, due, name));
            sent.increment();
            LOGGER.atInfo().addKeyValue("digest", name).log("digest sent");
        } catch (FailsafeException e) {
            if (e.getCause() instanceof InterruptedException) {
                return; // closed, or another replica goes on
            }
            givenUp.increment();
            LOGGER.atError()
                    .addKeyValue("digest", name)
                    .addKeyValue("error", reason(e))
                    .log("digest is given up");
        }
        mark(digest, due.at());
    }

    private void deliver(Digest digest, Due due, String name) throws UndeliveredException, InterruptedException {
        try {
            digest.target().deliver(name, report(digest, due), clock.instant());
        } catch (UndeliveredException.Early e) {
            waiting.increment();
            LOGGER.atInfo()
                    .addKeyValue("digest", name)
                    .addKeyValue("reason", e.getMessage())
                    .log("digest waits");
            throw e;
        } catch (UndeliveredException e) {
            failed.increment();
            LOGGER.atWarn()
                    .setCause(e.getCause())
                    .addKeyValue("digest", name)
                    .addKeyValue("error", e.getMessage())
                    .log("digest not delivered");
            throw e;
        }
    }

    private WrittenReport report(Digest digest, Due due) throws UndeliveredException, InterruptedException {
        writing.acquire();
        try {
            WrittenReport report = reports.write(digest.scope(), digest.from(due), digest.to(due))
                    .get(REPORT_LIMIT.toSeconds(), TimeUnit.SECONDS);
            Instant stored = report.storedThrough();
            if (stored == null || stored.isBefore(due.dayBegan())) {
                throw new UndeliveredException.Early(
                        "the store has not come to the end of these days yet, but to " + stored);
            }
            if (!report.known()) {
                LOGGER.atWarn()
                        .addKeyValue("digest", digest.id())
                        .addKeyValue("of", digest.scope())
                        .log("nothing is known of what a digest is of");
            }
            return report;
        } catch (ExecutionException e) {
            throw UndeliveredException.forNow("the report cannot be written: " + reason(e), e.getCause());
        } catch (TimeoutException e) {
            throw UndeliveredException.forNow("the report is not written within " + REPORT_LIMIT, e);
        } catch (RuntimeException e) { // refused, before it was asked for: see StoreQueries
            throw UndeliveredException.forNow("the report cannot be written: " + e.getMessage(), e);
        } finally {
            writing.release();
        }
    }

    /** Returns what the cause of a failure says. */
    private static String reason(Exception failure) {
        Throwable cause = failure.getCause();
        return String.valueOf((cause == null ? failure : cause).getMessage());
    }

    private void mark(Digest digest, Instant through) {
        try {
            Failsafe.with(UNTIL_NOTED)
                    .run(() ->
                            marks.mark(digest, through, clock.instant()).get(MARK_LIMIT.toSeconds(), TimeUnit.SECONDS));
        } catch (FailsafeException e) {
            LOGGER.atDebug().setCause(e).log("closed before it was noted");
        }
    }

    @Override
    public void close() {
        sending.shutdownNow();
        ticks.shutdownNow();
        try {
            if (ticks.awaitTermination(TICK.toSeconds(), TimeUnit.SECONDS) && leadership != null) {
                leadership.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
