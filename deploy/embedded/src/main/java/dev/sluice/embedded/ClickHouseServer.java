package dev.sluice.embedded;

import com.sun.jna.Native;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ClickHouse server in a child JVM, on 127.0.0.1.
 *
 * <p>The child lives no longer than this process: it stops when its standard input ends, which the system sees to even
 * after {@code kill -9} of this process. Rows whose insert was acknowledged are there after the child or this process
 * was killed; a loss of power may cost the newest of them.
 *
 * <p>One directory belongs to one running server. A start on the directory of an engine that is still stopping waits
 * until it has.
 *
 * <p>Tables belong into a database of engine {@code Atomic}; users exist in the configuration only.
 */
public final class ClickHouseServer implements AutoCloseable {
    /** The user that owns everything where there is no password. */
    public static final String DEFAULT_USER = "default";

    /** The user that owns everything where there is a password. */
    public static final String OWNER = "sluice";

    /** The user that may only select, if it has a password. */
    public static final String READER = "reader";

    private static final Logger LOGGER = LoggerFactory.getLogger(ClickHouseServer.class);
    private static final Duration DIRECTORY_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Duration TERMINATION_LIMIT = Duration.ofSeconds(10);
    private static final int PING_TIMEOUT_MILLIS = 2000;
    private static final long POLL_MILLIS = 25;

    private final Process process;
    private final int httpPort;
    private final int tcpPort;
    private final String user;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ClickHouseServer(Process process, int httpPort, int tcpPort, String user) {
        this.process = process;
        this.httpPort = httpPort;
        this.tcpPort = tcpPort;
        this.user = user;
    }

