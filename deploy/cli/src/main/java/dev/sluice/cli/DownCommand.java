package dev.sluice.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice down}: stops the Sluice of a data directory and waits until it is gone. */
@Command(
        name = "down",
        description = "Stops Sluice and waits until it is gone; its data stays.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(45);

    private final Console console;

    @Mixin
    private DataOption data = new DataOption();

    DownCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DataDirectory directory = data.directory(console);
        OptionalLong pid = directory.runningPid();
        if (pid.isEmpty()) {
            console.out().println("Sluice does not run (data directory " + directory.path() + ").");
            data.demoHint(console, "down").ifPresent(console.out()::println);
            return ExitStatus.OK;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid.getAsLong());
        if (process.isPresent()) {
            console.progress("Stopping Sluice (process " + pid.getAsLong() + ") ...");
            process.get().destroy();
            await(process.get());
        }
        console.out().println("Sluice has stopped.");
        return ExitStatus.OK;
    }

    private static void await(ProcessHandle process) {
        try {
            process.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new CommandFailedException(
                    "process %d has not stopped within %d s; its log is in logs/ of the data directory"
                            .formatted(process.pid(), LIMIT.toSeconds()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted", e);
        } catch (ExecutionException e) {
            throw new AssertionError("waiting for a process cannot fail", e);
        }
    }
}
