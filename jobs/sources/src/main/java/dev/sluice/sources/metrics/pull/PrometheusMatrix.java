package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what Prometheus answers to a query for samples. */
final class PrometheusMatrix implements AnswerReader<List<MetricSeries>> {
    private static final Logger LOGGER = LoggerFactory.getLogger(PrometheusMatrix.class);
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9]{1,400}(\\.[0-9]{1,400})?([eE][-+]?[0-9]{1,4})?");
    private static final double MILLIS = 1000;
    /** Far beyond every time that is asked for, and far from what a number of milliseconds may be. */
    private static final double MOST_SECONDS = 1e12;

    private final MetricQuery query;
    private final String source;

    PrometheusMatrix(MetricQuery query, String source) {
        this.query = query;
        this.source = source;
    }

    @Override
    public List<MetricSeries> read(Place body, Credentials.Shown secrets) {
        if (!"success".equals(body.object().at("status").optionalText())) {
            throw UnusableAnswerException.ofQuery("answers with an error: " + problem(body));
        }
        if (body.at("warnings").elements().findAny().isPresent()) {
            throw UnusableAnswerException.ofQuery("answers with a warning, so that not all may be there: "
                    + body.at("warnings").at(0).node().asText());
        }
        Place data = body.at("data").object();
        if (!data.at("resultType").text().equals("matrix")) {
            throw data.at("resultType").wrong("must be matrix");
        }
        return data.at("result").list().elements().flatMap(this::series).toList();
    }

    @Override
    public String problem(Place body) {
        return Stream.of("errorType", "error")
                .map(name -> body.at(name).node().asText())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(": "));
    }

    private Stream<MetricSeries> series(Place series) {
        SortedMap<String, String> labels = Labels.read(series.at("metric").object());
        if (!labels.containsKey(MetricSeries.NAME)) {
            throw series.at("metric").wrong("must have a name");
        }
        if (!series.at("histograms").isAbsent()) {
            LOGGER.atDebug().addKeyValue("source", source).log("native histograms are not read");
        }
        Place values = series.at("values");
        List<MetricPoint> points = values.isAbsent()
                ? List.of()
                : values.list()
                        .elements()
                        .map(this::point)
                        .filter(this::isAskedFor)
                        .toList();
        return points.isEmpty() ? Stream.empty() : Stream.of(new MetricSeries(labels, points));
    }

    private boolean isAskedFor(MetricPoint point) {
        return !point.at().isBefore(query.from()) && !point.at().isAfter(query.to());
    }

    private MetricPoint point(Place pair) {
        if (pair.list().node().size() != 2) {
            throw pair.wrong("must be a time and a value");
        }
        return new MetricPoint.Value(time(pair.at(0)), value(pair.at(1)), Temporality.UNKNOWN, null);
    }

    private static Instant time(Place seconds) {
        double value = seconds.node().doubleValue();
        if (!seconds.node().isNumber() || !(Math.abs(value) <= MOST_SECONDS)) {
            throw seconds.wrong("must be seconds");
        }
        return Instant.ofEpochMilli(Math.round(value * MILLIS));
    }

    private static double value(Place value) {
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
