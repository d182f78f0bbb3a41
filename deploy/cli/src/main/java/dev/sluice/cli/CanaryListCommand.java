package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice canary list}: which canary runs are there? */
@Command(
        name = "list",
        description = "Lists the canary runs, the newest first, at most 200.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CanaryListCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--service", paramLabel = "NAME", description = "Only those of this service.")
    private @Nullable String service;

    @Option(names = "--environment", paramLabel = "NAME", description = "Only those of this environment.")
    private @Nullable String environment;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private ApiOptions api = new ApiOptions();

    CanaryListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Map<String, String> filter = new LinkedHashMap<>();
        if (service != null) {
            filter.put("service", service);
        }
        if (environment != null) {
            filter.put("environment", environment);
        }
        JsonNode listed = new CanaryApi(api.client(console, null, CanaryApi.PATIENCE)).list(filter);
        if (output == OutputFormat.JSON) {
            console.out().println(Documents.pretty(listed));
            return ExitStatus.OK;
        }
        var table = new TextTable(
                "RUN", "SERVICE", "ENVIRONMENT", "BASELINE", "CANARY", "STATE", "STAGE", "STARTED", "ENDED");
        for (JsonNode element : listed.path("canaries")) {
            var run = new CanaryRun(element);
            table.add(
                    run.id(),
                    run.text("service"),
                    run.text("environment"),
                    orNone(run.text("baseline")),
                    orNone(run.text("canary")),
                    run.state(),
                    Integer.toString(run.stage()),
                    run.text("started_at"),
                    orNone(run.text("ended_at")));
        }
        table.print(console.out());
        return ExitStatus.OK;
    }

    private static String orNone(String text) {
        return text.isEmpty() ? Figures.NONE : text;
    }
}
