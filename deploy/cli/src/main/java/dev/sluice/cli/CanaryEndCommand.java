package dev.sluice.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice canary end}: says that the rollout has ended. */
@Command(
        name = "end",
        description = "Ends a canary run: it takes no more points.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CanaryEndCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "ID", description = "The run.")
    private String id = "";

    @Option(
            names = "--at",
            paramLabel = "TIME",
            converter = JudgeCommand.TimeConverter.class,
            description = "When the rollout ended, at most 15 seconds ago (default: now).")
    private @Nullable Instant at;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or json: all of the run (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private ApiOptions api = new ApiOptions();

    CanaryEndCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CanaryRun run = new CanaryApi(api.client(console, null, CanaryApi.PATIENCE)).end(id, at);
        console.out()
                .println(
                        output == OutputFormat.JSON
                                ? Documents.pretty(run.document())
                                : "%s: ended at %s".formatted(run.id(), run.text("ended_at")));
        return ExitStatus.OK;
    }
}
