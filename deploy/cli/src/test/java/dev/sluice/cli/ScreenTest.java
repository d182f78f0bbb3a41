package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class ScreenTest {
    private static final Terminal.Size SIZE = new Terminal.Size(20, 5);

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Screen screen =
            new Screen(new PrintStream(written, true, StandardCharsets.UTF_8), () -> SIZE, Ansi.OFF);

    @Test
    void firstFrame_goesWhereTheCursorIs() {
        assertThat(shown(SIZE, "a", "b")).isEqualTo("\r\u001B[?7la\u001B[K\nb\u001B[K\n\u001B[J\u001B[?7h");
    }

    @Test
    void nextFrame_takesItsPlace() {
        shown(SIZE, "a", "b");

        assertThat(shown(SIZE, "c")).isEqualTo("\r\u001B[2A\u001B[?7lc\u001B[K\n\u001B[J\u001B[?7h");
        assertThat(shown(SIZE, "d")).startsWith("\r\u001B[1A");
    }

    @Test
    void nothingIsClearedBeforeItIsWrittenOver() {
        shown(SIZE, "a", "b");

        assertThat(shown(SIZE, "a", "b"))
                .doesNotContain("\u001B[2J", "\u001B[H")
                .endsWith("\u001B[J\u001B[?7h");
    }

    @Test
    void afterAnotherLine_itGoesBelow() {
        shown(SIZE, "a", "b");
        screen.leave();

        assertThat(shown(SIZE, "c")).startsWith("\r\u001B[?7lc");
    }

    @Test
    void longLines_areCut() {
        assertThat(shown(SIZE, "x".repeat(20), "y".repeat(21)))
                .contains("x".repeat(20) + "\u001B[K", "y".repeat(19) + "…\u001B[K");
    }

    @Test
    void moreLinesThanFit_areToldOf() {
        assertThat(shown(new Terminal.Size(80, 5), "1", "2", "3", "4", "5", "6"))
                .contains("3\u001B[K\n… 3 more lines: the terminal is too low; --once prints them all\u001B[K\n")
                .doesNotContain("4\u001B[K");
        assertThat(shown(new Terminal.Size(80, 1), "1", "2")).contains("… 2 more lines");
    }

    @Test
    void terminalThatBecameNarrower_hasBrokenTheLines() {
        shown(SIZE, "x".repeat(20), "", "y");

        // two rows of the first line, one of each other
        assertThat(shown(new Terminal.Size(10, 5), "c")).startsWith("\r\u001B[4A");
    }

    private String shown(Terminal.Size size, String... lines) {
        written.reset();
        List<StyledLine> styled = Arrays.stream(lines).map(StyledLine::plain).toList();
        screen.show(styled, size);
        return written.toString(StandardCharsets.UTF_8);
    }
}
