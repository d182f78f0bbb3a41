package dev.sluice.sources.metrics.otlp;

import dev.sluice.sources.metrics.ElementBudget;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.PushLimits;
import dev.sluice.sources.metrics.Temporality;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads one export, whatever its encoding was. */
final class OtlpReading {
    private static final long NANOS = 1_000_000_000;

    private final ElementBudget budget;
    private final List<MetricSeries> series = new ArrayList<>();
    private final Map<LeftOut, Integer> leftOut = new EnumMap<>(LeftOut.class);
    private String pointer = "";

    OtlpReading(PushLimits limits) {
        this.budget = new ElementBudget(limits);
    }

    /** Returns what the export says. */
    OtlpMetricsPush read(ExportMetricsServiceRequest request) {
        for (int i = 0; i < request.getResourceMetricsCount(); i++) {
            ResourceMetrics resource = request.getResourceMetrics(i);
            SortedMap<String, String> attributes =
                    Attributes.texts(resource.getResource().getAttributesList());
            for (int j = 0; j < resource.getScopeMetricsCount(); j++) {
                ScopeMetrics scope = resource.getScopeMetrics(j);
                for (int k = 0; k < scope.getMetricsCount(); k++) {
                    pointer = "/resourceMetrics/" + i + "/scopeMetrics/" + j + "/metrics/" + k;
                    read(scope.getMetrics(k), attributes);
                }
            }
        }
        return new OtlpMetricsPush(series, leftOut);
    }

    private void read(Metric metric, SortedMap<String, String> resource) {
        switch (metric.getDataCase()) {
            case GAUGE ->
                metric.getGauge().getDataPointsList().forEach(point -> add(metric, resource, point, Temporality.GAUGE));
            case SUM -> readSum(metric, resource);
            case HISTOGRAM -> {
                Temporality temporality = temporality(metric.getHistogram().getAggregationTemporality());
                metric.getHistogram().getDataPointsList().forEach(point -> add(metric, resource, point, temporality));
            }
            case EXPONENTIAL_HISTOGRAM -> {
                Temporality temporality =
                        temporality(metric.getExponentialHistogram().getAggregationTemporality());
                metric.getExponentialHistogram()
                        .getDataPointsList()
                        .forEach(point -> add(metric, resource, point, temporality));
            }
            case SUMMARY -> metric.getSummary().getDataPointsList().forEach(point -> leaveOut(LeftOut.SUMMARY));
            case DATA_NOT_SET -> {}
        }
    }

    private void readSum(Metric metric, SortedMap<String, String> resource) {
        Sum sum = metric.getSum();
        Temporality temporality = temporality(sum.getAggregationTemporality());
        if (!sum.getIsMonotonic() && temporality == Temporality.DELTA) {
            sum.getDataPointsList().forEach(point -> leaveOut(LeftOut.DELTAS_OF_LEVEL));
            return;
        }
        boolean level = !sum.getIsMonotonic() && temporality == Temporality.CUMULATIVE;
        sum.getDataPointsList().forEach(point -> add(metric, resource, point, level ? Temporality.GAUGE : temporality));
    }

    private void add(
            Metric metric, SortedMap<String, String> resource, NumberDataPoint point, Temporality temporality) {
        var common = new Common(point.getAttributesList(), point.getTimeUnixNano(), point.getFlags(), temporality);
        add(metric, resource, common, at -> switch (point.getValueCase()) {
            case AS_DOUBLE ->
                new MetricPoint.Value(
                        at, point.getAsDouble(), temporality, start(point.getStartTimeUnixNano(), temporality));
            case AS_INT ->
                new MetricPoint.Value(
                        at, point.getAsInt(), temporality, start(point.getStartTimeUnixNano(), temporality));
            case VALUE_NOT_SET -> leaveOut(LeftOut.NO_VALUE);
        });
    }

    private void add(
            Metric metric, SortedMap<String, String> resource, HistogramDataPoint point, Temporality temporality) {
        var common = new Common(point.getAttributesList(), point.getTimeUnixNano(), point.getFlags(), temporality);
        add(metric, resource, common, at -> {
            budget.take(point.getExplicitBoundsCount(), pointer);
            return checked(() ->
                    HistogramPoints.explicit(point, at, temporality, start(point.getStartTimeUnixNano(), temporality)));
        });
    }

    private void add(
            Metric metric,
            SortedMap<String, String> resource,
            ExponentialHistogramDataPoint point,
            Temporality temporality) {
        var common = new Common(point.getAttributesList(), point.getTimeUnixNano(), point.getFlags(), temporality);
        add(metric, resource, common, at -> {
            budget.take(point.getPositive().getBucketCountsCount(), pointer);
            return checked(() -> HistogramPoints.exponential(
                    point, at, temporality, start(point.getStartTimeUnixNano(), temporality)));
        });
    }

    /** What data points of all kinds have. */
    private record Common(List<KeyValue> attributes, long nanos, int flags, Temporality temporality) {
        boolean hasNoValue() {
            return (flags & DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE) != 0;
        }
    }

    @FunctionalInterface
    private interface Content {
        /** Returns the point, null if it is left out, which has been counted then. */
        @Nullable
        MetricPoint at(Instant at);
    }

    private void add(Metric metric, SortedMap<String, String> resource, Common common, Content content) {
        if (metric.getName().isEmpty()) {
            leaveOut(LeftOut.NO_NAME);
        } else if (common.nanos() == 0) {
            leaveOut(LeftOut.NO_TIME);
        } else if (common.temporality() == Temporality.UNKNOWN) {
            leaveOut(LeftOut.UNKNOWN_TEMPORALITY);
        } else {
            Instant at = instant(common.nanos());
            MetricPoint point = common.hasNoValue() ? new MetricPoint.Stale(at) : content.at(at);
            if (point != null) {
                series.add(new MetricSeries(labels(metric.getName(), resource, common.attributes()), List.of(point)));
            }
        }
    }

    private SortedMap<String, String> labels(
            String name, SortedMap<String, String> resource, List<KeyValue> attributes) {
        budget.take(2L + resource.size() + attributes.size(), pointer);
        SortedMap<String, String> labels = new TreeMap<>(resource);
        labels.putAll(Attributes.texts(attributes));
        labels.values().removeIf(String::isEmpty);
        labels.put(MetricSeries.NAME, name);
        return labels;
    }

    private @Nullable MetricPoint checked(Supplier<MetricPoint> histogram) {
        try {
            return histogram.get();
        } catch (IllegalArgumentException e) {
            return leaveOut(LeftOut.WRONG_BUCKETS);
        }
    }

    private @Nullable MetricPoint leaveOut(LeftOut reason) {
        leftOut.merge(reason, 1, Integer::sum);
        return null;
    }

    private static Temporality temporality(AggregationTemporality temporality) {
        return switch (temporality) {
            case AGGREGATION_TEMPORALITY_DELTA -> Temporality.DELTA;
            case AGGREGATION_TEMPORALITY_CUMULATIVE -> Temporality.CUMULATIVE;
            case AGGREGATION_TEMPORALITY_UNSPECIFIED, UNRECOGNIZED -> Temporality.UNKNOWN;
        };
    }

    private static @Nullable Instant start(long nanos, Temporality temporality) {
        return nanos == 0 || temporality == Temporality.GAUGE ? null : instant(nanos);
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Long.divideUnsigned(nanos, NANOS), Long.remainderUnsigned(nanos, NANOS));
    }
}
