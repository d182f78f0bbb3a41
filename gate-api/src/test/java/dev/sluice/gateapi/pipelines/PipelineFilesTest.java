package dev.sluice.gateapi.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the files to the keys that their vendors document, and to each other. */
class PipelineFilesTest {
    private static final Set<String> ACTION =
            Set.of("name", "author", "description", "inputs", "outputs", "runs", "branding");
    private static final Set<String> ACTION_INPUT = Set.of("description", "required", "default", "deprecationMessage");
    private static final Set<String> ACTION_STEP =
            Set.of("id", "name", "if", "shell", "env", "run", "working-directory", "uses", "with", "continue-on-error");
    private static final Set<String> GITLAB_INPUT = Set.of("default", "description", "options", "regex", "type");
    private static final Set<String> GITLAB_JOB = Set.of(
            "after_script",
            "allow_failure",
            "artifacts",
            "before_script",
            "cache",
            "coverage",
            "dependencies",
            "environment",
            "extends",
            "hooks",
            "id_tokens",
            "image",
            "inherit",
            "interruptible",
            "needs",
            "parallel",
            "release",
            "resource_group",
            "retry",
            "rules",
            "script",
            "secrets",
            "services",
            "stage",
            "tags",
            "timeout",
            "trigger",
            "variables",
            "when");
    private static final Set<String> GITLAB_ENVIRONMENT =
            Set.of("name", "url", "on_stop", "action", "auto_stop_in", "kubernetes", "deployment_tier");
    private static final Set<String> GITLAB_ARTIFACTS = Set.of(
            "paths", "exclude", "expire_in", "expose_as", "name", "public", "access", "reports", "untracked", "when");
    private static final Set<String> ORB =
            Set.of("version", "description", "display", "orbs", "commands", "executors", "jobs", "examples");
    private static final Set<String> ORB_PARAMETER = Set.of("description", "type", "default", "enum");
    private static final Set<String> CIRCLE_RUN = Set.of(
            "name", "command", "shell", "environment", "background", "working_directory", "no_output_timeout", "when");

    private static void hasOnly(JsonNode mapping, Set<String> keys) {
        assertThat(mapping.isObject()).as(mapping + " is a mapping").isTrue();
        assertThat(keys).containsAll(keys(mapping));
    }

