package dev.sluice.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds docs/concepts/canary-statistics.md to what its commands print, and to what was measured. */
class CanaryStatisticsTest {
    private static final Path ROOT = Path.of(requireNonNull(System.getProperty(SystemProperties.ROOT)));
    private static final Pattern COMMAND_AND_OUTPUT =
            Pattern.compile("```\ndeploy/sluice ([^\n]*)\n```\n\n```text\n(.*?)```", Pattern.DOTALL);
    private static final Pattern MEASURED =
            Pattern.compile("\\| ([0-9.]+ %|none) \\| (\\+[^|]*) \\| ([0-9.]+) \\| ([0-9,]+) \\|");
    private static final int REQUESTS_A_MINUTE = 3000;

    @Test
    void itHasExamples() throws IOException {
        assertThat(examples()).hasSize(3);
        assertThat(measured()).hasSize(5);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void itsExamplesPrintWhatItSays(String command, String output) {
        String[] arguments = Arrays.stream(command.split(" "))
                .map(word -> word.startsWith("docs/") ? ROOT.resolve(word).toString() : word)
                .toArray(String[]::new);

        assertThat(Run.of(arguments).out()).isEqualTo(output);
    }

    @ParameterizedTest
    @MethodSource("measured")
    void itsTimesToAPassAreTheMeasuredOnes(String errors, String margin, String minutes, String requests)
            throws IOException {
        String name = errors.equals("none") ? "no errors" : "errors " + (errors.equals("1 %") ? "1.0 %" : errors);
        String row = "| %s | ratio, no guard, margin %s, beta 5 %% | %s ("
                .formatted(name, margin.replace("percentage points", "pp"), minutes);

        assertThat(text("docs/reference/canary-accuracy.md")).contains(row);
        assertThat(Double.parseDouble(requests.replace(",", "")))
                .isCloseTo(Double.parseDouble(minutes) * REQUESTS_A_MINUTE, Percentage.withPercentage(0.5));
    }

    static Stream<String[]> examples() throws IOException {
        return groups(COMMAND_AND_OUTPUT);
    }

    static Stream<String[]> measured() throws IOException {
        return groups(MEASURED);
    }

    private static Stream<String[]> groups(Pattern pattern) throws IOException {
        return pattern.matcher(text("docs/concepts/canary-statistics.md"))
                .results()
                .map(CanaryStatisticsTest::groups);
    }

    private static String[] groups(MatchResult found) {
        String[] groups = new String[found.groupCount()];
        Arrays.setAll(groups, group -> found.group(group + 1));
        return groups;
    }

    private static String text(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }
}
