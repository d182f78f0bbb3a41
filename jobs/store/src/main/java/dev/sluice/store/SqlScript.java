package dev.sluice.store;

import java.util.ArrayList;
import java.util.List;

/** The text of a migration: statements that end with a semicolon, and comments. */
final class SqlScript {
    private final String text;
    private int at;

    private SqlScript(String text) {
        this.text = text;
    }

    /**
     * Returns the statements without their semicolons and comments.
     *
     * @throws IllegalArgumentException if a text or comment is not closed, or the last statement has no semicolon
     */
    static List<String> statements(String text) {
        return new SqlScript(text).split();
    }

    /** Returns the text as it is compared: line ends and blanks at line ends do not count. */
    static String normalised(String text) {
        var normal = new StringBuilder(text.length());
        text.strip()
                .lines()
                .map(String::stripTrailing)
                .forEach(line -> normal.append(line).append('\n'));
        return normal.toString();
    }

    private List<String> split() {
        var statements = new ArrayList<String>();
        var statement = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '`' || c == '"') {
                int end = endOfQuoted(c);
                statement.append(text, at, end);
                at = end;
            } else if (text.startsWith("--", at)) {
                at = orEnd(text.indexOf('\n', at));
            } else if (text.startsWith("/*", at)) {
                at = endOfComment();
                statement.append(' ');
            } else if (c == ';') {
                if (!statement.toString().isBlank()) {
                    statements.add(statement.toString().strip());
                }
                statement.setLength(0);
                at++;
            } else {
                statement.append(c);
                at++;
            }
        }
        if (!statement.toString().isBlank()) {
            throw new IllegalArgumentException(
                    "no semicolon after: " + statement.toString().strip());
        }
        return statements;
    }

    private int endOfQuoted(char quote) {
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == quote) {
                if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                    i++;
                } else {
                    return i + 1;
                }
            }
        }
        throw new IllegalArgumentException("no closing " + quote + " after offset " + at);
    }

    private int endOfComment() {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
            throw new IllegalArgumentException("comment not closed after offset " + at);
        }
        return end + 2;
    }

    private int orEnd(int index) {
        return index < 0 ? text.length() : index;
    }
}
