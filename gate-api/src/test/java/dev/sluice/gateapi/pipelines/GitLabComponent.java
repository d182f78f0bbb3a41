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
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Runs the job of {@code gitlab/templates/gate/template.yml} as GitLab and its runner do. */
public final class GitLabComponent {
    private static final Pattern INPUT = Pattern.compile("\\$\\[\\[ inputs\\.([a-z-]+) ]]");
    private static final Pattern VARIABLE = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)");

    private GitLabComponent() {}

    /**
     * What the job leaves.
     *
     * @param run its script
     * @param dotenv the variables that later jobs have
     */
    public record Ran(Execution run, Map<String, String> dotenv) {
        /** Copies the variables. */
        public Ran {
            dotenv = Map.copyOf(dotenv);
        }
    }

    /**
     * Runs it.
     *
     * @param folder where the job runs
     * @param shell the shell of the image
     * @param inputs the inputs that are given
     * @param predefined the variables that GitLab and the project give
     * @param idToken signs the job's token for an audience
     */
    public static Ran run(
            Path folder,
            String shell,
            Map<String, String> inputs,
            Map<String, String> predefined,
            UnaryOperator<String> idToken)
            throws IOException {
        Execution.assumeInstalled("curl");
        List<JsonNode> documents = PipelineFiles.documents("gitlab/templates/gate/template.yml");
        var given = new TreeMap<String, String>();
        documents.get(0).at("/spec/inputs").properties().forEach(input -> {
            JsonNode byDefault = input.getValue().path("default");
            String value = inputs.getOrDefault(input.getKey(), byDefault.asText());
            assertThat(byDefault.isMissingNode() && !inputs.containsKey(input.getKey()))
                    .as("input " + input.getKey() + " is missing")
                    .isFalse();
            given.put(input.getKey(), value);
        });
        assertThat(given.keySet()).containsAll(inputs.keySet());
        JsonNode job = documents.get(1).elements().next();
        var variables = new HashMap<String, String>(predefined);
        job.path("variables").properties().forEach(variable -> {
            String value = interpolated(variable.getValue().asText(), given);
            variables.put(variable.getKey(), expanded(value, predefined));
        });
        job.path("id_tokens").properties().forEach(token -> {
            variables.put(
                    token.getKey(),
                    idToken.apply(interpolated(token.getValue().path("aud").asText(), given)));
        });
        String script = String.join(
                "\n",
                StreamSupport.stream(job.path("script").spliterator(), false)
                        .map(line -> interpolated(line.asText(), given))
                        .toList());
        Execution run = Execution.of(folder, variables, shell, "-e", "-c", script);
        var dotenv = new HashMap<String, String>();
        for (String line : Files.readAllLines(
                folder.resolve(job.at("/artifacts/reports/dotenv").asText()))) {
            assertThat(line).matches("[A-Za-z0-9_]+=.*");
            dotenv.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        return new Ran(run, dotenv);
    }

    private static String interpolated(String text, Map<String, String> inputs) {
        return INPUT.matcher(text).replaceAll(found -> Matcher.quoteReplacement(inputs.get(found.group(1))));
    }

    private static String expanded(String text, Map<String, String> variables) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(variables.getOrDefault(found.group(1), "")));
    }
}
