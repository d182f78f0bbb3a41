package dev.sluice.cli.judge;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Times as files and the command line have them: RFC 3339, or seconds or milliseconds since 1970. */
public final class SampleTimes {
    /** The form, for error messages. */
    public static final String EXPECTED = "a time such as 2026-11-28T12:00:00Z, or seconds since 1970";

    /** Larger numbers are milliseconds: as seconds they would be after the year 5000. */
    private static final BigDecimal MOST_SECONDS = new BigDecimal(100_000_000_000L);

    /** The year 9999: what is beyond is a mistake in any unit. */
    private static final BigDecimal MOST_MILLIS = new BigDecimal(253_402_300_799_999L);

    private static final BigDecimal MILLIS = new BigDecimal(1000);
    private static final int LONGEST = 40;

    private SampleTimes() {}

    /** Returns the time, or nothing if the text is none. */
    public static Optional<Instant> parse(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException notRfc3339) {
            return ofNumber(text);
        }
    }

    private static Optional<Instant> ofNumber(String text) {
        BigDecimal number;
        try {
            number = text.length() > LONGEST ? BigDecimal.ONE.negate() : new BigDecimal(text);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        BigDecimal millis = number.compareTo(MOST_SECONDS) < 0 ? number.multiply(MILLIS) : number;
        return millis.signum() < 0 || millis.compareTo(MOST_MILLIS) > 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(millis.longValue()));
    }
}
