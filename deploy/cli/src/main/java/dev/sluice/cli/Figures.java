package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers of documents as people read them. What is absent is {@code -}. */
final class Figures {
    static final String NONE = "-";

    private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_EVEN);
    private static final double MOST_PLAIN = 1e7;
    private static final double LEAST_PLAIN = 1e-4;
    private static final double MOST_SECONDS = 120;
    private static final double MOST_MINUTES = 7200;
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    private Figures() {}

    /** Three significant digits, e.g. {@code 2.41}. */
    static String number(JsonNode number) {
        return number.isNumber() ? number(number.doubleValue()) : NONE;
    }

    private static String number(double value) {
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        return size >= MOST_PLAIN || size < LEAST_PLAIN
                ? String.format(Locale.ROOT, "%.2e", value)
                : new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
    }

    /** A count, e.g. {@code 48,210}. */
    static String count(JsonNode number) {
        if (!number.isNumber()) {
            return NONE;
        }
        double value = number.doubleValue();
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : number(value);
    }

    /** Events among what they are counted against, e.g. {@code 97/48,210}. */
    static String counts(JsonNode arm) {
        return arm.path("events").isNumber()
                ? count(arm.path("events")) + "/" + count(arm.path("n"))
                : count(arm.path("n"));
    }

    /** An interval, e.g. {@code [1.62, infinity]}: an end that is absent excludes nothing. */
    static String interval(JsonNode interval) {
        JsonNode lower = interval.path(0);
        JsonNode upper = interval.path(1);
        if (!lower.isNumber() && !upper.isNumber()) {
            return NONE;
        }
        return "[" + (lower.isNumber() ? number(lower) : "-infinity") + ", "
                + (upper.isNumber() ? number(upper) : "infinity") + "]";
    }

    /** Evidence: a logarithm with two decimals. */
    static String evidence(JsonNode log) {
        return log.isNumber() ? String.format(Locale.ROOT, "%.2f", log.doubleValue()) : NONE;
    }

    /** A time that is left, e.g. {@code 40 s}, {@code 12 min}, {@code 3.5 h}. */
    static String duration(JsonNode seconds) {
        if (!seconds.isNumber()) {
            return NONE;
        }
        double value = seconds.doubleValue();
        if (value < MOST_SECONDS) {
            return number(Math.ceil(value)) + " s";
        }
        return value < MOST_MINUTES ? number(Math.ceil(value / MINUTE)) + " min" : number(value / HOUR) + " h";
    }

    /**
     * How far evidence has come to what is needed, as a bar, e.g. {@code [####------]}; less than none is none.
     *
     * @param width how many characters are in the bar
     */
    static String bar(JsonNode log, JsonNode needed, int width) {
        double share = log.isNumber() && needed.isNumber() && needed.doubleValue() > 0
                ? Math.min(1, Math.max(0, log.doubleValue() / needed.doubleValue()))
                : 0;
        // only what is enough is full
        int filled = (int) Math.floor(share * width);
        return "[" + "#".repeat(filled) + "-".repeat(width - filled) + "]";
    }
}
