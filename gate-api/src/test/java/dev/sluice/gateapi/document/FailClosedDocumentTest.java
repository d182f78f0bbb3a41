package dev.sluice.gateapi.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/reference/fail-closed.md names are there. */
class FailClosedDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("sluice.root", ""));
    private static final Pattern TEST = Pattern.compile("`([A-Za-z]+)#([A-Za-z0-9_]+)`");

    @Test
    void eachCaseHasATest() throws IOException {
        Map<String, Path> classes = new HashMap<>();
        for (String module : List.of("jobs", "gate-api", "deploy")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                files.filter(file -> file.toString().endsWith(".java")
                                && file.toString().contains("src/test"))
                        .forEach(file ->
                                classes.put(file.getFileName().toString().replace(".java", ""), file));
            }
        }
        List<String> missing = new ArrayList<>();
        int cases = 0;
        for (String line : Files.readAllLines(ROOT.resolve("docs/reference/fail-closed.md"))) {
            if (!line.startsWith("| ") || line.startsWith("| what is wrong")) {
                continue;
            }
            cases++;
            Matcher test = TEST.matcher(line);
            boolean isTested = false;
            while (test.find()) {
                isTested = true;
                Path file = classes.get(test.group(1));
                if (file == null || !Files.readString(file).contains("void " + test.group(2) + "(")) {
                    missing.add(test.group());
                }
            }
            if (!isTested) {
                missing.add(line);
            }
        }
        assertThat(missing).isEmpty();
        assertThat(cases).isGreaterThan(20);
    }
}
