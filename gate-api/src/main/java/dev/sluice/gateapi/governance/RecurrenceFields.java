package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.http.Members;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What a request says of how something recurs by the clock on the wall; what is absent or wrong is empty.
 *
 * @param rrule the RRULE
 * @param start when the first begins
 * @param zone where the wall is
 * @param until from when none begins any more
 */
record RecurrenceFields(
        Optional<String> rrule, Optional<LocalDateTime> start, Optional<ZoneId> zone, Optional<Instant> until) {
    private static final int MOST = 300;
    /** A recurrence with a COUNT is followed from its start on. */
    private static final int FIRST_YEAR = 1970;

    private static final int LAST_YEAR = 9999;

    /** Reads them; what is wrong with one is told by the body. */
    static RecurrenceFields read(Members body) {
        return new RecurrenceFields(
                body.optional("rrule", MOST),
                wallTime(body, "start"),
                body.optional("zone", RecurrenceFields::zoneId, "a time zone such as Europe/Berlin"),
                body.time("until"));
    }

    /** Reads a time by the clock on the wall. */
    static Optional<LocalDateTime> wallTime(Members body, String name) {
        return body.optional(name, RecurrenceFields::local, "a time without a zone (ISO 8601), from 1970 on");
    }

    private static Optional<LocalDateTime> local(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text))
                    .filter(time -> time.getYear() >= FIRST_YEAR && time.getYear() <= LAST_YEAR);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<ZoneId> zoneId(String text) {
        try {
            return Optional.of(ZoneId.of(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
