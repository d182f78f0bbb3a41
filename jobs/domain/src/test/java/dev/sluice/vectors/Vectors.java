package dev.sluice.vectors;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Numbers that other programs (scipy, confseq) computed for the formulas of Sluice: of the file that the system property
 * {@code sluice.vectors} names, else of the copy among the test resources.
 */
public final class Vectors {
    private static final JsonNode ALL = read();

    private Vectors() {}

    private static JsonNode read() {
        String file = System.getProperty("sluice.vectors", "");
        try (InputStream in = file.isEmpty()
                ? requireNonNull(Vectors.class.getResourceAsStream("/vectors/statistics.json"))
                : Files.newInputStream(Path.of(file))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns one test of each vector of a section, which may be a path such as {@code dora/wilson}. */
    public static Stream<DynamicTest> tests(String section, Consumer<JsonNode> test) {
        return tests(section, vector -> true, test);
    }

    /** Returns one test of each vector of a section that is chosen; there must be one. */
    public static Stream<DynamicTest> tests(String section, Predicate<JsonNode> chosen, Consumer<JsonNode> test) {
        JsonNode vectors = ALL.at("/" + section);
        assertThat(vectors.isArray() && !vectors.isEmpty()).as(section).isTrue();
        var tests = new ArrayList<DynamicTest>();
        for (JsonNode vector : vectors) {
            if (!chosen.test(vector)) {
                continue;
            }
            String name = vector.path("name").asText(section + " " + (tests.size() + 1));
            tests.add(DynamicTest.dynamicTest(name, () -> test.accept(vector)));
        }
        assertThat(tests).as(section).isNotEmpty();
        return tests.stream();
    }

    /** Returns one object of the file. */
    public static JsonNode object(String path) {
        JsonNode object = ALL.at("/" + path);
        assertThat(object.isObject()).as(path).isTrue();
        return object;
    }

    /** Returns a number, which may be written as {@code "inf"}. */
    public static double number(JsonNode node) {
        if (node.isTextual()) {
            return switch (node.asText()) {
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                default -> throw new IllegalArgumentException("not a number: " + node);
            };
        }
        if (!node.isNumber()) {
            throw new IllegalArgumentException("not a number: " + node);
        }
        return node.doubleValue();
    }

    /** Returns the numbers of an array. */
    public static double[] numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        array.forEach(node -> numbers.add(number(node)));
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Fails unless two numbers are the same up to a part of the expected one. */
    public static void assertClose(double actual, JsonNode expected, double relative) {
        assertClose(actual, number(expected), relative * Math.abs(number(expected)));
    }

    /** Fails unless two numbers are the same up to so much. */
    public static void assertClose(double actual, double expected, double absolute) {
        if (Double.isInfinite(expected)) {
            assertThat(actual).isEqualTo(expected);
        } else {
            assertThat(actual).isCloseTo(expected, within(absolute));
        }
    }
}
