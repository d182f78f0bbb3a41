package dev.sluice.sources.json;

import dev.sluice.sources.EventTimes;
import dev.sluice.sources.Place;
import java.time.Instant;
import java.util.Locale;

/** How a document writes its times. */
enum JsonTimes {
    /** As texts of RFC 3339, with an offset. */
    ISO,
    /** As whole seconds since 1970. */
    EPOCH_SECONDS,
    /** As milliseconds since 1970. */
    EPOCH_MILLIS;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the time that stands somewhere.
     *
     * @throws dev.sluice.sources.Rejection if there is none, or it lies outside 1970 to 2199
     */
    Instant at(Place place) {
        return switch (this) {
            case ISO -> place.time();
            case EPOCH_SECONDS -> EventTimes.ofEpochSecond(number(place), place.pointer());
            case EPOCH_MILLIS -> EventTimes.normal(Instant.ofEpochMilli(number(place)), place.pointer());
        };
    }

    /** Some write numbers as texts. */
    static long number(Place place) {
        if (!place.node().isTextual()) {
            return place.number();
        }
        try {
            return Long.parseLong(place.text());
        } catch (NumberFormatException e) {
            throw place.wrong("must be a whole number of 64 bits");
        }
    }
}
