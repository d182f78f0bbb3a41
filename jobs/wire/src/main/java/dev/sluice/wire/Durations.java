package dev.sluice.wire;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as configurations write them: a number and a unit, e.g. {@code 500ms 60s 15m 2h 30d}. */
public final class Durations {
    /** The form, for error messages. */
    public static final String EXPECTED = "a duration such as 60s, 15m, 2h or 30d";

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private Durations() {}

    /** Returns the duration, or nothing if the text is not one. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    case "d" -> Duration.ofDays(amount);
                    default -> throw new AssertionError(matcher.group(2));
                });
    }

    /** Returns a duration in the largest unit that counts it in whole numbers, as {@link #parse} reads it, e.g. {@code 2h}. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis != 0 && millis % DAY == 0) {
            return millis / DAY + "d";
        }
        if (millis != 0 && millis % HOUR == 0) {
            return millis / HOUR + "h";
        }
        if (millis != 0 && millis % MINUTE == 0) {
            return millis / MINUTE + "m";
        }
        return millis % SECOND == 0 ? millis / SECOND + "s" : millis + "ms";
    }
}
