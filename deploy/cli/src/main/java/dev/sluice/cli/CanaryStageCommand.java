package dev.sluice.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice canary stage}: says that the traffic has changed. */
@Command(
        name = "stage",
        description = "Says that the next stage of a canary run has begun.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CanaryStageCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", description = "The run.")
    private String id = "";

    @Option(
            names = "--at",
            paramLabel = "TIME",
            converter = JudgeCommand.TimeConverter.class,
            description =
                    "When it began, at most 15 seconds ago (default: now). The same time again is the same stage.")
    private @Nullable Instant at;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or json: all of the run (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private ApiOptions api = new ApiOptions();

    CanaryStageCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CanaryRun run = new CanaryApi(api.client(console, null, CanaryApi.PATIENCE)).stage(id, at);
        console.out()
                .println(
                        output == OutputFormat.JSON
                                ? Documents.pretty(run.document())
                                : "%s: stage %d began at %s".formatted(run.id(), run.stage(), run.stageBegan()));
        return ExitStatus.OK;
    }
}
