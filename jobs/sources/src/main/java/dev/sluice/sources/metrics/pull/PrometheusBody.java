package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What all bodies of Prometheus' API have in common. */
final class PrometheusBody {
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]{1,400}(\\.[0-9]{1,400})?([eE][-+]?[0-9]{1,4})?");
    private static final double MILLIS = 1000;
    /** Far beyond every time that is asked for, and far from what a number of milliseconds may be. */
    private static final double MOST_SECONDS = 1e12;

    private PrometheusBody() {}

    /**
     * Returns the data of a success.
     *
     * @param body the body
     * @throws UnusableAnswerException if it tells of an error, or of a warning: then not all may be there
     */
    static Place data(Place body) {
        if (!"success".equals(body.object().at("status").optionalText())) {
            throw UnusableAnswerException.ofQuery("answers with an error: " + problem(body));
        }
        if (body.at("warnings").elements().findAny().isPresent()) {
            throw UnusableAnswerException.ofQuery("answers with a warning, so that not all may be there: "
                    + body.at("warnings").at(0).node().asText());
        }
        return body.at("data");
    }

    /** Returns the series of a matrix, otherwise as {@link #data}. */
    static Stream<Place> matrix(Place body) {
        Place data = data(body).object();
        if (!data.at("resultType").text().equals("matrix")) {
            throw data.at("resultType").wrong("must be matrix");
        }
        return data.at("result").list().elements();
    }

    /** Returns the error that a body tells of; empty if none. */
    static String problem(Place body) {
        return Stream.of("errorType", "error")
                .map(name -> body.at(name).node().asText())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(": "));
    }

    /** Returns the time that seconds mean, to the millisecond. */
    static Instant time(Place seconds) {
        double value = seconds.node().doubleValue();
        if (!seconds.node().isNumber() || !(Math.abs(value) <= MOST_SECONDS)) {
            throw seconds.wrong("must be seconds");
        }
        return Instant.ofEpochMilli(Math.round(value * MILLIS));
    }

    /** Returns the number that a text means; NaN and infinities too. */
    static double value(Place value) {
        String text = value.text();
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> {
                if (!DECIMAL.matcher(text).matches()) {
                    throw value.wrong("must be a number");
                }
                yield Double.parseDouble(text);
            }
        };
    }
}
