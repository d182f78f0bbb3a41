package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice dora}: sends the history of a repository and prints the quarters that Sluice makes of it. */
@Command(
        name = "dora",
        description = "Sends a repository's commits and releases to Sluice and prints its metrics per quarter.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DoraCommand implements Callable<Integer> {
    private static final int LARGEST_BATCH = 2000;

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--commits",
            required = true,
            paramLabel = "FILE",
            description = "CSV: sha, author_time, commit_time, parents (separated by spaces).")
    private Path commits = Path.of("");

    @Option(
            names = "--releases",
            required = true,
            paramLabel = "FILE",
            description = "CSV: tag, tag_time, sha; rows whose is_release is not 1 are left out.")
    private Path releases = Path.of("");

    @Option(
            names = "--service",
            paramLabel = "NAME",
            description = "The service (default: the name of the commits file without -commits.csv).")
    private @Nullable String service;

    @Option(
            names = "--environment",
            paramLabel = "NAME",
            defaultValue = "production",
            description = "The environment (default: ${DEFAULT-VALUE}).")
    private String environment = "";

    @Option(names = "--repository", paramLabel = "NAME", description = "The repository (default: the service's name).")
    private @Nullable String repository;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long to go on while Sluice is busy (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "500",
            description = "Events in one request (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--shuffle", paramLabel = "SEED", hidden = true, description = "Sends the events in another order.")
    private @Nullable Long shuffle;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            hidden = true,
            defaultValue = "1",
            description = "Sends each N times.")
    private int repeat;

    @Mixin
    private ApiOptions api = new ApiOptions();

    DoraCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        requireBetween("--batch", batch, LARGEST_BATCH);
        requireBetween("--timeout", timeoutSeconds, Integer.MAX_VALUE);
        requireBetween("--repeat", repeat, Integer.MAX_VALUE);
        String name = service == null ? nameOf(commits) : service;
        List<ObjectNode> events = ordered(
                GitHistory.read(commits, releases).events(repository == null ? name : repository, name, environment));
        ApiClient client = api.client(console, null, Duration.ofSeconds(timeoutSeconds));
        Instant received = new EventSender(client, console, batch).send("Sending " + name, events);
        var report = QuarterReport.of(new StoredPeriods(client, console).quarters(name, environment, received));
        if (output == OutputFormat.JSON) {
            console.out().println(Documents.pretty(report.toJson()));
        } else {
            report.toTable().print(console.out());
        }
        return ExitStatus.OK;
    }

    /** Returns the name of a file without its extension and what says which file it is. */
    static String nameOf(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "").replaceFirst("-commits$", "");
    }

    private List<ObjectNode> ordered(List<ObjectNode> events) {
        var all = new ArrayList<ObjectNode>();
        for (int i = 0; i < repeat; i++) {
            all.addAll(events);
        }
        if (shuffle != null) {
            Collections.shuffle(all, new Random(shuffle));
        }
        return all;
    }

    private void requireBetween(String option, int value, int highest) {
        if (value < 1 || value > highest) {
            throw new ParameterException(
                    spec.commandLine(), "%s must be between 1 and %d: %d".formatted(option, highest, value));
        }
    }
}
