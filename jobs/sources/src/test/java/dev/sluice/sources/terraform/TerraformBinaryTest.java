package dev.sluice.sources.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Summary;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Terraform that is installed here writes; its built-in provider needs no network. */
class TerraformBinaryTest {
    private static final String TOKEN = "hunter2";
    private static final String MAIN = """
            variable "token" {
              type      = string
              sensitive = true
              default   = "hunter2"
            }
            resource "terraform_data" "plain" { input = "one" }
            resource "terraform_data" "secret" { input = var.token }
            output "token" {
              value     = var.token
              sensitive = true
            }
            """;
    private static final String FAILING = """
            resource "terraform_data" "failing" {
              provisioner "local-exec" { command = "exit 3" }
            }
            """;
    private static final String IMPOSSIBLE = """
            resource "terraform_data" "impossible" {
              lifecycle {
                precondition {
                  condition     = terraform_data.plain.output == "two"
                  error_message = "impossible"
                }
              }
            }
            """;
    private static final String MOVED = """
            moved {
              from = terraform_data.plain
              to   = terraform_data.renamed
            }
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void initialise() throws Exception {
        assumeTrue(isOnPath("terraform"), "no terraform on the PATH");
        Files.writeString(folder.resolve("main.tf"), MAIN);
        terraform(0, "init", "-input=false");
    }

    @Test
    void planApplyAndWhatFails() throws Exception {
        assertThat(summary(terraform(0, "plan", "-json", "-out=first")))
                .startsWith("no drift checkout production checkout 20");
        byte[] shown = terraform(0, "show", "-json", "first");
        assertThat(summary(shown)).startsWith("no drift checkout production checkout 20");
        assertThat(new String(shown, StandardCharsets.UTF_8)).contains(TOKEN);
        assertThat(new String(TerraformOutput.read(shown).kept(), StandardCharsets.UTF_8))
                .contains("terraform_data.secret")
                .doesNotContain(TOKEN);
        assertThat(summary(terraform(0, "apply", "-json", "first"))).startsWith("SUCCESS terraform/checkout#77 ");
        assertThat(summary(terraform(0, "show", "-json"))).isEqualTo("IGNORED UNUSED_EVENT");

        Files.writeString(folder.resolve("more.tf"), FAILING);
        assertThat(summary(terraform(1, "apply", "-json", "-auto-approve")))
                .startsWith("FAILURE terraform/checkout#77 ");

        Files.writeString(folder.resolve("more.tf"), IMPOSSIBLE);
        assertThat(summary(terraform(1, "plan", "-json"))).isEqualTo("IGNORED RUN_WITHOUT_RESULT");
        byte[] early = terraform(1, "apply", "-json", "-auto-approve");
        assertThat(summary(early)).isEqualTo("IGNORED RUN_WITHOUT_RESULT");
        assertThat(summary(early, "apply")).startsWith("FAILURE terraform/checkout#77 ");

        Files.delete(folder.resolve("more.tf"));
        assertThat(summary(terraform(0, "destroy", "-json", "-auto-approve")))
                .startsWith("SUCCESS terraform/checkout#77 ");
    }

    @Test
    void renamedResourceIsNoDrift() throws Exception {
        terraform(0, "apply", "-json", "-auto-approve");
        Files.writeString(folder.resolve("main.tf"), MAIN.replace("\"plain\"", "\"renamed\"") + MOVED);

        byte[] plan = terraform(0, "plan", "-refresh-only", "-json");

        assertThat(new String(plan, StandardCharsets.UTF_8)).contains("\"resource_drift\"");
        assertThat(summary(plan)).startsWith("no drift checkout production checkout 20");
    }

    private byte[] terraform(int exitCode, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("terraform"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CHECKPOINT_DISABLE", "1");
        builder.environment().put("TF_IN_AUTOMATION", "1");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as("%s wrote %s", command, Files.readString(output))
                .isEqualTo(exitCode);
        return Files.readAllBytes(output);
    }

    private static String summary(byte[] body) {
        return summary(body, "plan");
    }

    private static String summary(byte[] body, String command) {
        Outcome outcome = new TerraformAdapter(connection -> ConnectionMapping.DEFAULT)
                .adapt(new Delivery(
                        "default",
                        "terraform",
                        "acme-terraform",
                        "d-1-42",
                        "key-1",
                        "",
                        "connection:acme-terraform",
                        "application/json",
                        Instant.now(),
                        Map.of("service", "checkout", "environment", "production", "run", "77", "command", command),
                        TerraformOutput.read(body).kept()));
        return Summary.of(outcome);
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
