package dev.sluice.cli.judge;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A row of a file.
 *
 * @param place the file and the line, for messages
 * @param fields texts by column
 */
record Sample(String place, Map<String, String> fields) {
    private static final double MOST = 1e100;
    /** So many rows of it in a bucket that sums stay exact. */
    private static final double MOST_AMOUNT = 1e12;

    /** Returns the name of the metric. */
    String metric() {
        return text("metric");
    }

    /** Returns the time; see {@link SampleTimes}. */
    Instant time() {
        return SampleTimes.parse(text("time")).orElseThrow(() -> wrong("time", SampleTimes.EXPECTED));
    }

    /** Returns the upper bound of a histogram's bucket; infinity for the last. */
    double bound() {
        String text = text("le").toLowerCase(Locale.ROOT);
        if (text.equals("+inf") || text.equals("inf")) {
            return Double.POSITIVE_INFINITY;
        }
        return number("le").orElseThrow(() -> wrong("le", "a number or +Inf"));
    }

    /** Returns a number; nothing where there is none, or NaN. */
    OptionalDouble number(String column) {
        String text = fields.getOrDefault(column, "").strip();
        if (text.isEmpty() || text.equalsIgnoreCase("NaN")) {
            return OptionalDouble.empty();
        }
        try {
            double value = new BigDecimal(text).doubleValue();
            if (Math.abs(value) <= MOST) {
                return OptionalDouble.of(value);
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw wrong(column, "a number of at most 1e100");
    }

    /** Returns a number that cannot be negative; nothing where there is none. */
    OptionalDouble amount(String column) {
        OptionalDouble value = number(column);
        if (value.isPresent() && !(value.getAsDouble() >= 0 && value.getAsDouble() <= MOST_AMOUNT)) {
            throw wrong(column, "a number from 0 to 1e12");
        }
        return value;
    }

    JudgeException wrong(String column, String expected) {
        return new JudgeException(
                place + ": " + column + " must be " + expected + ", is " + fields.getOrDefault(column, ""));
    }

    private String text(String column) {
        String text = fields.getOrDefault(column, "").strip();
        if (text.isEmpty()) {
            throw new JudgeException(place + ": " + column + " is empty");
        }
        return text;
    }
}
