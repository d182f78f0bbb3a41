package dev.sluice.gateapi.html;

import java.util.Locale;

/** What drawings have in common. */
public final class Svg {
    private Svg() {}

    /** Returns a coordinate, in tenths of a pixel. */
    public static String number(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }

    /**
     * Writes a text.
     *
     * @param svg the drawing
     * @param anchor what of the text is at the point: {@code start}, {@code middle} or {@code end}
     */
    public static void text(Html svg, double x, double y, String anchor, String text) {
        svg.element(
                "text",
                Attributes.of("x", number(x)).and("y", number(y)).and("text-anchor", anchor),
                label -> label.text(text));
    }
}
