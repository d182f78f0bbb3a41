package dev.sluice.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/**
 * A line, and how a terminal shows it.
 *
 * @param text what it says, without anything that steers a terminal
 * @param style picocli's names, e.g. {@code bold,green}; null for none
 */
record StyledLine(String text, @Nullable String style) {
    static StyledLine plain(String text) {
        return new StyledLine(text, null);
    }

    /** Returns it with as much of its text as fits. */
    StyledLine cut(int columns) {
        return new StyledLine(Printable.cut(text, columns), style);
    }

    /** Returns it as the terminal takes it. The text may be of others: it is no markup. */
    String painted(Ansi ansi) {
        if (style == null || !ansi.enabled()) {
            return text;
        }
        IStyle[] styles = Style.parse(style);
        return Style.on(styles) + text + Style.reset.off();
    }
}
