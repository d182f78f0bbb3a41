package dev.sluice.sources;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** Times that a source gives: UTC, whole milliseconds, within a range that every later stage can hold. */
public final class EventTimes {
    /** How far a source's clock may be ahead of ours. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant END = Instant.parse("2200-01-01T00:00:00Z");

    private EventTimes() {}

    /**
     * Returns the time that a text gives.
     *
     * @param text a time as RFC 3339 writes it, with an offset
     * @param pointer where it stands
     * @throws Rejection if it is none, or lies outside 1970 to 2199
     */
    public static Instant parse(String text, String pointer) {
        try {
            return normal(OffsetDateTime.parse(text).toInstant(), pointer);
        } catch (DateTimeException e) {
            throw new Rejection(Reason.WRONG_VALUE, "is not a time (RFC 3339 with an offset)", pointer);
        }
    }

    /**
     * Returns the time that a count of seconds since 1970 gives.
     *
     * @param seconds the count
     * @param pointer where it stands
     * @throws Rejection if it lies outside 1970 to 2199
     */
    public static Instant ofEpochSecond(long seconds, String pointer) {
        if (seconds < EARLIEST.getEpochSecond() || seconds >= END.getEpochSecond()) {
            throw new Rejection(Reason.TIME_OUT_OF_RANGE, "lies outside 1970 to 2199: " + seconds + " s", pointer);
        }
        return Instant.ofEpochSecond(seconds);
    }

    /**
     * Returns the time in whole milliseconds.
     *
     * @param time any time
     * @param pointer where it stands
     * @throws Rejection if it lies outside 1970 to 2199
     */
    public static Instant normal(Instant time, String pointer) {
        if (time.isBefore(EARLIEST) || !time.isBefore(END)) {
            throw new Rejection(Reason.TIME_OUT_OF_RANGE, "lies outside 1970 to 2199: " + time, pointer);
        }
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Returns when an event happened, if that can be: the one place where events of the future are refused.
     *
     * @param occurredAt when the source says that it happened
     * @param receivedAt when Sluice received it
     * @param pointer where {@code occurredAt} stands
     * @throws Rejection if it is more than five minutes after {@code receivedAt}
     */
    public static Instant occurred(Instant occurredAt, Instant receivedAt, String pointer) {
        if (occurredAt.isAfter(receivedAt.plus(TOLERANCE))) {
            throw new Rejection(
                    Reason.FUTURE_DATED,
                    "happened at " + occurredAt + ", more than " + TOLERANCE.toMinutes()
                            + " minutes after it was received at " + receivedAt,
                    pointer);
        }
        return occurredAt;
    }
}
