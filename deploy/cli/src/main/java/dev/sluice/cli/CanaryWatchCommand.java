package dev.sluice.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice canary watch}: how does a canary run stand, until its verdict? */
@Command(
        name = "watch",
        description = "Shows how a canary run stands, until there is a verdict.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "%nOn a terminal it is drawn anew in its place; elsewhere each change is a line.",
            "See docs/guides/canary.md."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:Successful",
            "1:Error, or the run cannot be read",
            "2:wrong usage",
            "10:Failed",
            "11:Inconclusive; with --once also Pending and Running"
        })
final class CanaryWatchCommand implements Callable<Integer> {
    private static final Duration PACE = Duration.ofSeconds(3);

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ID", description = "The run.")
    private String id = "";

    @Option(names = "--once", description = "Prints how it stands now, and ends.")
    private boolean once;

    @Option(
            names = "--follow",
            description =
                    "Goes on after a verdict, over further stages, until somebody says that the rollout has ended, or its horizon has.")
    private boolean follow;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description =
                    "How long to go on while Sluice is busy, or gone after it had answered (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(
            names = "--no-color",
            description = "No colours on a terminal; the environment variable NO_COLOR does the same.")
    private boolean noColor;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or json: the run in a line for each change (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private ApiOptions api = new ApiOptions();

    CanaryWatchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (once && follow) {
            throw wrong("Either --once or --follow.");
        }
        if (timeoutSeconds < 1) {
            throw wrong("--timeout must be at least 1: " + timeoutSeconds);
        }
        ApiClient client = api.client(console, null, Duration.ofSeconds(timeoutSeconds));
        var watch = new CanaryWatch(client, console, output(), PACE);
        CanaryRun run = once ? watch.once(id) : watch.untilOver(id, follow);
        return run.exitStatus();
    }

    private WatchOutput output() {
        if (output == OutputFormat.JSON) {
            return WatchOutput.asJson(console.out());
        }
        Console styled = noColor ? console.plain() : console;
        if (once) {
            return WatchOutput.whole(styled);
        }
        Terminal terminal = styled.terminal();
        return terminal == null
                ? WatchOutput.asLines(styled.out())
                : WatchOutput.onScreen(new Screen(styled.out(), terminal, styled.ansi()));
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
