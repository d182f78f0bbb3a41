package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads what Datadog answers to a query for a range: of each series the values from its {@code start} to its {@code end}, NaN where
 * there is none.
 */
final class DatadogRanges implements AnswerReader<List<RangeSeries>> {
    private static final long MILLIS = 1000;
    /** Far beyond every interval that there is. */
    private static final long MOST_SECONDS = 1_000_000_000;

    private final RangeLimits limits;

    DatadogRanges(RangeLimits limits) {
        this.limits = limits;
    }

    @Override
    public List<RangeSeries> read(Place body, Credentials.Shown secrets) {
        List<Place> all = DatadogBody.series(body).toList();
        return all.stream().map(series -> series(series.object(), all.size())).toList();
    }

    @Override
    public String problem(Place body) {
        return DatadogBody.problem(body);
    }

    @Override
    public List<String> retryHeaders() {
        return DatadogBody.RETRY_HEADERS;
    }

    private RangeSeries series(Place series, int all) {
        long interval = millis(series.at("interval"), MOST_SECONDS) * MILLIS;
        long start = millis(series.at("start"), DatadogBody.MOST_MILLIS);
        long end = millis(series.at("end"), DatadogBody.MOST_MILLIS);
        if (interval == 0) {
            throw series.at("interval").wrong("must be seconds, at least one");
        }
        if (end < start) {
            throw series.at("end").wrong("must not be before start");
        }
        long steps = (end - start) / interval + 1;
        limits.check(all, (int) Math.min(steps, Integer.MAX_VALUE));
        List<Double> values = new ArrayList<>(Collections.nCopies((int) steps, Double.NaN));
        series.at("pointlist").list().elements().forEach(point -> {
            long after = DatadogBody.time(point).toEpochMilli() - start;
            if (after < 0 || after % interval != 0 || after / interval >= steps) {
                throw point.wrong("must be of an interval from start to end");
            }
            values.set((int) (after / interval), DatadogBody.value(point));
        });
        return new RangeSeries(DatadogBody.tags(series), values);
    }

    private static long millis(Place number, double most) {
        double value = number.node().doubleValue();
        if (!number.node().isNumber() || !(value >= 0 && value <= most) || value != Math.rint(value)) {
            throw number.wrong("must be a whole number of at least 0");
        }
        return (long) value;
    }
}
