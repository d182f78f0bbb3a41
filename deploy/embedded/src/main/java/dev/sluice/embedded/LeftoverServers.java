package dev.sluice.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Servers of a {@code clickhouse} binary that outlived the process that watched them. They are known by their command
 * line, which names the configuration of their directory.
 *
 * <p>Only who holds the directory's lock may look: while it is held, a server that runs on the directory is one that
 * nobody watches.
 */
final class LeftoverServers {
    private static final Duration TERMINATION_LIMIT = Duration.ofSeconds(15);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private LeftoverServers() {}

    /** The argument by which a server is started and known. */
    static String configArgument(Path config) {
        return "--config-file=" + config;
    }

    /**
     * Stops those of a configuration and returns when they are gone.
     *
     * @param found receives each before it is stopped
     * @throws ClickHouseStartException if one of them cannot be stopped
     */
    static void stop(Path config, Consumer<ProcessHandle> found) throws InterruptedException {
        for (ProcessHandle server : of(config)) {
            found.accept(server);
            server.destroy();
            if (!awaitExit(server, TERMINATION_LIMIT)) {
                server.destroyForcibly();
                if (!awaitExit(server, KILL_LIMIT)) {
                    throw new ClickHouseStartException(
                            "a ClickHouse that was left behind (process %d) runs with %s and cannot be stopped"
                                    .formatted(server.pid(), config));
                }
            }
        }
    }

    private static List<ProcessHandle> of(Path config) {
        String argument = configArgument(config);
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> process.info()
                        .arguments()
                        .map(arguments -> List.of(arguments).contains(argument))
                        .orElse(false))
                .toList();
    }

    private static boolean awaitExit(ProcessHandle process, Duration limit) throws InterruptedException {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("the end of a process cannot fail", e);
        }
    }
}
