package dev.sluice.embedded;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The child JVM of {@link ClickHouseServer}: runs the ClickHouse engine as a server until its standard input ends,
 * which happens when the parent closes it or dies, or until SIGTERM.
 *
 * <p>The engine serves while one query runs that reads the process's standard input. That descriptor is replaced by a
 * private pipe; closing the pipe's other end makes the query, and with it the engine, return in good order.
 */
final class ClickHouseMain {
    /** Exit code: the engine returned without an error. */
    static final int STOPPED = 0;

    /** Exit code: the engine returned an error, which is on standard error. */
    static final int FAILED = 1;

    /** Exit code: another process uses the data directory. */
    static final int DIRECTORY_IN_USE = 3;

    /** Exit code: the library is of an older release than the data; the message is on standard error. */
    static final int TOO_OLD = 4;

    private static final int STANDARD_INPUT = 0;
    private static final int SIGHUP = 1;
    private static final int SIGINT = 2;
    private static final Pointer SIG_IGN = Pointer.createConstant(1);
    private static final int RTLD_NOW = 2; // without RTLD_GLOBAL: the engine's symbols stay its own
    private static final long ENGINE_STACK_BYTES = 64L << 20;
    private static final long STOP_LIMIT_MILLIS = TimeUnit.SECONDS.toMillis(30);
    private static final String SERVE_UNTIL_INPUT_ENDS = "SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; "
            + "SELECT * FROM file('-', 'LineAsString', 'line String') FORMAT Null SETTINGS max_execution_time = 0";

    private final NativeLibrary libc = NativeLibrary.getInstance("c");
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final int originalInput;
    private final int pipeEnd;

    private ClickHouseMain() {
        var ends = new Memory(2L * Integer.BYTES);
        requireSuccess(call("pipe", ends), "pipe");
        int readEnd = ends.getInt(0);
        pipeEnd = ends.getInt(Integer.BYTES);
        originalInput = requireSuccess(call("dup", STANDARD_INPUT), "dup");
        requireSuccess(call("dup2", readEnd, STANDARD_INPUT), "dup2");
        call("close", readEnd);
        // Ctrl-C in a terminal reaches the whole process group: the parent decides when the engine stops
        libc.getFunction("signal").invokePointer(new Object[] {SIGINT, SIG_IGN});
        libc.getFunction("signal").invokePointer(new Object[] {SIGHUP, SIG_IGN});
    }

    /** Runs the engine: {@code library configFile lockFile [versionOfTheData]}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 3 && arguments.length != 4) {
            throw new IllegalArgumentException("expected: library configFile lockFile [versionOfTheData]");
        }
        String written = arguments.length == 4 ? arguments[3] : "";
        int code;
        try (var lockChannel =
                FileChannel.open(Path.of(arguments[2]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            code = lockChannel.tryLock() == null
                    ? DIRECTORY_IN_USE
                    : new ClickHouseMain().run(arguments[0], arguments[1], written);
        }
        Runtime.getRuntime().halt(code); // skips the engine's static destructors, which are not safe to run here
    }

    private int run(String library, String configFile, String written) throws InterruptedException {
        var engine = NativeLibrary.getInstance(library, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW));
        String tooOld = tooOld(engine, Path.of(configFile), written);
        if (tooOld != null) {
            System.err.println(tooOld);
            return TOO_OLD;
        }
        // first of all calls: the engine's signal handlers would break the JVM's implicit null checks
        engine.getFunction("chdb_set_signal_handlers_enabled").invokeVoid(new Object[] {0});
        var error = new @Nullable String[1];
        // the engine's parser recurses deeply: a thread with a stack of the size that a main thread has
        var engineThread =
                new Thread(null, () -> error[0] = serve(engine, configFile), "clickhouse", ENGINE_STACK_BYTES);
        engineThread.start();
        var inputWatch = new Thread(this::stopWhenInputEnds, "input-watch");
        inputWatch.setDaemon(true);
        inputWatch.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndAwait(engineThread), "stop"));
        engineThread.join();
        String message = error[0];
        if (message == null) {
            return STOPPED;
        }
        System.err.println(message);
        return FAILED;
    }

    /** Returns why the library must not open the data, or null. */
    private static @Nullable String tooOld(NativeLibrary engine, Path configFile, String written) {
        String version =
                engine.getFunction("chdb_version").invokePointer(new Object[0]).getString(0);
        boolean older = ClickHouseVersion.in(version)
                .flatMap(own -> ClickHouseVersion.in(written).map(own::isOlderThan))
                .orElse(false);
        Path directory = configFile.toAbsolutePath().getParent();
        return older && directory != null ? EngineRecord.olderMessage(directory, version, written) : null;
    }

    /** Returns the engine's error, or null after a clean stop. */
    private static @Nullable String serve(NativeLibrary engine, String configFile) {
        var arguments = List.of(
                "clickhouse", "--multiquery", "--config-file=" + configFile, "--query=" + SERVE_UNTIL_INPUT_ENDS);
        var strings = new ArrayList<Memory>(); // keeps the native strings alive during the call
        var vector = new Memory((arguments.size() + 1L) * Native.POINTER_SIZE);
        vector.clear();
        for (int i = 0; i < arguments.size(); i++) {
            byte[] bytes = arguments.get(i).getBytes(StandardCharsets.UTF_8);
            var string = new Memory(bytes.length + 1L);
            string.clear();
            string.write(0, bytes, 0, bytes.length);
            strings.add(string);
            vector.setPointer((long) i * Native.POINTER_SIZE, string);
        }
        Pointer result = engine.getFunction("chdb_query_cmdline").invokePointer(new Object[] {strings.size(), vector});
        if (result == null) {
            return "the engine returned no result";
        }
        Pointer error = engine.getFunction("chdb_result_error").invokePointer(new Object[] {result});
        String message = error == null ? null : error.getString(0, StandardCharsets.UTF_8.name());
        engine.getFunction("chdb_destroy_query_result").invokeVoid(new Object[] {result});
        return message;
    }

    private void stopWhenInputEnds() {
        var buffer = new Memory(64);
        while (call("read", originalInput, buffer, buffer.size()) > 0) {
            // nothing that the parent writes has a meaning
        }
        stop();
    }

    private void stopAndAwait(Thread engineThread) {
        stop();
        try {
            engineThread.join(STOP_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        if (stopping.compareAndSet(false, true)) {
            call("close", pipeEnd);
        }
    }

    private int call(String function, Object... arguments) {
        return libc.getFunction(function).invokeInt(arguments);
    }

    private static int requireSuccess(int result, String function) {
        if (result < 0) {
            throw new IllegalStateException(function + " failed, errno " + Native.getLastError());
        }
        return result;
    }
}
