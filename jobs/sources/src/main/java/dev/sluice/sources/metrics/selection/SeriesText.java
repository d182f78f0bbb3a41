package dev.sluice.sources.metrics.selection;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
        if (text.length() <= MOST) {
            return text;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
