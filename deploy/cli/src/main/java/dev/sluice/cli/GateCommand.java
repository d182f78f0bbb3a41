package dev.sluice.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice gate}: may this version go there? */
@Command(
        name = "gate",
        description = "Asks whether a version may go to an environment.",
        sortOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:go",
            "1:could not ask, or the gate could not judge",
            "2:wrong usage",
            "10:no-go",
            "11:not yet"
        })
final class GateCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Console console;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it; its own mixin would take --version
    private boolean help;

    @Option(names = "--service", required = true, paramLabel = "NAME", description = "The service.")
    private String service = "";

    @Option(names = "--environment", required = true, paramLabel = "NAME", description = "Where it shall go.")
    private String environment = "";

    @Option(names = "--version", required = true, paramLabel = "VERSION", description = "What shall go there.")
    private String version = "";

    @Option(names = "--gate", paramLabel = "NAME", description = "The gate (default: the environment's name).")
    private @Nullable String gate;

    @Option(names = "--digest", paramLabel = "DIGEST", description = "The artifact's digest, e.g. sha256:...")
    private @Nullable String digest;

    @Option(names = "--commit", paramLabel = "SHA", description = "The artifact's commit.")
    private @Nullable String commit;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private ApiOptions api = new ApiOptions();

    GateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        var question = new GateAnswer.Question(
                gate == null ? environment : gate, service, environment, version, digest, commit);
        GateAnswer answer = GateAnswer.ask(api.client(console, null, PATIENCE), question);
        if (output == OutputFormat.JSON) {
            console.out().println(Documents.pretty(answer.decision()));
        } else {
            answer.print(console);
        }
        return answer.exitStatus();
    }
}
