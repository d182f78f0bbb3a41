package dev.sluice.gateapi.document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tests of all modules, by the names that documents call them: {@code `ClassTest#method`}. */
final class NamedTests {
    private static final Pattern NAME = Pattern.compile("`([A-Za-z]+)#([A-Za-z0-9_]+)`");

    private final Map<String, Path> classes = new HashMap<>();

    NamedTests(Path root) throws IOException {
        for (String module : List.of("jobs", "gate-api", "deploy")) {
            try (Stream<Path> files = Files.walk(root.resolve(module))) {
                files.filter(file -> file.toString().endsWith(".java")
                                && file.toString().contains("src/test"))
                        .forEach(file ->
                                classes.put(file.getFileName().toString().replace(".java", ""), file));
            }
        }
    }

    /** Returns what is wrong with the names in a text: those of tests that are not there, and the text itself where it names none. */
    List<String> wrong(String text) throws IOException {
        List<MatchResult> names = NAME.matcher(text).results().toList();
        if (names.isEmpty()) {
            return List.of(text);
        }
        var missing = new ArrayList<String>();
        for (MatchResult name : names) {
            Path file = classes.get(name.group(1));
            if (file == null || !Files.readString(file).contains("void " + name.group(2) + "(")) {
                missing.add(name.group());
            }
        }
        return missing;
    }
}
