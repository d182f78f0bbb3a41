package dev.sluice.sources.gitlab;

import dev.sluice.sources.EventTimes;
import dev.sluice.sources.Place;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times as GitLab writes them: {@code 2026-03-01 12:00:00 UTC} in most hooks, {@code 2026-03-01 13:00:00 +0100} where the
 * installation's own time zone is used, and as RFC 3339 elsewhere.
 */
final class GitLabTimes {
    private static final Pattern UTC = Pattern.compile(" UTC$");
    private static final DateTimeFormatter WITH_OFFSET =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xx", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private GitLabTimes() {}

    /**
     * Returns the time that stands at a place.
     *
     * @throws dev.sluice.sources.Rejection if there is none
     */
    static Instant time(Place place) {
        String text = place.text();
        if (text.indexOf(' ') < 0) {
            return place.time();
        }
        try {
            return EventTimes.normal(
                    OffsetDateTime.parse(UTC.matcher(text).replaceFirst(" +0000"), WITH_OFFSET)
                            .toInstant(),
                    place.pointer());
        } catch (DateTimeException e) {
            throw place.wrong("is not a time as GitLab writes it");
        }
    }

    /** Returns the time that stands at a place, null if nothing does. */
    static @Nullable Instant optionalTime(Place place) {
        return place.optionalText() == null ? null : time(place);
    }
}
