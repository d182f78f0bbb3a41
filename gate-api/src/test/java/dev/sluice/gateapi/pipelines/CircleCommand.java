package dev.sluice.gateapi.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the command of {@code circleci/orb.yml}, and a step after it, as CircleCI does. */
public final class CircleCommand {
    private static final Pattern PARAMETER = Pattern.compile("<< parameters\\.([a-z_]+) >>");

    private CircleCommand() {}

    /**
     * What the command leaves.
     *
     * @param run its step
     * @param later what a later step sees: decision, allowed, id and URL
     */
    public record Ran(Execution run, List<String> later) {
        /** Copies what is seen. */
        public Ran {
            later = List.copyOf(later);
        }
    }

    /**
     * Runs it.
     *
     * @param folder where the job runs
     * @param given the parameters that are given
     * @param environment of the job
     */
    public static Ran run(Path folder, Map<String, String> given, Map<String, String> environment) throws IOException {
        Execution.assumeInstalled("curl");
        JsonNode command = PipelineFiles.documents("circleci/orb.yml").get(0).at("/commands/gate");
        var parameters = new TreeMap<String, String>();
        command.path("parameters").properties().forEach(parameter -> {
            JsonNode byDefault = parameter.getValue().path("default");
            assertThat(byDefault.isMissingNode() && !given.containsKey(parameter.getKey()))
                    .as("parameter " + parameter.getKey() + " is missing")
                    .isFalse();
            parameters.put(parameter.getKey(), given.getOrDefault(parameter.getKey(), byDefault.asText()));
        });
        assertThat(parameters.keySet()).containsAll(given.keySet());
        Path bashEnv = Files.createTempFile(folder, "bash", ".env");
        var variables = new HashMap<String, String>(environment);
        variables.put("BASH_ENV", bashEnv.toString());
        JsonNode step = command.at("/steps/0/run");
        step.path("environment").properties().forEach(variable -> {
            variables.put(
                    variable.getKey(),
                    PARAMETER
                            .matcher(variable.getValue().asText())
                            .replaceAll(found -> Matcher.quoteReplacement(parameters.get(found.group(1)))));
        });
        Path script = Files.writeString(
                folder.resolve("command.sh"), step.path("command").asText());
        Execution run = Execution.of(folder, variables, step.path("shell").asText(), script.toString());
        Execution later = Execution.of(
                folder,
                Map.of("BASH_ENV", bashEnv.toString()),
                "bash",
                "-c",
                "printf '%s\\n' \"$SLUICE_DECISION\" \"$SLUICE_ALLOWED\" \"$SLUICE_DECISION_ID\" \"$SLUICE_DECISION_URL\"");
        assertThat(later.err()).isEmpty();
        return new Ran(run, later.out());
    }
}
