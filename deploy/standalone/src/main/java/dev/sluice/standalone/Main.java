package dev.sluice.standalone;

import dev.sluice.embedded.ClickHouseBinaryException;
import dev.sluice.embedded.ClickHouseLibraryException;
import dev.sluice.embedded.ClickHouseStartException;
import dev.sluice.embedded.PortTakenException;
import dev.sluice.gateapi.config.ConfigurationException;
import dev.sluice.store.MigrationException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * {@code sluice up}: starts Sluice, tells how that goes, and stays until it is told to stop (SIGINT, SIGTERM) or a part
 * fails for good. Exit status: 130 or 143 after a signal, 1 after a failure, 2 for wrong options.
 */
public final class Main {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    /** A clean stop takes about 3 s; what hangs longer is ended by force, its data being safe. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(14);

    /** System property of the logging configuration: the directory of the log. */
    private static final String LOG_DIRECTORY = "sluice.logs";

    private static final String LOG_FILE = "sluice.log";

    private Main() {}

    /** Runs Sluice with the options {@code --data DIR}, {@code --port PORT}, {@code --rebuild} and {@code --accept-loss}. */
    public static void main(String[] arguments) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        StandaloneConfig config;
        try {
            config = StandaloneConfig.of(List.of(arguments), System.getenv());
        } catch (IllegalArgumentException e) {
            out.println("sluice up: " + e.getMessage());
            out.println("usage: sluice up [--data DIR] [--port PORT] [--rebuild [--accept-loss]]");
            System.exit(USAGE);
            return;
        }
        int status = FAILED;
        try {
            status = run(config, out);
        } catch (Throwable e) { // the very top: also a class that is missing or does not fit is told
            out.println("[fail] Sluice does not run: " + e);
        }
        System.exit(status);
    }

    private static int run(StandaloneConfig config, PrintStream out) {
        DataDirectory data;
        try {
            data = DataDirectory.take(config.data());
        } catch (StartException e) {
            out.println("[fail] " + e.getMessage());
            return FAILED;
        }
        Path logs = data.directory("logs");
        // before the first logger
        System.setProperty(LOG_DIRECTORY, logs.toString());
        System.setProperty("logback.configurationFile", "sluice-logback.xml");
        var announcer = new Announcer(out);
        var sluice = new Sluice(config, announcer);
        var stopping = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(sluice, data, announcer, stopping), "stop"));
        long started = System.nanoTime();
        try {
            announcer.line("Starting Sluice in " + data.path());
            Sluice.Started ready = sluice.start(data);
            greet(announcer, ready.endpoints(), config.servers().flink(), started, logs);
            announcer.failed(ready.failure().get());
        } catch (Exception e) { // the edge of the process: whatever it is, it is told and ends it
            if (!stopping.get()) {
                LoggerFactory.getLogger(Main.class).atError().setCause(e).log("Sluice does not run");
                announcer.failed(sentence(e));
                announcer.line("       The log is " + logs.resolve(LOG_FILE));
            }
        }
        return FAILED;
    }

    private static void greet(
            Announcer announcer, Endpoints endpoints, @Nullable FlinkServer jobs, long startedNanos, Path logs) {
        announcer.ok("Sluice is ready", startedNanos);
        announcer.line("");
        announcer.line("  gate API     " + endpoints.url());
        announcer.line("  Kafka        " + endpoints.kafka());
        announcer.line("  ClickHouse   " + endpoints.clickhouse());
        announcer.line("  log          " + logs.resolve(LOG_FILE));
        announcer.line("");
        announcer.line(
                jobs == null
                        ? "Ctrl-C stops it; the data stays."
                        : "Ctrl-C stops it; the data stays, and the jobs on Flink at " + jobs.url() + " go on.");
    }

    /** Returns what went wrong as a sentence: what we throw on purpose is one, other things have a name. */
    private static String sentence(Exception failure) {
        boolean ours = failure instanceof StartException
                || failure instanceof PortTakenException
                || failure instanceof ClickHouseBinaryException
                || failure instanceof ClickHouseLibraryException
                || failure instanceof ClickHouseStartException
                || failure instanceof ConfigurationException
                || failure instanceof MigrationException;
        return ours ? String.valueOf(failure.getMessage()) : "Sluice does not run: " + failure;
    }

    private static void stop(Sluice sluice, DataDirectory data, Announcer announcer, AtomicBoolean stopping) {
        stopping.set(true);
        long started = System.nanoTime();
        announcer.line("");
        announcer.busy("stopping");
        announcer.fallSilent();
        var done = CompletableFuture.runAsync(
                sluice::close,
                task -> Threads.daemon("stop-parts").newThread(task).start());
        boolean clean;
        try {
            done.get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            clean = true;
        } catch (TimeoutException | ExecutionException e) {
            LoggerFactory.getLogger(Main.class).atWarn().setCause(e).log("did not stop cleanly");
            clean = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            clean = false;
        }
        data.close();
        announcer.speak();
        announcer.ok(clean ? "stopped" : "stopped by force; nothing that was acknowledged is lost", started);
    }
}