    /**
     * Starts a server and returns when it answers. The engine's library is installed first if it is not there, see
     * {@link ClickHouseLibrary}.
     *
     * @throws PortTakenException if another process listens on a configured port
     * @throws ClickHouseLibraryException if the engine's library is not there and cannot be installed
     * @throws ClickHouseStartException if another process keeps the directory, or the child ends or does not answer in
     *     time; its output's end is in the message
     */
    public static ClickHouseServer start(ClickHouseConfig config) {
        var configured = config.library();
        var library = configured == null
                ? ClickHouseLibrary.locate(
                        line -> LOGGER.atInfo().addKeyValue("line", line).log("installing the ClickHouse engine"))
                : ClickHouseLibrary.requireFile(configured, "the configured ClickHouse library");
        long startedNanos = System.nanoTime();
        var files = new ClickHouseFiles(config.directory());
        ClickHouseServer server;
        try {
            files.createDirectories();
            awaitDirectory(files);
            int httpPort = FreePorts.resolve(config.httpPort(), "the HTTP interface of ClickHouse");
            int tcpPort = FreePorts.resolve(config.tcpPort(), "the native protocol of ClickHouse");
            files.write(config, httpPort, tcpPort);
            String user = config.password() == null ? DEFAULT_USER : OWNER;
            server = new ClickHouseServer(launch(library, files), httpPort, tcpPort, user);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start ClickHouse in " + config.directory(), e);
        }
        try {
            server.awaitAnswer(files, startedNanos + config.startLimit().toNanos());
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        LOGGER.atInfo()
                .addKeyValue("directory", config.directory())
                .addKeyValue("http_port", server.httpPort)
                .addKeyValue("tcp_port", server.tcpPort)
                .addKeyValue("pid", server.pid())
                .addKeyValue("duration_ms", (System.nanoTime() - startedNanos) / 1_000_000)
                .log("ClickHouse started");
        return server;
    }

    /** The base of the HTTP interface, without a slash at the end. */
    public URI httpUrl() {
        return URI.create("http://127.0.0.1:" + httpPort);
    }

    /** The port of the HTTP interface on 127.0.0.1. */
    public int httpPort() {
        return httpPort;
    }

    /** The port of the native protocol on 127.0.0.1. */
    public int tcpPort() {
        return tcpPort;
    }

    /** Whom to log in as: {@link #DEFAULT_USER} without a password, else {@link #OWNER} with it. */
    public String user() {
        return user;
    }

    /** The process id of the child JVM. */
    public long pid() {
        return process.pid();
    }

    /** Whether the child JVM runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Completes with the child's exit code when it ends, also when nobody asked it to. */
    public CompletableFuture<Integer> exited() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /**
     * Stops the server and returns when it is gone: by the end of its input, after 20 s by SIGTERM, after 10 s more by
     * SIGKILL. The engine waits up to 5 s for open connections, idle ones too. A second call does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOGGER.atDebug().setCause(e).log("the input of ClickHouse was closed already");
        }
        if (!awaitExit(STOP_LIMIT)) {
            LOGGER.atWarn().addKeyValue("pid", pid()).log("ClickHouse does not stop, sending SIGTERM");
            process.destroy();
            if (!awaitExit(TERMINATION_LIMIT)) {
                LOGGER.atWarn().addKeyValue("pid", pid()).log("ClickHouse does not stop, sending SIGKILL");
                process.destroyForcibly();
                awaitExit(TERMINATION_LIMIT);
            }
        }
        LOGGER.atInfo().addKeyValue("pid", pid()).log("ClickHouse stopped");
    }

    /** Returns when no process holds the directory, so that its ports are free too. */
    private static void awaitDirectory(ClickHouseFiles files) throws IOException {
        long deadline = System.nanoTime() + DIRECTORY_LIMIT.toNanos();
        while (!isUnused(files.lock())) {
            if (System.nanoTime() - deadline > 0) {
                throw new ClickHouseStartException(
                        "another ClickHouse uses %s: one directory belongs to one running server, stop the other one"
                                .formatted(files.directory()));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
        }
    }

    private static boolean isUnused(Path lockFile) throws IOException {
        try (var channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // another thread of this JVM asks the same question
        }
    }

    private static Process launch(Path library, ClickHouseFiles files) throws IOException {
        var classPath = new LinkedHashSet<String>();
        classPath.add(codeSource(ClickHouseMain.class));
        classPath.add(codeSource(Native.class));
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + files.temporary(),
                "-Djna.tmpdir=" + files.temporary(),
                "-cp",
                String.join(File.pathSeparator, classPath),
                ClickHouseMain.class.getName(),
                library.toString(),
                files.config().toString(),
                files.lock().toString());
        var builder = new ProcessBuilder(command)
                .directory(files.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(files.output().toFile());
        // options meant for this JVM are not for the child
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        return builder.start();
    }

    private static String codeSource(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IllegalStateException(type.getName() + " was not loaded from a file");
        }
        try {
            return Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(type.getName() + " was loaded from " + source.getLocation(), e);
        }
    }

    private void awaitAnswer(ClickHouseFiles files, long deadlineNanos) {
        while (!answers()) {
            if (awaitExit(Duration.ofMillis(POLL_MILLIS))) {
                throw new ClickHouseStartException(
                        process.exitValue() == ClickHouseMain.DIRECTORY_IN_USE
                                ? "another ClickHouse has just started in " + files.directory()
                                : "ClickHouse ended with exit code %d while starting in %s: %s"
                                        .formatted(process.exitValue(), files.directory(), files.outputTail()));
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new ClickHouseStartException(
                        "ClickHouse in %s did not answer in time: %s".formatted(files.directory(), files.outputTail()));
            }
        }
    }

    private boolean answers() {
        try {
            var connection =
                    (HttpURLConnection) httpUrl().resolve("/ping").toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(PING_TIMEOUT_MILLIS);
            connection.setReadTimeout(PING_TIMEOUT_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false; // not yet listening
        }
    }

    private boolean awaitExit(Duration limit) {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // whoever interrupts wants this thread to end: the child must not outlive it
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
