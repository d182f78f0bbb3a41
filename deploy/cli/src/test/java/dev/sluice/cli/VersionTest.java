package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VersionTest {
    @AfterEach
    void forget() {
        System.clearProperty(SystemProperties.COMMIT);
    }

    @Test
    void versionAndCommit_arePrinted() {
        System.setProperty(SystemProperties.COMMIT, "0123456789ab");

        assertThat(Run.of("--version").out().strip())
                .matches("Sluice \\d+\\.\\d+\\.\\d+\\S* \\(commit 0123456789ab\\)");
    }

    @Test
    void commitThatIsNotKnown_isLeftOut() {
        assertThat(Run.of("--version").out().strip()).matches("Sluice \\d+\\.\\d+\\.\\d+\\S*");
    }
}
