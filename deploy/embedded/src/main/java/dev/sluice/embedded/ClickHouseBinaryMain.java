package dev.sluice.embedded;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The child JVM of {@link ClickHouseServer} that watches a {@code clickhouse} binary: runs {@code clickhouse server} until
 * its own standard input ends, which happens when the parent closes it or dies, or until SIGTERM. Its exit code is the
 * binary's.
 *
 * <p>A binary does not read its input and would outlive a killed parent. It runs in a session of its own: Ctrl-C in a
 * terminal reaches the parent only, which decides when it stops; a second signal would make the binary drop what it
 * does.
 */
final class ClickHouseBinaryMain {
    private static final long TERMINATION_LIMIT_MILLIS = TimeUnit.SECONDS.toMillis(15);
    private static final long STOP_LIMIT_MILLIS = 2 * TERMINATION_LIMIT_MILLIS;

    private final ProcessBuilder builder;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);

    private @Nullable Process server;

    private ClickHouseBinaryMain(ProcessBuilder builder) {
        this.builder = builder;
    }

    /** Runs the binary: {@code binary configFile lockFile}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 3) {
            throw new IllegalArgumentException("expected: binary configFile lockFile");
        }
        int code;
        try (var lockChannel =
                FileChannel.open(Path.of(arguments[2]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            code = lockChannel.tryLock() == null
                    ? ClickHouseMain.DIRECTORY_IN_USE
                    : run(arguments[0], Path.of(arguments[1]));
        }
        Runtime.getRuntime().halt(code);
    }

    private static int run(String binary, Path config) throws IOException, InterruptedException {
        NativeLibrary.getInstance("c").getFunction("setsid").invokeInt(new Object[0]);
        var builder = new ProcessBuilder(List.of(binary, "server", LeftoverServers.configArgument(config)))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // without a terminal ClickHouse would watch itself from a second process
        builder.environment().put("CLICKHOUSE_WATCHDOG_ENABLE", "0");
        var watched = new ClickHouseBinaryMain(builder);
        // before there is a server: SIGTERM must not come between its start and the hook
        Runtime.getRuntime().addShutdownHook(new Thread(watched::stopAndAwait, "stop"));
        var inputWatch = new Thread(watched::stopWhenInputEnds, "input-watch");
        inputWatch.setDaemon(true);
        inputWatch.start();
        Process server = watched.start();
        int code = server == null ? ClickHouseMain.STOPPED : server.waitFor();
        // what a script started that did not become the server
        LeftoverServers.stop(config, left -> System.err.println("stopping process " + left.pid()));
        watched.ended.countDown();
        return code;
    }

    /** Returns the server, or null where it shall stop already. */
    private synchronized @Nullable Process start() throws IOException {
        if (!stopping.get()) {
            server = builder.start();
        }
        return server;
    }

    private synchronized @Nullable Process started() {
        return server;
    }

    private void stopWhenInputEnds() {
        try (InputStream input = System.in) {
            while (input.read() >= 0) {
                // nothing that the parent writes has a meaning
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            stop();
        }
    }

    private void stopAndAwait() {
        stop();
        try {
            if (!ended.await(STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                System.err.println("ClickHouse has not ended");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the server to stop, once; makes it stop if it does not. */
    private void stop() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        Process running = started();
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(TERMINATION_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                System.err.println("ClickHouse does not stop and is killed");
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
