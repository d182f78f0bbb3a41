package dev.sluice.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says that something of a canary run has changed. */
abstract class CanaryChangeCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", description = "The run.")
    private String id = "";

    @Option(
            names = "--at",
            paramLabel = "TIME",
            converter = JudgeCommand.TimeConverter.class,
            description =
                    "When that was, at most 15 seconds ago (default: now). The same time again is the same change.")
    private @Nullable Instant at;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or json: all of the run (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private ApiOptions api = new ApiOptions();

    CanaryChangeCommand(Console console) {
        this.console = console;
    }

    /** Says so. */
    abstract CanaryRun change(CanaryApi canaries, String run, @Nullable Instant when);

    /** Returns what has changed, in words. */
    abstract String told(CanaryRun run);

    @Override
    public Integer call() {
        CanaryRun run = change(new CanaryApi(api.client(console, null, CanaryApi.PATIENCE)), id, at);
        console.out()
                .println(output == OutputFormat.JSON ? Documents.pretty(run.document()) : run.id() + ": " + told(run));
        return ExitStatus.OK;
    }
}
