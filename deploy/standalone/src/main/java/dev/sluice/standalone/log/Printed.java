package dev.sluice.standalone.log;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text of others as it may stand in the log: without what ends a line, moves a cursor or turns the direction of writing. */
final class Printed {
    /** More of one text says nothing more, and fills the log. */
    static final int MAX_LENGTH = 4_000;

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private Printed() {}

    /** Returns a text in one line: each control character as it is written in Java, and what is too long cut off. */
    static String line(String text) {
        boolean isWhole = text.length() <= MAX_LENGTH;
        String cut = isWhole ? text : text.substring(0, MAX_LENGTH);
        return escaped(cut) + (isWhole ? "" : "...");
    }

    /** Returns a text between quotation marks, in one line: where it ends can be told for sure. */
    static String quoted(String text) {
        return '"' + line(text).replace("\"", "\\\"") + '"';
    }

    /** Returns a text of several lines, each of them indented: none of them looks like the beginning of an event. */
    static String indented(String text) {
        return text.lines()
                .map(line -> (line.startsWith("\t") ? "        " : "    ") + line(line.strip()) + "\n")
                .collect(Collectors.joining());
    }

    private static String escaped(String text) {
        return CONTROL.matcher(text.replace("\\", "\\\\")).replaceAll(Printed::escape);
    }

    private static String escape(MatchResult found) {
        var written = new StringBuilder();
        found.group()
                .chars()
                .forEach(unit -> written.append(
                        switch (unit) {
                            case '\n' -> "\\\\n";
                            case '\r' -> "\\\\r";
                            case '\t' -> "\\\\t";
                            default -> String.format("\\\\u%04x", unit);
                        }));
        return written.toString();
    }
}
