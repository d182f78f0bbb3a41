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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/reference/security-tests.md names are there, and so is each row. */
class SecurityTestsDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("sluice.root", ".."));
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| ([^|]+) \\| ([^|]+) \\|");
    private static final Pattern TEST = Pattern.compile("`([A-Za-z]+)#([A-Za-z0-9_]+)`");
    private static final int ROWS = 47;

    @Test
    void eachRowHasATestThatIsThere_orSaysThatThereIsNothingToTest() throws IOException {
        Map<String, Path> classes = testClasses();
        List<Integer> numbers = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/reference/security-tests.md"))) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                continue;
            }
            numbers.add(Integer.valueOf(row.group(1)));
            Matcher test = TEST.matcher(row.group(3));
            int tests = 0;
            while (test.find()) {
                tests++;
                if (!isThere(classes, test.group(1), test.group(2))) {
                    wrong.add(test.group());
                }
            }
            if (tests == 0 && !row.group(3).equals("not built yet")) {
                wrong.add(line);
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(numbers)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, ROWS).boxed().toList());
    }

    private static boolean isThere(Map<String, Path> classes, String name, String method) throws IOException {
        Path file = classes.get(name);
        return file != null && Files.readString(file).contains("void " + method + "(");
    }

    private static Map<String, Path> testClasses() throws IOException {
        Map<String, Path> classes = new HashMap<>();
        for (String module : List.of("jobs", "gate-api", "deploy")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                files.filter(file -> file.toString().endsWith(".java")
                                && file.toString().contains("src/test"))
                        .forEach(file ->
                                classes.put(file.getFileName().toString().replace(".java", ""), file));
            }
        }
        return classes;
    }
}
