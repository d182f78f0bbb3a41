package dev.sluice.cli.judge;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
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
    /** Larger numbers are milliseconds: as seconds they would be after the year 5000. */
    private static final BigDecimal MOST_SECONDS = new BigDecimal(100_000_000_000L);

    private static final double MOST = 1e100;
    /** So many rows of it in a bucket that sums stay exact. */
    private static final double MOST_AMOUNT = 1e12;

    private static final BigDecimal MILLIS = new BigDecimal(1000);
    /** The year 9999: what is beyond is a mistake in any unit. */
    private static final long MOST_MILLIS = 253_402_300_799_999L;

    /** Returns the name of the metric. */
    String metric() {
        return text("metric");
    }

    /** Returns the time, which is written as RFC 3339, or as seconds or milliseconds since 1970. */
    Instant time() {
        String text = text("time");
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notRfc3339) {
            try {
                BigDecimal number = new BigDecimal(text);
                boolean seconds = number.abs().compareTo(MOST_SECONDS) < 0;
                long millis = (seconds ? number.multiply(MILLIS) : number).longValue();
                if (number.signum() >= 0 && number.precision() - number.scale() < 16 && millis <= MOST_MILLIS) {
                    return Instant.ofEpochMilli(millis);
                }
            } catch (NumberFormatException notANumber) {
                // told below
            }
            throw wrong("time", "a time such as 2026-11-28T12:00:00Z, or seconds since 1970");
        }
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
