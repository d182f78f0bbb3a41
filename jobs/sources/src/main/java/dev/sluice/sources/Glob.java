package dev.sluice.sources;

import com.google.re2j.Pattern;
import java.io.Serializable;

/**
 * A pattern of file names: {@code *} is any characters of one segment, {@code **} any characters, {@code ?} one character of
 * a segment, {@code [a-c]} and {@code [!a-c]} one of a set, <code>{a,b}</code> one of several, {@code \} takes the special
 * meaning from the next character. It means what {@link java.nio.file.FileSystem#getPathMatcher} means by it, and asking it
 * takes time in proportion to the length of the name, whatever pattern and name are: RE2 follows all ways at once.
 */
public final class Glob implements Serializable {
    /** The longest: its length bounds what each character of a name costs. */
    static final int LONGEST = 200;

    private static final long serialVersionUID = 1L;

    private final String text;
    private final Pattern pattern;

    private Glob(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is none, or longer than is allowed
     */
    public static Glob of(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "paths must hold globs of at most " + LONGEST + " characters: one has " + text.length());
        }
        return new Glob(text, Pattern.compile(new Reader(text).expression(), Pattern.DOTALL));
    }

    /** Returns it as it was written. */
    public String text() {
        return text;
    }

    boolean matches(String file) {
        return pattern.matches(file);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /** Reads a pattern once, from left to right, and writes the regular expression that means the same. */
    private static final class Reader {
        private static final String IN_SEGMENT = "[^/]";

        private final String text;
        private final StringBuilder expression = new StringBuilder();
        private int at;

        Reader(String text) {
            this.text = text;
        }

        String expression() {
            while (at < text.length()) {
                if (text.charAt(at) == '{') {
                    group();
                } else {
                    element();
                }
            }
            return expression.toString();
        }

        private void group() {
            at++;
            expression.append("(?:");
            while (true) {
                switch (peek("has no } for its {")) {
                    case '{' -> throw wrong("has a { within {}");
                    case ',' -> {
                        at++;
                        expression.append('|');
                    }
                    case '}' -> {
                        at++;
                        expression.append(')');
                        return;
                    }
                    default -> element();
                }
            }
        }

        private void element() {
            int character = next();
            switch (character) {
                case '*' -> wildcard();
                case '?' -> expression.append(IN_SEGMENT);
                case '[' -> set();
                case '\\' -> {
                    peek("ends in \\");
                    literal(next());
                }
                default -> literal(character);
            }
        }

        private void wildcard() {
            boolean anywhere = at < text.length() && text.charAt(at) == '*';
            at += anywhere ? 1 : 0;
            expression.append(anywhere ? "." : IN_SEGMENT).append('*');
        }

        /** A set of characters, of which no segment's end is one. */
        private void set() {
            boolean others = peek("has no ] for its [") == '!';
            at += others ? 1 : 0;
            expression.append(others ? "[^/" : "[");
            boolean begins = true;
            while (true) {
                int first = inSet();
                if (first == ']') {
                    break;
                }
                if (first == '-' && !begins) {
                    throw wrong("has a range without a beginning");
                }
                begins = false;
                int last = first;
                if (first != '-' && peek("has no ] for its [") == '-' && at + 1 < text.length()) {
                    at++;
                    if (text.charAt(at) == ']') {
                        range('-', '-');
                    } else {
                        last = next();
                    }
                }
                if (last < first) {
                    throw wrong("has a range that ends before it begins");
                }
                range(first, last);
            }
            if (begins) {
                throw wrong("has an empty []");
            }
            expression.append(']');
        }

        private int inSet() {
            if (peek("has no ] for its [") == '/') {
                throw wrong("has a / within []");
            }
            return next();
        }

        private void range(int first, int last) {
            if (first < '/' && '/' <= last) {
                range(first, '/' - 1);
                if (last > '/') {
                    range('/' + 1, last);
                }
                return;
            }
            literal(first);
            expression.append('-');
            literal(last);
        }

        private void literal(int character) {
            expression.append(String.format("\\x{%x}", character));
        }

        private int next() {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            return character;
        }

        private char peek(String otherwise) {
            if (at == text.length()) {
                throw wrong(otherwise);
            }
            return text.charAt(at);
        }

        private IllegalArgumentException wrong(String why) {
            return new IllegalArgumentException("paths must hold globs: \"" + text + "\" " + why);
        }
    }
}