    private static List<String> keys(JsonNode mapping) {
        var names = new ArrayList<String>();
        mapping.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void theActionHasWhatActionsHave_andNothingFromOutsideIsPartOfItsScript() {
        JsonNode action = PipelineFiles.documents("github/action.yml").get(0);

        hasOnly(action, ACTION);
        hasOnly(action.path("branding"), Set.of("icon", "color"));
        hasOnly(action.path("runs"), Set.of("using", "steps"));
        assertThat(action.at("/runs/using").asText()).isEqualTo("composite");
        action.path("inputs").forEach(input -> hasOnly(input, ACTION_INPUT));
        action.path("outputs").forEach(output -> hasOnly(output, Set.of("description", "value")));
        assertThat(keys(action.path("outputs"))).containsExactly("decision", "allowed", "decision_id", "url");
        for (JsonNode step : action.at("/runs/steps")) {
            hasOnly(step, ACTION_STEP);
            assertThat(step.path("run").asText()).doesNotContain("${{");
            assertThat(step.path("env"))
                    .allSatisfy(value -> assertThat(value.asText()).matches("\\$\\{\\{ inputs\\.[a-z-]+ }}"));
            assertThat(step.path("env")).hasSameSizeAs(action.path("inputs"));
        }
    }

    @Test
    void theComponentHasWhatComponentsHave_andNoInputIsPartOfItsScript() {
        List<JsonNode> documents = PipelineFiles.documents("gitlab/templates/gate/template.yml");

        assertThat(documents).hasSize(2);
        hasOnly(documents.get(0), Set.of("spec"));
        hasOnly(documents.get(0).path("spec"), Set.of("inputs"));
        documents.get(0).at("/spec/inputs").forEach(input -> {
            hasOnly(input, GITLAB_INPUT);
            assertThat(input.path("type").asText("string")).isIn("string", "number", "boolean");
        });
        assertThat(documents.get(1)).hasSize(1);
        JsonNode job = documents.get(1).elements().next();
        hasOnly(job, GITLAB_JOB);
        hasOnly(job.path("environment"), GITLAB_ENVIRONMENT);
        assertThat(job.at("/environment/action").asText()).isIn("start", "prepare", "stop", "verify", "access");
        hasOnly(job.path("artifacts"), GITLAB_ARTIFACTS);
        job.path("id_tokens").forEach(token -> hasOnly(token, Set.of("aud")));
        assertThat(job.path("script"))
                .allSatisfy(line -> assertThat(line.asText()).doesNotContain("$[["));
        for (String input : keys(documents.get(0).at("/spec/inputs"))) {
            assertThat(documents.get(1).toString()).contains("$[[ inputs." + input + " ]]");
        }
    }

    @Test
    void theOrbHasWhatOrbsHave_andNoParameterIsPartOfItsScript() {
        JsonNode orb = PipelineFiles.documents("circleci/orb.yml").get(0);

        hasOnly(orb, ORB);
        for (JsonNode command : orb.path("commands")) {
            hasOnly(command, Set.of("description", "parameters", "steps"));
            command.path("parameters").forEach(parameter -> {
                hasOnly(parameter, ORB_PARAMETER);
                assertThat(parameter.path("type").asText()).isIn("string", "boolean", "integer", "enum");
            });
            for (JsonNode step : command.path("steps")) {
                hasOnly(step, Set.of("run"));
                hasOnly(step.path("run"), CIRCLE_RUN);
                assertThat(step.at("/run/command").asText()).doesNotContain("<<");
                assertThat(step.at("/run/environment")).hasSameSizeAs(command.path("parameters"));
            }
        }
        orb.path("examples").forEach(example -> {
            hasOnly(example, Set.of("description", "usage"));
            assertThat(used(example.path("usage"), "sluice/gate"))
                    .singleElement()
                    .satisfies(with -> isGiven(with, orb.at("/commands/gate/parameters"), "default"));
        });
    }

    @Test
    void theCopiesOfTheScriptAreTheScript(@TempDir Path copy) throws IOException {
        String script = PipelineFiles.text("sh/sluice-gate.sh");
        JsonNode job = PipelineFiles.documents("gitlab/templates/gate/template.yml")
                .get(1)
                .elements()
                .next();
        assertThat(job.at("/script/0").asText())
                .contains("<<'END_OF_SLUICE_GATE'\n# begin of sh/sluice-gate.sh\n" + script
                        + "# end of sh/sluice-gate.sh\nEND_OF_SLUICE_GATE\n");
        assertThat(PipelineFiles.documents("circleci/orb.yml")
                        .get(0)
                        .at("/commands/gate/steps/0/run/command")
                        .asText())
                .endsWith("# begin of sh/sluice-gate.sh\n" + script + "# end of sh/sluice-gate.sh\n");

        copy(copy);
        Files.writeString(copy.resolve("sh/sluice-gate.sh"), "echo \\n \"&\"\n\nexit\n");
        Execution changed = Execution.of(copy, Map.of(), "sh", "embed.sh");
        assertThat(changed.status()).as(changed.text()).isZero();
        assertThat(Files.readString(copy.resolve("circleci/orb.yml")))
                .contains("sluice-gate.sh\n            echo \\n \"&\"\n\n            exit\n            # end of");
        Files.writeString(copy.resolve("sh/sluice-gate.sh"), script);
        assertThat(Execution.of(copy, Map.of(), "sh", "embed.sh").status()).isZero();
        for (String file : List.of("circleci/orb.yml", "gitlab/templates/gate/template.yml")) {
            assertThat(Files.readString(copy.resolve(file))).isEqualTo(PipelineFiles.text(file));
        }
    }

    private static void copy(Path target) throws IOException {
        Files.walkFileTree(PipelineFiles.FOLDER, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(target.resolve(PipelineFiles.FOLDER.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, target.resolve(PipelineFiles.FOLDER.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** What is given to each use of something, wherever it is in a document. */
    static List<JsonNode> used(JsonNode document, String name) {
        return document.findValues(name);
    }

    /** Nothing is given that is not taken, and all is that must be. */
    static void isGiven(JsonNode given, JsonNode taken, String optionalBy) {
        assertThat(keys(taken)).containsAll(keys(given));
        for (String name : keys(taken)) {
            JsonNode one = taken.path(name);
            boolean optional =
                    optionalBy.equals("required") ? !one.path("required").asBoolean() : one.has(optionalBy);
            assertThat(optional || given.has(name)).as(name + " is given").isTrue();
        }
    }

    static Stream<String> blocks(String text, String language) {
        return Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(found -> found.group(1));
    }
}
