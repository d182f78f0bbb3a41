package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what Prometheus answers to a range query. */
final class PrometheusRanges implements AnswerReader<List<RangeSeries>> {
    private static final Logger LOGGER = LoggerFactory.getLogger(PrometheusRanges.class);

    private final RangeQuery query;
    private final RangeLimits limits;
    private final String source;

    PrometheusRanges(RangeQuery query, RangeLimits limits, String source) {
        this.query = query;
        this.limits = limits;
        this.source = source;
    }

    @Override
    public List<RangeSeries> read(Place body, Credentials.Shown secrets) {
        List<Place> series = PrometheusBody.matrix(body).toList();
        limits.check(series.size(), query.steps());
        return series.stream().map(this::series).toList();
    }

    @Override
    public String problem(Place body) {
        return PrometheusBody.problem(body);
    }

    private RangeSeries series(Place series) {
        SortedMap<String, String> labels = Labels.read(series.at("metric").object());
        if (!series.at("histograms").isAbsent()) {
            LOGGER.atWarn().addKeyValue("source", source).log("native histograms are not read");
        }
        Double[] values = new Double[query.steps()];
        Arrays.fill(values, Double.NaN);
        Place points = series.at("values");
        if (!points.isAbsent()) {
            points.list().elements().forEach(pair -> set(values, pair));
        }
        return new RangeSeries(labels, List.of(values));
    }

    private void set(Double[] values, Place pair) {
        if (pair.list().node().size() != 2) {
            throw pair.wrong("must be a time and a value");
        }
        int number = query.nearest(PrometheusBody.time(pair.at(0)));
        double value = PrometheusBody.value(pair.at(1));
        if (number >= 0) {
            values[number] = value;
        }
    }
}
