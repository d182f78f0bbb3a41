package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
    @Test
    void whatSteersATerminalOrTurnsTheDirection_isReplaced() {
        assertThat(Printable.of("a\u001B[1m\u0000\u007F\u0085\u009B\u200B\u202E\u2028b\tc"))
                .isEqualTo("a?[1m???????b?c");
        assertThat(Printable.of("Größe 漢字")).isEqualTo("Größe 漢字");
    }

    @ParameterizedTest
    @CsvSource({"abc,3", "漢字,4", "한글,4", "🚀,2", "e\u0301,1", "ü,1"})
    void columns_areThoseOfATerminal(String text, int columns) {
        assertThat(Printable.columns(text)).isEqualTo(columns);
    }

    @ParameterizedTest
    @CsvSource({"abc,3,abc", "abcd,3,ab…", "漢字漢,5,漢字…", "漢字漢,4,漢…", "🚀🚀,3,🚀…", "ab,1,…"})
    void cut_leavesWholeCharacters(String text, int columns, String cut) {
        assertThat(Printable.cut(text, columns)).isEqualTo(cut);
    }

    @Test
    void wrap_breaksBetweenWords() {
        assertThat(Printable.wrap("one two three incomprehensible four", "- ", "  ", 9))
                .containsExactly("- one two", "  three", "  incomprehensible", "  four");
        assertThat(Printable.wrap("", "- ", "  ", 9)).containsExactly("- ");
    }
}
