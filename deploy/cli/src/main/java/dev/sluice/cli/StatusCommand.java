package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice status}: does the Sluice of a data directory run, and how do its parts stand? */
@Command(
        name = "status",
        description = "Says whether Sluice runs, and how its parts stand.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:runs and is ready", "1:runs, but is not ready", "2:wrong usage", "3:does not run"})
final class StatusCommand implements Callable<Integer> {
    private static final int NOT_RUNNING = 3;

    private final Console console;

    @Mixin
    private DataOption data = new DataOption();

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        DataDirectory directory = data.directory(console);
        OptionalLong pid = directory.runningPid();
        if (pid.isEmpty()) {
            console.out().println("Sluice does not run (data directory " + directory.path() + ").");
            data.demoHint(console, "status").ifPresent(console.out()::println);
            return NOT_RUNNING;
        }
        console.out().printf("Sluice runs (process %d, data directory %s).%n", pid.getAsLong(), directory.path());
        JsonNode endpoints = directory.endpoints();
        if (endpoints.path("pid").asLong() != pid.getAsLong()) {
            console.out().println("It is still starting.");
            return ExitStatus.FAILED;
        }
        for (String name : new String[] {"url", "kafka", "clickhouse"}) {
            console.out().printf("  %-11s %s%n", name, endpoints.path(name).asText());
        }
        for (JsonNode part : directory.status().path("parts")) {
            console.out()
                    .printf(
                            "  %-11s %s%n",
                            part.path("name").asText(), part.path("state").asText());
        }
        return readiness(URI.create(endpoints.path("url").asText()));
    }

    private int readiness(URI url) {
        Answer answer = new ApiClient(url, null, Duration.ZERO).getOnce("/readyz");
        if (answer.isError()) {
            console.out().println(console.styled("yellow", "Not ready") + ": " + answer.problem());
            return ExitStatus.FAILED;
        }
        console.out().println(console.styled("green", "Ready") + ".");
        return ExitStatus.OK;
    }
}
