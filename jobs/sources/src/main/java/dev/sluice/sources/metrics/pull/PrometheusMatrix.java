package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Reads what Prometheus answers to a query for samples. */
final class PrometheusMatrix implements AnswerReader<List<MetricSeries>> {
    private final MetricQuery query;
    private final NativeHistograms histograms = new NativeHistograms();

    /** Begins for one answer to a query. */
    PrometheusMatrix(MetricQuery query) {
        this.query = query;
    }

    @Override
    public List<MetricSeries> read(Place body, Credentials.Shown secrets) {
        return PrometheusBody.matrix(body).flatMap(this::series).toList();
    }

    @Override
    public String problem(Place body) {
        return PrometheusBody.problem(body);
    }

    private Stream<MetricSeries> series(Place series) {
        SortedMap<String, String> labels = Labels.read(series.at("metric").object());
        if (!labels.containsKey(MetricSeries.NAME)) {
            throw series.at("metric").wrong("must have a name");
        }
        List<MetricPoint> points = Stream.concat(
                        list(series.at("values")).map(this::point),
                        list(series.at("histograms")).map(histograms::point))
                .filter(this::isAskedFor)
                .toList();
        return points.isEmpty() ? Stream.empty() : Stream.of(new MetricSeries(labels, points));
    }

    private static Stream<Place> list(Place points) {
        return points.isAbsent() ? Stream.empty() : points.list().elements();
    }

    private boolean isAskedFor(MetricPoint point) {
        return !point.at().isBefore(query.from()) && !point.at().isAfter(query.to());
    }

    private MetricPoint point(Place pair) {
        if (pair.list().node().size() != 2) {
            throw pair.wrong("must be a time and a value");
        }
        return new MetricPoint.Value(
                PrometheusBody.time(pair.at(0)), PrometheusBody.value(pair.at(1)), Temporality.UNKNOWN, null);
    }
}
