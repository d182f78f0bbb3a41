package dev.sluice.gateapi.pipelines;

import static dev.sluice.gateapi.pipelines.PipelineFilesTest.blocks;
import static dev.sluice.gateapi.pipelines.PipelineFilesTest.isGiven;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import groovy.lang.Binding;
import groovy.lang.GroovyShell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.codehaus.groovy.runtime.MethodClosure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the examples of docs/guides/pipelines.md to the pieces that they use. */
class PipelineGuideTest {
    private static final String GUIDE =
            PipelineFiles.text(Path.of(System.getProperty("sluice.root"), "docs", "guides", "pipelines.md"));
    private static final String ALLOWED =
            "{\"id\":\"019ca948\",\"decision\":\"allow\",\"allowed\":true,\"reason\":\"because\"}";
    private static final String EXAMPLE = "https://sluice.example.com";

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static JsonNode yaml(int index) {
        List<String> blocks = blocks(GUIDE, "yaml").toList();
        assertThat(blocks).hasSize(3);
        return PipelineFiles.parsed(blocks.get(index)).get(0);
    }

    @Test
    void theScriptIsCalledRightly(@TempDir Path folder) throws IOException {
        Execution.assumeInstalled("curl");
        server.answers(200, ALLOWED);
        Files.copy(PipelineFiles.SCRIPT, folder.resolve("sluice-gate.sh"));
        String example = blocks(GUIDE, "sh").findFirst().orElseThrow();
        assertThat(example).contains(EXAMPLE);

        Execution run =
                Execution.of(folder, Map.of("VERSION", "1.4.0"), "sh", "-c", example.replace(EXAMPLE, server.url()));

        assertThat(run.status()).as(run.text()).isZero();
        assertThat(Files.readString(folder.resolve("gate.txt")))
                .isEqualTo("decision=allow\nallowed=true\ndecision_id=019ca948\nurl=" + server.url()
                        + "/v1/decisions/019ca948\n");
        assertThat(server.asked().get(0).body())
                .isEqualTo(
                        "{\"service\":\"checkout\",\"environment\":\"production\",\"artifact\":{\"version\":\"1.4.0\"}}");
    }

    @Test
    void theActionIsUsedRightly() {
        JsonNode job = yaml(0).at("/jobs/deploy");
        JsonNode step = job.at("/steps/1");
        JsonNode action = PipelineFiles.documents("github/action.yml").get(0);

        assertThat(step.path("uses").asText()).matches("acme/sluice/deploy/pipelines/github@[0-9]{40}");
        isGiven(step.path("with"), action.path("inputs"), "required");
        assertThat(job.at("/permissions/id-token").asText()).isEqualTo("write");
        assertThat(action.path("outputs").has("decision_id")).isTrue();
    }

    @Test
    void theComponentIsIncludedRightly() {
        JsonNode pipeline = yaml(1);
        JsonNode template =
                PipelineFiles.documents("gitlab/templates/gate/template.yml").get(0);

        isGiven(pipeline.at("/include/0/inputs"), template.at("/spec/inputs"), "default");
        assertThat(pipeline.at("/include/0/component").asText()).contains("/gate@");
        assertThat(pipeline.at("/deploy/needs/0").asText())
                .isEqualTo(template.at("/spec/inputs/job-name/default").asText());
    }

    @Test
    void theOrbIsUsedRightly() {
        JsonNode config = yaml(2);
        JsonNode orb = PipelineFiles.documents("circleci/orb.yml").get(0);

        JsonNode given = StreamSupport.stream(config.at("/jobs/deploy/steps").spliterator(), false)
                .filter(step -> step.has("sluice/gate"))
                .findFirst()
                .orElseThrow()
                .path("sluice/gate");
        isGiven(given, orb.at("/commands/gate/parameters"), "default");
    }

    /** A build that has the shared library. */
    public static final class Build {
        private final JenkinsLibrary jenkins;
        private final String url;

        Build(JenkinsLibrary jenkins, String url) {
            this.jenkins = jenkins;
            this.url = url;
        }

        /** Loads a library. */
        public void library(String name) {
            assertThat(name).isEqualTo("sluice");
        }

        /** Asks the server of the test instead of the example's. */
        public Map<String, Object> sluiceGate(Map<String, Object> parameters) {
            var changed = new HashMap<String, Object>(parameters);
            assertThat(changed.put("url", url)).isEqualTo(EXAMPLE);
            return jenkins.sluiceGate(changed);
        }

        /** Shows a line. */
        public void echo(Object line) {
            jenkins.console().add(line.toString());
        }
    }

    @Test
    void theStepOfJenkinsIsCalledRightly() {
        server.answers(200, ALLOWED);
        var jenkins = new JenkinsLibrary().withSecretText("sluice", "slc_secret");
        var build = new Build(jenkins, server.url());
        List<String> examples = List.of(
                blocks(GUIDE, "groovy").findFirst().orElseThrow(),
                PipelineFiles.text("jenkins/vars/sluiceGate.txt")
                        .replaceAll("(?s).*?\\n\\n.*?\\n\\n(.*?)\\n\\n.*", "$1"));
        for (String example : examples) {
            var binding = new Binding(new HashMap<>(Map.of("env", Map.of("GIT_COMMIT", "0123abc"))));
            for (String step : List.of("library", "sluiceGate", "echo")) {
                binding.setVariable(step, new MethodClosure(build, step));
            }
            new GroovyShell(binding).evaluate(example);
        }

        assertThat(server.asked())
                .hasSize(2)
                .allSatisfy(asked -> assertThat(asked.body()).contains("0123abc"));
        assertThat(jenkins.console()).contains(server.url() + "/v1/decisions/019ca948");
    }
}
