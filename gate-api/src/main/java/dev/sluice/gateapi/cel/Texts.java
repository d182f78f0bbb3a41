package dev.sluice.gateapi.cel;

/** Texts of bounded length. */
final class Texts {
    private Texts() {}

    /** Returns the text on one line, its end replaced by an ellipsis where it is too long. */
    static String shortened(String text, int most) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= most ? line : line.substring(0, most) + "…";
    }
}
