package dev.sluice.embedded;

import static java.util.Objects.requireNonNull;

import com.sun.jna.Native;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ClickHouse server on 127.0.0.1: the engine's library in a child JVM, or a {@code clickhouse} binary that a child JVM
 * watches.
 *
 * <p>The child lives no longer than this process: it stops when its standard input ends, which the system sees to even
 * after {@code kill -9} of this process. Rows whose insert was acknowledged are there after the child or this process
 * was killed; a loss of power may cost the newest of them.
 *
 * <p>One directory belongs to one running server. A start on the directory of an engine that is still stopping waits
 * until it has; a binary that was left behind, because the JVM that watches it was killed, is stopped first.
 *
 * <p>A directory keeps to the kind of engine that answered on it first, and to its release or a later one.
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

    /** Longer than either child takes after SIGTERM before it ends in any case. */
    private static final Duration INTERRUPTION_LIMIT = Duration.ofSeconds(35);

    private static final int ANSWER_TIMEOUT_MILLIS = 2000;
    private static final long POLL_MILLIS = 25;

    private final Process process;
    private final int httpPort;
    private final int tcpPort;
    private final String user;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable ClickHouseVersion version;

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
     * @throws ClickHouseStartException if another process keeps the directory, or another kind of engine or a later
     *     release wrote it, or the child ends or does not answer in time; its output's end is in the message
     */
    public static ClickHouseServer start(ClickHouseConfig config) {
        ClickHouseEngine engine = engine(config);
        long startedNanos = System.nanoTime();
        var files = new ClickHouseFiles(config.directory());
        ClickHouseServer server;
        EngineRecord record;
        try {
            files.createDirectories();
            record = takeDirectory(files, engine);
            int httpPort = FreePorts.resolve(config.httpPort(), "the HTTP interface of ClickHouse");
            int tcpPort = FreePorts.resolve(config.tcpPort(), "the native protocol of ClickHouse");
            files.write(config, engine.kind(), httpPort, tcpPort);
            String user = config.password() == null ? DEFAULT_USER : OWNER;
            server = new ClickHouseServer(launch(engine, record, files), httpPort, tcpPort, user);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start ClickHouse in " + config.directory(), e);
        }
        ClickHouseVersion version;
        try {
            version = server.awaitAnswer(
                    config, files, startedNanos + config.startLimit().toNanos());
            record.withVersion(version).write(files);
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException("cannot write " + files.engine(), e);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        server.version = version;
        LOGGER.atInfo()
                .addKeyValue("directory", config.directory())
                .addKeyValue("engine", engine.description())
                .addKeyValue("version", version)
                .addKeyValue("http_port", server.httpPort)
                .addKeyValue("tcp_port", server.tcpPort)
                .addKeyValue("pid", server.pid())
                .addKeyValue("duration_ms", (System.nanoTime() - startedNanos) / 1_000_000)
                .log("ClickHouse started");
        return server;
    }

    private static ClickHouseEngine engine(ClickHouseConfig config) {
        ClickHouseEngine configured = config.engine();
        if (configured == null) {
            return new ClickHouseEngine.Library(ClickHouseLibrary.locate(
                    line -> LOGGER.atInfo().addKeyValue("line", line).log("installing the ClickHouse engine")));
        }
        if (configured instanceof ClickHouseEngine.Library library) {
            ClickHouseLibrary.requireFile(library.file(), "the configured ClickHouse library");
        }
        return configured;
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

    /** The version that the server says it has. */
    public ClickHouseVersion version() {
        return requireNonNull(version, "known since the start");
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
     * SIGKILL; a binary by SIGTERM, after 15 s by SIGKILL. The engine waits up to 5 s for open connections, idle ones too.
     * A second call does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        closeInput();
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

    /**
     * Returns when no process holds the directory, so that its ports are free too, and the engine may go on with what is
     * in it.
     */
    private static EngineRecord takeDirectory(ClickHouseFiles files, ClickHouseEngine engine) throws IOException {
        long deadline = System.nanoTime() + DIRECTORY_LIMIT.toNanos();
        while (true) {
            try (var channel = FileChannel.open(files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var lock = channel.tryLock()) {
                if (lock != null) {
                    EngineRecord record = EngineRecord.require(files, engine);
                    boolean ofAnotherKind = EngineRecord.isOfAnotherKind(files, engine.kind());
                    if (ofAnotherKind || engine.kind() == ClickHouseEngine.Kind.BINARY) {
                        stopLeftovers(files);
                    }
                    if (ofAnotherKind) {
                        files.deleteData(); // of an engine that has never answered
                    }
                    record.write(files);
                    return record;
                }
            } catch (OverlappingFileLockException e) {
                LOGGER.atTrace().log("another thread of this JVM takes the directory");
            }
            if (System.nanoTime() - deadline > 0) {
                throw new ClickHouseStartException(
                        "another ClickHouse uses %s: one directory belongs to one running server, stop the other one"
                                .formatted(files.directory()));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
        }
    }

    private static void stopLeftovers(ClickHouseFiles files) throws IOException {
        try {
            LeftoverServers.stop(
                    files.realConfig(),
                    server -> LOGGER.atWarn()
                            .addKeyValue("pid", server.pid())
                            .log("a ClickHouse that was left behind is stopped"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClickHouseStartException("interrupted while a ClickHouse that was left behind stopped", e);
        }
    }

    private static Process launch(ClickHouseEngine engine, EngineRecord record, ClickHouseFiles files)
            throws IOException {
        var classPath = new LinkedHashSet<String>();
        classPath.add(codeSource(ClickHouseMain.class));
        classPath.add(codeSource(Native.class));
        boolean binary = engine.kind() == ClickHouseEngine.Kind.BINARY;
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                binary ? "-Xmx16m" : "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + files.temporary(),
                "-Djna.tmpdir=" + files.temporary(),
                "-cp",
                String.join(File.pathSeparator, classPath),
                (binary ? ClickHouseBinaryMain.class : ClickHouseMain.class).getName(),
                engine.file().toAbsolutePath().toString(),
                files.realConfig().toString(),
                files.lock().toString()));
        ClickHouseVersion written = record.version();
        if (!binary && written != null) {
            command.add(written.text());
        }
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

    /** Returns when the server answers, with its version. */
    private ClickHouseVersion awaitAnswer(ClickHouseConfig config, ClickHouseFiles files, long deadlineNanos) {
        String failure;
        do {
            try {
                return askVersion(config.password());
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage()); // not yet listening
            }
            boolean ended = awaitExit(Duration.ofMillis(POLL_MILLIS));
            if (Thread.currentThread().isInterrupted()) {
                throw new ClickHouseStartException("interrupted while ClickHouse started in " + files.directory());
            }
            if (ended) {
                throw new ClickHouseStartException(endedAtStart(files));
            }
        } while (System.nanoTime() - deadlineNanos <= 0);
        throw new ClickHouseStartException("ClickHouse in %s did not answer in time (%s): %s"
                .formatted(files.directory(), failure, files.outputTail()));
    }

    private String endedAtStart(ClickHouseFiles files) {
        return switch (process.exitValue()) {
            case ClickHouseMain.DIRECTORY_IN_USE -> "another ClickHouse has just started in " + files.directory();
            case ClickHouseMain.TOO_OLD -> files.outputTail();
            default ->
                "ClickHouse ended with exit code %d while starting in %s: %s"
                        .formatted(process.exitValue(), files.directory(), files.outputTail());
        };
    }

    private ClickHouseVersion askVersion(@Nullable String password) throws IOException {
        var connection = (HttpURLConnection)
                httpUrl().resolve("/?query=SELECT%20version()").toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(ANSWER_TIMEOUT_MILLIS);
        connection.setReadTimeout(ANSWER_TIMEOUT_MILLIS);
        connection.setRequestProperty("Connection", "close"); // a server that stops waits for open ones
        if (password != null) {
            connection.setRequestProperty("X-ClickHouse-User", user);
            connection.setRequestProperty("X-ClickHouse-Key", password);
        }
        try {
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("status " + connection.getResponseCode());
            }
            try (InputStream body = connection.getInputStream()) {
                String answer = new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
                return ClickHouseVersion.in(answer).orElseThrow(() -> new IOException("no version: " + answer));
            }
        } finally {
            connection.disconnect();
        }
    }

    private void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOGGER.atDebug().setCause(e).log("the input of ClickHouse was closed already");
        }
    }

    private boolean awaitExit(Duration limit) {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            stopInterrupted();
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * Stops the child for a thread that shall end: the child must not outlive it. It is not killed at once, for then
     * nobody would stop the binary that it watches.
     */
    private void stopInterrupted() {
        closeInput();
        process.destroy();
        if (!awaitExitUninterrupted(INTERRUPTION_LIMIT)) {
            LOGGER.atWarn().addKeyValue("pid", pid()).log("ClickHouse does not stop, sending SIGKILL");
            process.destroyForcibly();
            awaitExitUninterrupted(TERMINATION_LIMIT);
        }
    }

    private boolean awaitExitUninterrupted(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true; // told once is enough
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
