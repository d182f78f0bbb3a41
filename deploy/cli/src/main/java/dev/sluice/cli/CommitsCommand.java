package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice commits}: tells Sluice the newest commits of a checkout, as a pipeline does before it deploys. */
@Command(
        name = "commits",
        description = "Sends the commits of a git checkout since a given one: SHA..HEAD.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:Sluice has them", "1:could not be read or sent", "2:wrong usage"})
final class CommitsCommand implements Callable<Integer> {
    private static final int BATCH = 500;

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--since",
            required = true,
            paramLabel = "SHA",
            description = "The commit before the first one that is sent, e.g. the one that was deployed last.")
    private String since = "";

    @Option(
            names = "--git",
            paramLabel = "PATH",
            defaultValue = ".",
            description = "The checkout (default: the current directory).")
    private Path git = Path.of("");

    @Option(
            names = "--repository",
            paramLabel = "NAME",
            description = "The repository (default: owner/name of the remote origin).")
    private @Nullable String repository;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to go on while Sluice is busy (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Mixin
    private ApiOptions api = new ApiOptions();

    CommitsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (timeoutSeconds < 1) {
            throw wrong("--timeout must be at least 1: " + timeoutSeconds);
        }
        if (since.isBlank()) {
            throw wrong("--since is empty: name the commit that was deployed last.");
        }
        GitCheckout.Reading reading = read();
        GitHistory history = reading.history();
        List<ObjectNode> events = history.commits().stream()
                .map(new Events(GitHistory.SOURCE)::of)
                .toList();
        ShallowNote.print(console, reading);
        if (!events.isEmpty()) {
            ApiClient client = api.client(console, null, Duration.ofSeconds(timeoutSeconds));
            new EventSender(client, console, BATCH).send("Sending commits", events);
        }
        console.out().printf("%s: %d commits sent%n", history.repository(), events.size());
        return ExitStatus.OK;
    }

    private GitCheckout.Reading read() {
        try (GitCheckout checkout = GitCheckout.open(git)) {
            String name = repository == null
                    ? checkout.originName()
                            .orElseThrow(
                                    () -> wrong(
                                            "The checkout has no remote origin with an owner: say which repository it is with --repository."))
                    : repository;
            return checkout.since(name, since);
        }
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }
}
