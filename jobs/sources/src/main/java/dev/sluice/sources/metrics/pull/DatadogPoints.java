package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Reads what Datadog answers to queries for series of a run. Where it says nothing of an interval there is no point. */
final class DatadogPoints implements AnswerReader<List<MetricSeries>> {
    private final List<DatadogQuery> queries;
    private final WholeIntervals intervals;

    /**
     * Creates a reader.
     *
     * @param queries what was asked, in this order
     * @param intervals of which each was asked for a value
     */
    DatadogPoints(List<DatadogQuery> queries, WholeIntervals intervals) {
        this.queries = queries;
        this.intervals = intervals;
    }

    @Override
    public List<MetricSeries> read(Place body, Credentials.Shown secrets) {
        return DatadogBody.series(body).flatMap(this::series).toList();
    }

    @Override
    public String problem(Place body) {
        return DatadogBody.problem(body);
    }

    @Override
    public List<String> retryHeaders() {
        return DatadogBody.RETRY_HEADERS;
    }

    private Stream<MetricSeries> series(Place series) {
        DatadogQuery query = query(series.object().at("query_index"));
        requireLength(series.at("interval"));
        SortedMap<String, String> labels = DatadogBody.tags(series);
        labels.put(MetricSeries.NAME, query.name());
        List<MetricPoint> points = series.at("pointlist")
                .list()
                .elements()
                .flatMap(point -> point(query, point))
                .toList();
        return points.isEmpty() ? Stream.empty() : Stream.of(new MetricSeries(labels, points));
    }

    private DatadogQuery query(Place index) {
        int number = index.node().isInt() ? index.node().intValue() : -1;
        if (number < 0 || number >= queries.size()) {
            throw index.wrong("must be one of " + queries.size() + " queries");
        }
        return queries.get(number);
    }

    /** Answers have seconds, their documentation has milliseconds. Datadog may take longer intervals than it was asked for. */
    private void requireLength(Place interval) {
        long length = interval.node().asLong();
        if (length != intervals.length().toSeconds()
                && length != intervals.length().toMillis()) {
            throw interval.wrong("must be " + intervals.length().toSeconds() + " s");
        }
    }

    private Stream<MetricPoint> point(DatadogQuery query, Place point) {
        Instant begin = DatadogBody.time(point);
        double value = DatadogBody.value(point);
        if (!intervals.isOfGrid(begin)) {
            throw point.wrong("must be of the beginning of an interval");
        }
        if (Double.isNaN(value) || !intervals.beginsOneAt(begin)) {
            return Stream.empty();
        }
        return Stream.of(
                query.isLevel()
                        ? new MetricPoint.Value(begin, value, Temporality.GAUGE, null)
                        : new MetricPoint.Value(begin.plus(intervals.length()), value, Temporality.DELTA, begin));
    }
}
