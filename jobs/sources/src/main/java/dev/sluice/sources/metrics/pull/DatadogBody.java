package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What all answers of Datadog to queries have in common. */
final class DatadogBody {
    /** How long Datadog wants to be left alone, seconds; of others on the way the usual one. */
    static final List<String> RETRY_HEADERS = List.of("X-RateLimit-Reset", "Retry-After");

    private static final String NONE = "n/a";
    /** Far beyond every time that is asked for. */
    static final double MOST_MILLIS = 1e15;

    private DatadogBody() {}

    /**
     * Returns the series of a success.
     *
     * @throws UnusableAnswerException if it tells of an error
     */
    static Stream<Place> series(Place body) {
        if (!"ok".equals(body.object().at("status").optionalText())
                || !problem(body).isEmpty()) {
            throw UnusableAnswerException.ofQuery("answers with an error: " + problem(body));
        }
        return body.at("series").list().elements();
    }

    /** Returns the errors that a body tells of; empty if none. */
    static String problem(Place body) {
        return Stream.concat(Stream.of(body.at("error")), body.at("errors").elements())
                .map(error -> error.node().asText(""))
                .filter(error -> !error.isBlank() && !error.equals("null"))
                .collect(Collectors.joining(", "));
    }

    /** Returns the tags of a series by their keys, without those of which it says that there are none. */
    static SortedMap<String, String> tags(Place series) {
        SortedMap<String, String> tags = new TreeMap<>();
        series.at("tag_set").list().elements().forEach(tag -> {
            String text = tag.text();
            int colon = text.indexOf(':');
            if (colon <= 0) {
                throw tag.wrong("must be a key and a value");
            }
            String value = text.substring(colon + 1);
            if (!value.isEmpty() && !value.toLowerCase(Locale.ROOT).equals(NONE)) {
                tags.put(text.substring(0, colon), value);
            }
        });
        return tags;
    }

    /** Returns the time of a point, to the millisecond. */
    static Instant time(Place point) {
        if (point.list().node().size() != 2) {
            throw point.wrong("must be a time and a value");
        }
        Place millis = point.at(0);
        double value = millis.node().doubleValue();
        if (!millis.node().isNumber() || !(Math.abs(value) <= MOST_MILLIS)) {
            throw millis.wrong("must be milliseconds");
        }
        return Instant.ofEpochMilli(Math.round(value));
    }

    /** Returns the value of a point; NaN where there is none. */
    static double value(Place point) {
        Place value = point.at(1);
        if (value.isAbsent()) {
            return Double.NaN;
        }
        if (!value.node().isNumber()) {
            throw value.wrong("must be a number");
        }
        return value.node().doubleValue();
    }
}
