package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HelpTest {
    @Test
    void fitsInto80Columns() {
        assertThat(Run.of("--help").out().lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
    }

    @Test
    void tellsTheLaunchersDemoOnce() {
        assertThat(Run.of("--help").out().lines().filter(line -> line.strip().startsWith("demo ")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("up, then a played history"));
    }
}
