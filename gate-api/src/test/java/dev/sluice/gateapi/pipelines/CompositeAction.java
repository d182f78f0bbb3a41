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

/** Runs {@code github/action.yml} as a runner of GitHub Actions does. */
public final class CompositeAction {
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{ ([a-z_.-]+) }}");

    private CompositeAction() {}

    /**
     * What a step that uses the action leaves.
     *
     * @param run the script of its only step
     * @param outputs by name
     * @param summary what is shown of the step
     */
    public record Used(Execution run, Map<String, String> outputs, String summary) {
        /** Copies the outputs. */
        public Used {
            outputs = Map.copyOf(outputs);
        }

        /** Returns what the runner takes for commands. */
        public List<String> commands() {
            return WorkflowCommands.of(run.out());
        }
    }

    /**
     * Runs it.
     *
     * @param folder the workspace
     * @param with the inputs that are given
     * @param environment variables of the job
     */
    public static Used use(Path folder, Map<String, String> with, Map<String, String> environment) throws IOException {
        Execution.assumeInstalled("curl");
        JsonNode action = PipelineFiles.documents("github/action.yml").get(0);
        var context = new TreeMap<String, String>();
        context.put("github.sha", "0123abc");
        action.path("inputs").properties().forEach(input -> {
            assertThat(input.getValue().path("required").asBoolean() && !with.containsKey(input.getKey()))
                    .as("required input " + input.getKey() + " is missing")
                    .isFalse();
            context.put(
                    "inputs." + input.getKey(),
                    with.getOrDefault(
                            input.getKey(),
                            evaluated(input.getValue().path("default").asText(), context)));
        });
        JsonNode step = action.at("/runs/steps/0");
        assertThat(action.at("/runs/steps")).hasSize(1);
        assertThat(step.path("shell").asText()).isEqualTo("sh");
        Path output = Files.createTempFile(folder, "output", "");
        Path summary = Files.createTempFile(folder, "summary", "");
        var variables = new HashMap<String, String>(environment);
        variables.putAll(Map.of(
                "GITHUB_ACTIONS",
                "true",
                "GITHUB_ACTION_PATH",
                PipelineFiles.FOLDER.resolve("github").toString(),
                "GITHUB_OUTPUT",
                output.toString(),
                "GITHUB_STEP_SUMMARY",
                summary.toString()));
        step.path("env").properties().forEach(variable -> {
            variables.put(variable.getKey(), evaluated(variable.getValue().asText(), context));
        });
        Path script = Files.writeString(
                folder.resolve("step.sh"), evaluated(step.path("run").asText(), context));
        Execution run = Execution.of(folder, variables, "sh", "-e", script.toString());
        for (String line : Files.readAllLines(output)) {
            assertThat(line).matches("[a-z_]+=[^=]*");
            context.put(
                    "steps." + step.path("id").asText() + ".outputs." + line.substring(0, line.indexOf('=')),
                    line.substring(line.indexOf('=') + 1));
        }
        var outputs = new HashMap<String, String>();
        action.path("outputs").properties().forEach(one -> {
            outputs.put(one.getKey(), evaluated(one.getValue().path("value").asText(), context));
        });
        return new Used(run, outputs, Files.readString(summary));
    }

    /** An expression of a context's member is replaced by its value, as it is; one that is not there is empty. */
    private static String evaluated(String text, Map<String, String> context) {
        return EXPRESSION
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(context.getOrDefault(found.group(1), "")));
    }
}
