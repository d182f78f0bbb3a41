package dev.sluice.gateapi.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tests that docs/reference/fail-closed.md names are there. */
class FailClosedDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("sluice.root", ""));

    @Test
    void eachCaseHasATest() throws IOException {
        var tests = new NamedTests(ROOT);
        List<String> wrong = new ArrayList<>();
        int cases = 0;
        for (String line : Files.readAllLines(ROOT.resolve("docs/reference/fail-closed.md"))) {
            if (!line.startsWith("| ") || line.startsWith("| what is wrong")) {
                continue;
            }
            cases++;
            wrong.addAll(tests.wrong(line));
        }
        assertThat(wrong).isEmpty();
        assertThat(cases).isGreaterThan(20);
    }
}
