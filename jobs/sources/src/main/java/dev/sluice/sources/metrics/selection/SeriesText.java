package dev.sluice.sources.metrics.selection;

import dev.sluice.wire.Sha256;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;

/** Labels as one text. */
public final class SeriesText {
    /** The longest text that is kept as it is. */
    public static final int MOST = 1024;

    private SeriesText() {}

    /** Returns {@code name="value"} by name, joined by commas. */
    public static String of(SortedMap<String, String> labels) {
        var text = new StringJoiner(",");
        for (Map.Entry<String, String> label : labels.entrySet()) {
            String value =
                    label.getValue().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
            text.add(label.getKey() + "=\"" + value + "\"");
        }
        return text.toString();
    }

    /** Returns the text, or its SHA-256 where it is too long: it only has to tell series from each other. */
    public static String shortened(String text) {
        return text.length() <= MOST ? text : "sha256:" + Sha256.hex(text);
    }
}
