package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagChoiceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1.0.0-rc1",
                "javalin-2.0.0.RC0",
                "javalin-3.0.0.ALPHA0",
                "6.0.0-beta.1",
                "4.0-M2",
                "v1-preview",
                "2.0-SNAPSHOT",
                "3.0.0b1-dev"
            })
    void preReleases_sayWhatTheyAre(String tag) {
        assertThat(TagChoice.isPreRelease(tag)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1.0.0",
                "javalin-parent-6.0.0",
                "archive-1.2",
                "search-3.0",
                "device-2.0",
                "1.0-final",
                "premium-1.0"
            })
    void otherWords_areNoPreReleases(String tag) {
        assertThat(TagChoice.isPreRelease(tag)).isFalse();
    }

    @Test
    void brokenPattern_isRefused() {
        assertThatThrownBy(() -> new TagChoice("v[", false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("v[");
    }
}
