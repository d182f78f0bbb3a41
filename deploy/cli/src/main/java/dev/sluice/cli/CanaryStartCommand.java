package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.cli.judge.JudgeException;
import dev.sluice.cli.judge.YamlFile;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice canary start}: begins a canary run by a file. */
@Command(
        name = "start",
        description = "Starts the canary run that a file describes, and prints its id.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = "%nThe file is what POST /v1/canaries takes, in YAML or JSON. See docs/guides/canary.md.")
final class CanaryStartCommand implements Callable<Integer> {
    private static final String ID = "id";

    private final Console console;

    @Parameters(paramLabel = "FILE", description = "The run: service, environment and config, at least.")
    private Path file = Path.of("");

    @Option(
            names = "--id",
            paramLabel = "ID",
            description = "The run's id (default: that of the file, else a random one).")
    private @Nullable String id;

    @Option(names = "--baseline", paramLabel = "VERSION", description = "The version in place, instead of the file's.")
    private @Nullable String baseline;

    @Option(names = "--canary", paramLabel = "VERSION", description = "The new version, instead of the file's.")
    private @Nullable String canary;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, or json: all of the run (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private ApiOptions api = new ApiOptions();

    CanaryStartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ObjectNode start = read();
        put(start, ID, id);
        put(start, "baseline", baseline);
        put(start, "canary", canary);
        if (start.path(ID).isMissingNode() || start.path(ID).isNull()) {
            // or a request that is repeated would start another run
            start.put(ID, UUID.randomUUID().toString());
        }
        CanaryRun run = new CanaryApi(api.client(console, null, CanaryApi.PATIENCE)).start(start);
        console.out().println(output == OutputFormat.JSON ? Documents.pretty(run.document()) : run.id());
        return ExitStatus.OK;
    }

    private ObjectNode read() {
        JsonNode document;
        try {
            document = YamlFile.read(file);
        } catch (JudgeException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
        if (document instanceof ObjectNode start) {
            return start;
        }
        throw new CommandFailedException(file + " is no object: it has service, environment and config");
    }

    private static void put(ObjectNode start, String field, @Nullable String value) {
        if (value != null) {
            start.put(field, value);
        }
    }
}
