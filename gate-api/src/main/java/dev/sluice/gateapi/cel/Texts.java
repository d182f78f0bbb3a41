package dev.sluice.gateapi.cel;

import java.util.regex.Pattern;

/** Texts of bounded length. */
final class Texts {
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

    private Texts() {}

    /** Returns the text on one line, its end replaced by an ellipsis where it is too long. */
    static String shortened(String text, int most) {
        String line = WHITE_SPACE.matcher(text.strip()).replaceAll(" ");
        return line.length() <= most ? line : line.substring(0, most) + "…";
    }
}
