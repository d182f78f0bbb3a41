package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What others have written, as a terminal may be shown it: nothing in it steers the terminal. */
final class Printable {
    private static final String CUT = "…";
    private static final int FIRST_PICTOGRAPH = 0x1F300;
    private static final int LAST_PICTOGRAPH = 0x1FAFF;
    private static final Set<UnicodeScript> WIDE =
            EnumSet.of(UnicodeScript.HAN, UnicodeScript.HANGUL, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA);

    private Printable() {}

    /** Returns a text without control and format characters, the ones of C1 and those that turn the direction included. */
    static String of(JsonNode text) {
        return of(text.asText(""));
    }

    /** Returns a text without control and format characters. */
    static String of(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }

    /** Returns how many columns a text takes, as terminals mostly have it. */
    static int columns(String text) {
        return text.codePoints().map(Printable::columns).sum();
    }

    private static int columns(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
            default ->
                (codePoint >= FIRST_PICTOGRAPH && codePoint <= LAST_PICTOGRAPH)
                                || WIDE.contains(UnicodeScript.of(codePoint))
                        ? 2
                        : 1;
        };
    }

    /** Returns as much of a text as fits, with a mark where something was cut off. */
    static String cut(String text, int columns) {
        if (columns(text) <= columns) {
            return text;
        }
        int free = columns - CUT.length();
        int end = 0;
        while (end < text.length()) {
            int next = columns(text.codePointAt(end));
            if (next > free) {
                break;
            }
            free -= next;
            end = text.offsetByCodePoints(end, 1);
        }
        return text.substring(0, end) + CUT;
    }

    /**
     * Returns a text in lines that fit, broken between words; a word that is longer than a line stays whole.
     *
     * @param first what the first line begins with
     * @param indent what the others do
     */
    static List<String> wrap(String text, String first, String indent, int columns) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder(first);
        boolean isEmpty = true;
        for (String word : text.split(" ", -1)) {
            if (!isEmpty && columns(line.toString()) + 1 + columns(word) > columns) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
                isEmpty = true;
            }
            line.append(isEmpty ? "" : " ").append(word);
            isEmpty = false;
        }
        lines.add(line.toString());
        return lines;
    }
}
