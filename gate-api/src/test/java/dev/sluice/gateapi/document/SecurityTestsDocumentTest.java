package dev.sluice.gateapi.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The tests that docs/reference/security-tests.md names are there, and so is each row. */
class SecurityTestsDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("sluice.root", ""));
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| ([^|]+) \\| ([^|]+) \\|");
    private static final int ROWS = 49;

    @Test
    void eachRowHasATestThatIsThere_orSaysThatThereIsNothingToTest() throws IOException {
        var tests = new NamedTests(ROOT);
        List<Integer> numbers = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/reference/security-tests.md"))) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                continue;
            }
            numbers.add(Integer.valueOf(row.group(1)));
            if (!row.group(3).equals("not built yet")) {
                wrong.addAll(tests.wrong(row.group(3)));
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(numbers)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, ROWS).boxed().toList());
    }
}
