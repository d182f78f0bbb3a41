package dev.sluice.standalone;

import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps ClickHouse running: when its process ends, it is started again on the same ports, after a pause that doubles
 * with every failure. Meanwhile gates answer from memory, and the store job waits.
 */
final class ClickHouseKeeper implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClickHouseKeeper.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    /** A server that has run so long did not fail at start. */
    private static final Duration STEADY = Duration.ofMinutes(1);

    static final String PART = "clickhouse";

    private final ClickHouseConfig config;
    private final Announcer announcer;
    private final PartBoard board;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread keeper;
    private volatile ClickHouseServer server;

    /**
     * Takes over a running server.
     *
     * @param server the server
     * @param config how it is started again, with the ports that it has
     */
    ClickHouseKeeper(ClickHouseServer server, ClickHouseConfig config, Announcer announcer, PartBoard board) {
        this.server = server;
        this.config = config;
        this.announcer = announcer;
        this.board = board;
        this.keeper = Threads.daemon("clickhouse-keeper").newThread(this::keep);
    }

    void start() {
        board.set(PART, "running");
        keeper.start();
    }

    private void keep() {
        Duration pause = FIRST_PAUSE;
        try {
            while (true) {
                long started = System.nanoTime();
                int code = server.exited().join();
                if (closing.getCount() == 0) {
                    return;
                }
                boolean steady = System.nanoTime() - started > STEADY.toNanos();
                pause = steady ? FIRST_PAUSE : pause;
                announcer.warn("ClickHouse has ended (exit code %d) and is started again; gates go on answering"
                        .formatted(code));
                board.set(PART, "restarting");
                pause = restart(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts the server until it runs; returns the pause before the next try, should there be one. */
    private Duration restart(Duration firstPause) throws InterruptedException {
        Duration pause = firstPause;
        while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            long started = System.nanoTime();
            try {
                server = ClickHouseServer.start(config);
                board.set(PART, "running");
                announcer.ok("ClickHouse runs again on " + server.httpUrl(), started);
                return pause;
            } catch (IllegalStateException e) {
                LOGGER.atWarn().setCause(e).log("ClickHouse does not start");
                announcer.warn("ClickHouse does not start: " + e.getMessage());
            }
        }
        return pause;
    }

    @Override
    public void close() {
        closing.countDown();
        server.close();
        try {
            keeper.join(Duration.ofSeconds(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
    }
}
