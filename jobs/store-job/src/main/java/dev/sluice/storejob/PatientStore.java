package dev.sluice.storejob;

import dev.sluice.store.Store;
import dev.sluice.store.StoreUnavailableException;
import dev.sluice.store.Table;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store as one that never fails: a call that ClickHouse does not answer is repeated until it does, after 100 ms,
 * 200 ms and so on up to 2 s. The thread's interruption ends the waiting. The first call brings the database up to
 * date.
 */
final class PatientStore implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(PatientStore.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Store store;
    private final SinkWriterMetricGroup metrics;
    private boolean migrated;

    PatientStore(Store store, SinkWriterMetricGroup metrics) {
        this.store = store;
        this.metrics = metrics;
    }

    /** Inserts rows and returns those that will never be accepted. */
    List<Store.RefusedRow> insert(Table table, List<byte[]> rows) throws InterruptedException {
        migrate();
        List<Store.RefusedRow> refused = untilAnswered(() -> store.insert(table, rows));
        metrics.getNumRecordsSendCounter().inc(rows.size());
        return refused;
    }

    /** Brings the database up to date, once. */
    void migrate() throws InterruptedException {
        if (!migrated) {
            untilAnswered(store::migrate);
            migrated = true;
        }
    }

    @Override
    public void close() {
        store.close();
    }

    private <T> T untilAnswered(Supplier<T> call) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        long awaySinceNanos = 0;
        while (true) {
            try {
                T answer = call.get();
                if (awaySinceNanos != 0) {
                    LOGGER.atInfo()
                            .addKeyValue("duration_ms", (System.nanoTime() - awaySinceNanos) / 1_000_000)
                            .log("ClickHouse answers again");
                }
                return answer;
            } catch (StoreUnavailableException e) {
                metrics.getNumRecordsSendErrorsCounter().inc();
                if (awaySinceNanos == 0) {
                    awaySinceNanos = System.nanoTime();
                    LOGGER.atWarn().setCause(e).log("ClickHouse does not answer; nothing is lost, trying again");
                }
            }
            pause(pause);
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
    }

    private static void pause(Duration pause) throws InterruptedException {
        long end = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped while ClickHouse was away");
            }
            LockSupport.parkNanos(left);
        }
    }
}
