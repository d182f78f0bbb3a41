package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class DebianPackageTest {
    @Test
    void whatIsAbsentSkipsTheTest_orFailsItWhereNothingMayBeSkipped() {
        Class<?> expected =
                System.getenv("SLUICE_NO_SKIPS") == null ? TestAbortedException.class : AssertionError.class;
        var absent = new DebianPackage("absent-package");

        assertThatThrownBy(() -> absent.program("absent-program"))
                .isInstanceOf(expected)
                .hasMessageContaining("absent-package");
        assertThatThrownBy(() -> absent.file("/absent")).isInstanceOf(expected).hasMessageContaining("absent-package");
    }

    @Test
    void aProgramIsFoundByAnyOfItsNames() {
        Path shell = new DebianPackage("dash").program("absent-program", "sh");

        assertThat(shell).hasFileName("sh").matches(Files::isExecutable);
    }
}
