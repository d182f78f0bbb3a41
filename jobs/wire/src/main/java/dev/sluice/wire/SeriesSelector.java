package dev.sluice.wire;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Selects series by their labels, as instant vector selectors of PromQL do:
 * {@code http_requests_total{code=~"5..", version!="1.4.1"}}. A label that a series does not have is an empty one; regular
 * expressions are those of RE2 and match the whole value. Names that are no identifiers stand in quotes:
 * {@code {"http.server.requests", "service.name"="checkout"}}.
 *
 * <p>Immutable; may be shared by threads.
 */
public final class SeriesSelector {
    /** The label that is the name of a metric. */
    public static final String NAME = "__name__";

    private static final int LONGEST_PATTERN = 1000;

    private final List<Matcher> matchers;

    private SeriesSelector(List<Matcher> matchers) {
        this.matchers = List.copyOf(matchers);
    }

    /** What a label must be. */
    private record Matcher(
            String label,
            boolean isEqual,
            String text,
            @Nullable Pattern pattern) {
        private static final Pattern IDENTIFIER = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

        @Override
        public String toString() {
            String name = IDENTIFIER.matches(label) ? label : quoted(label);
            String operator = pattern == null ? isEqual ? "=" : "!=" : isEqual ? "=~" : "!~";
            return name + operator + quoted(text);
        }

        private static String quoted(String text) {
            return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
        }

        boolean matches(String value) {
            boolean isSame = pattern == null ? value.equals(text) : pattern.matches(value);
            return isSame == isEqual;
        }
    }

    /**
     * Reads a selector.
     *
     * @throws IllegalArgumentException if it is none; the message says at which character, from 1
     */
    public static SeriesSelector parse(String text) {
        return new SeriesSelector(new Parser(text).parse());
    }

    /** Returns whether a series is selected. */
    public boolean matches(Map<String, String> labels) {
        for (Matcher matcher : matchers) {
            if (!matcher.matches(labels.getOrDefault(matcher.label(), ""))) {
                return false;
            }
        }
        return true;
    }

    /** Returns the name that all selected series have; null where they may have several. */
    public @Nullable String name() {
        return matchers.stream()
                .filter(matcher -> matcher.label().equals(NAME) && matcher.isEqual() && matcher.pattern() == null)
                .map(Matcher::text)
                .findFirst()
                .orElse(null);
    }

    /** Returns the labels that it has conditions for, without the name. */
    public SortedSet<String> labels() {
        SortedSet<String> labels = new TreeSet<>();
        matchers.forEach(matcher -> labels.add(matcher.label()));
        labels.remove(NAME);
        return labels;
    }

    /**
     * Returns the labels, without the name, that all selected series have, each with its text: those that must be equal to one
     * that is not empty.
     */
    public SortedMap<String, String> texts() {
        SortedMap<String, String> texts = new TreeMap<>();
        for (Matcher matcher : matchers) {
            if (matcher.isEqual()
                    && matcher.pattern() == null
                    && !matcher.text().isEmpty()) {
                texts.putIfAbsent(matcher.label(), matcher.text());
            }
        }
        texts.remove(NAME);
        return texts;
    }

    /** Returns a selector that has another condition for the name, and all others of this one. */
    public SeriesSelector withName(String name) {
        List<Matcher> others = new ArrayList<>(matchers.stream()
                .filter(matcher -> !matcher.label().equals(NAME))
                .toList());
        others.add(0, new Matcher(NAME, true, name, null));
        return new SeriesSelector(others);
    }

    /** Returns a selector of what both select. */
    public SeriesSelector and(SeriesSelector other) {
        List<Matcher> both = new ArrayList<>(matchers);
        both.addAll(other.matchers);
        return new SeriesSelector(both);
    }

    /** Returns the selector as PromQL has it. */
    @Override
    public String toString() {
        return "{" + String.join(",", matchers.stream().map(Matcher::toString).toList()) + "}";
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<Matcher> parse() {
            List<Matcher> matchers = new ArrayList<>();
            skipSpace();
            if (at < text.length() && text.charAt(at) != '{') {
                matchers.add(new Matcher(NAME, true, identifier("a name of a metric or {"), null));
            }
            if (at < text.length()) {
                expect('{');
                while (at < text.length() && text.charAt(at) != '}') {
                    matchers.add(matcher());
                    if (at < text.length() && text.charAt(at) != '}') {
                        expect(',');
                    }
                }
                expect('}');
            }
            if (at < text.length()) {
                throw wrong("nothing more");
            }
            if (matchers.stream().allMatch(matcher -> matcher.matches(""))) {
                throw new IllegalArgumentException("a selector must not select series without any label");
            }
            return matchers;
        }

        private Matcher matcher() {
            boolean isQuoted = isQuote();
            String label = isQuoted ? quoted() : identifier("a label");
            if (isQuoted && (at == text.length() || text.charAt(at) == ',' || text.charAt(at) == '}')) {
                return new Matcher(NAME, true, label, null);
            }
            boolean isEqual = at < text.length() && text.charAt(at) == '=';
            if (!isEqual && !text.startsWith("!", at)) {
                throw wrong("=, !=, =~ or !~");
            }
            at++;
            boolean isPattern = at < text.length() && text.charAt(at) == '~';
            if (isPattern) {
                at++;
            } else if (!isEqual) {
                expect('=');
            }
            skipSpace();
            int valueAt = at;
            if (!isQuote()) {
                throw wrong("a text in quotes");
            }
            String value = quoted();
            return new Matcher(label, isEqual, value, isPattern ? pattern(value, valueAt) : null);
        }

        private static Pattern pattern(String value, int at) {
            if (value.length() > LONGEST_PATTERN) {
                throw new IllegalArgumentException("a regular expression has at most " + LONGEST_PATTERN
                        + " characters, that at character " + (at + 1) + " has " + value.length());
            }
            try {
                return Pattern.compile(value, Pattern.DOTALL);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "no regular expression of RE2 at character " + (at + 1) + ": " + e.getDescription(), e);
            }
        }

        private String identifier(String expected) {
            int begin = at;
            while (at < text.length() && isPartOfName(text.charAt(at), at == begin)) {
                at++;
            }
            if (at == begin) {
                throw wrong(expected);
            }
            String name = text.substring(begin, at);
            skipSpace();
            return name;
        }

        private static boolean isPartOfName(char c, boolean isFirst) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || c == '_'
                    || c == ':'
                    || (!isFirst && c >= '0' && c <= '9');
        }

        private boolean isQuote() {
            return at < text.length() && "\"'`".indexOf(text.charAt(at)) >= 0;
        }

        private String quoted() {
            char quote = text.charAt(at++);
            var value = new StringBuilder();
            while (at < text.length() && text.charAt(at) != quote) {
                char c = text.charAt(at++);
                value.append(c == '\\' && quote != '`' ? escaped() : c);
            }
            expect(quote);
            return value.toString();
        }

        private char escaped() {
            char c = at < text.length() ? text.charAt(at++) : ' ';
            return switch (c) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                case '\\', '"', '\'' -> c;
                default -> {
                    at--;
                    throw wrong("one of n, t, r, a backslash or a quote after a backslash");
                }
            };
        }

        private void expect(char c) {
            if (at >= text.length() || text.charAt(at) != c) {
                throw wrong(String.valueOf(c));
            }
            at++;
            skipSpace();
        }

        private void skipSpace() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private IllegalArgumentException wrong(String expected) {
            String found = at < text.length() ? "is " + text.charAt(at) : "the text ends";
            return new IllegalArgumentException("expected " + expected + " at character " + (at + 1) + ", " + found);
        }
    }
}
