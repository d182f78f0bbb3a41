package dev.sluice.canary;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Words {
    private static final int DIGITS = 3;
    private static final double MOST_PLAIN = 1e6;
    private static final double LEAST_PLAIN = 1e-4;

    private Words() {}

    /** Three significant digits, e.g. {@code 2.91}. */
    public static String number(double value) {
        if (Double.isNaN(value)) {
            return "not a number";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinity" : "-infinity";
        }
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size >= 10 * MOST_PLAIN || size < LEAST_PLAIN) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        var rounded = new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
        return rounded.stripTrailingZeros().toPlainString();
    }

    /** E.g. {@code 0.62 %}. */
    static String percent(double share) {
        return number(100 * share) + " %";
    }

    /** An e-value of which the logarithm is given: {@code 312}, or {@code 10^25}. */
    public static String eValue(double log) {
        if (log == Double.NEGATIVE_INFINITY) {
            return "0";
        }
        double powerOfTen = log / StrictMath.log(10);
        return powerOfTen >= 6 ? "10^" + (long) Math.floor(powerOfTen) : number(StrictMath.exp(log));
    }

    /** An interval, e.g. {@code [2.9, 11.2]}; an open end is {@code infinity}. */
    static String interval(double lower, double upper) {
        return "[" + number(lower) + ", " + number(upper) + "]";
    }

    /** E.g. {@code 40 s}, {@code 12 min}, {@code 3.5 h}. */
    public static String duration(Duration duration) {
        double seconds = duration.toMillis() / 1000.0;
        if (seconds < 120) {
            return number(Math.ceil(seconds)) + " s";
        }
        return seconds < 7200 ? number(Math.ceil(seconds / 60)) + " min" : number(seconds / 3600) + " h";
    }
}
