package dev.sluice.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/**
 * Lines on a terminal that take the place of those before. A frame is written at once, over the one before and not after
 * clearing it, so nothing flickers; the terminal does not break its lines meanwhile, whatever it thinks of their width.
 */
final class Screen {
    private static final String TO_COLUMN_ONE = "\r";
    private static final String UP = "\u001B[%dA";
    private static final String ERASE_TO_END_OF_LINE = "\u001B[K";
    private static final String ERASE_BELOW = "\u001B[J";
    private static final String NO_WRAP = "\u001B[?7l";
    private static final String WRAP = "\u001B[?7h";

    private final PrintStream out;
    private final Terminal terminal;
    private final Ansi ansi;
    private List<String> shown = List.of();

    Screen(PrintStream out, Terminal terminal, Ansi ansi) {
        this.out = out;
        this.terminal = terminal;
        this.ansi = ansi;
    }

    /** Returns how large it is now. */
    Terminal.Size size() {
        return terminal.size();
    }

    /**
     * Shows lines in the place of those before. What does not fit is left out, and that it was is said.
     *
     * @param size how large the screen is
     */
    void show(List<StyledLine> lines, Terminal.Size size) {
        List<StyledLine> fitting = fitting(lines, size);
        var frame = new StringBuilder(TO_COLUMN_ONE);
        int rows = shown.stream()
                .mapToInt(line -> rows(Printable.columns(line), size.columns()))
                .sum();
        if (rows > 0) {
            frame.append(UP.formatted(rows));
        }
        frame.append(NO_WRAP);
        for (StyledLine line : fitting) {
            frame.append(line.painted(ansi)).append(ERASE_TO_END_OF_LINE).append('\n');
        }
        frame.append(ERASE_BELOW).append(WRAP);
        out.print(frame);
        out.flush();
        shown = fitting.stream().map(StyledLine::text).toList();
    }

    /** Leaves what is shown as it is: what is shown next comes below. */
    void leave() {
        shown = List.of();
    }

    /** Lines that were written to a wider terminal are broken when it becomes narrower. */
    private static int rows(int length, int columns) {
        return Math.max(1, (length + columns - 1) / columns);
    }

    private static List<StyledLine> fitting(List<StyledLine> lines, Terminal.Size size) {
        // the cursor is in the line below
        int most = Math.max(1, size.rows() - 1);
        List<StyledLine> first = lines;
        if (lines.size() > most) {
            first = new ArrayList<>(lines.subList(0, most - 1));
            first.add(StyledLine.plain("… %d more lines: the terminal is too low; --once prints them all"
                    .formatted(lines.size() - most + 1)));
        }
        return first.stream().map(line -> line.cut(size.columns())).toList();
    }
}
