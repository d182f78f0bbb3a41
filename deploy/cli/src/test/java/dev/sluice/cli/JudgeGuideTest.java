package dev.sluice.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/guides/judge.md to what is the case. */
class JudgeGuideTest {
    private static final Path ROOT = Path.of(requireNonNull(System.getProperty("sluice.root")));
    private static final Path FILES = ROOT.resolve("docs/guides/judge");

    @Test
    void itsExamplePrintsWhatItSays() throws IOException {
        Run run = Run.of("judge", "--baseline", file("baseline.csv"), "--canary", file("canary.csv"));
        assertThat(run.status()).isEqualTo(10);
        assertThat(block("text")).isEqualTo(run.out());
    }

    @Test
    void itsConfigAndItsDocumentAreTheFiles() throws IOException {
        assertThat(block("yaml")).isEqualTo(Files.readString(FILES.resolve("config.yaml")));
        Run run = Run.of(
                "judge",
                "--baseline",
                file("baseline.csv"),
                "--canary",
                file("canary.csv"),
                "--config",
                file("config.yaml"),
                "--output",
                "json");
        assertThat(block("json")).isEqualTo(run.out());
    }

    @Test
    void itNamesEachFieldOfTheSchema() throws IOException {
        JsonNode schema = Documents.mapper()
                .readTree(
                        ROOT.resolve("schemas/canary/canary-config.schema.json").toFile());
        var fields = new TreeSet<String>();
        schema.get("properties").fieldNames().forEachRemaining(fields::add);
        for (String kind : new String[] {"ratio", "histogram", "gauge"}) {
            schema.at("/$defs/" + kind + "/properties").fieldNames().forEachRemaining(fields::add);
        }
        assertThat(fields).hasSizeGreaterThan(20);
        assertThat(guide())
                .contains(fields.stream().map(field -> "`" + field + "`").toList());
    }

    private static String file(String name) {
        return FILES.resolve(name).toString();
    }

    private static String block(String language) throws IOException {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(guide());
        assertThat(block.find()).as(language).isTrue();
        return block.group(1);
    }

    private static String guide() throws IOException {
        return Files.readString(ROOT.resolve("docs/guides/judge.md"));
    }
}
