package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.intake.BucketAssembler;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.sources.metrics.selection.SeriesText;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.SegmentLabels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Points of a run's metrics, as a body that satisfies their schema holds them. */
final class SamplePoints {
    private static final String TOTAL = "+Inf";

    private final Run run;
    private final SegmentLabels segments;
    private final Map<String, MetricConfig> metrics;
    private final Instant earliest;
    private final Instant latest;
    private final List<FieldError> errors = new ArrayList<>();

    /**
     * Begins for a run.
     *
     * @param run whose points they are
     * @param metrics what it is judged by
     * @param now the moment of the request
     */
    SamplePoints(Run run, List<MetricConfig> metrics, Instant now) {
        this.run = run;
        this.segments = SegmentLabels.of(run.document().config());
        this.metrics = metrics.stream().collect(Collectors.toMap(MetricConfig::name, Function.identity()));
        this.earliest = run.document().startedAt().minus(Bodies.AHEAD);
        this.latest = now.plus(Bodies.AHEAD);
    }

    /**
     * Reads the points: one batch for each metric that has some.
     *
     * @param samples the list of them
     * @throws ApiException 400 with a pointer to each one that cannot be
     */
    List<SampleBatch> read(JsonNode samples) {
        Map<String, List<SampleBatch.Point>> byMetric = new LinkedHashMap<>();
        for (int i = 0; i < samples.size(); i++) {
            String metric = samples.get(i).path("metric").textValue();
            point(metric, samples.get(i), "/samples/" + i)
                    .ifPresent(point -> byMetric.computeIfAbsent(metric, name -> new ArrayList<>())
                            .add(point));
        }
        Bodies.requireNone(errors);
        return byMetric.entrySet().stream()
                .map(entry -> new SampleBatch(
                        run.tenant(),
                        run.id(),
                        entry.getKey(),
                        run.document().stages().size(),
                        entry.getValue()))
                .toList();
    }

    private Optional<SampleBatch.Point> point(String name, JsonNode sample, String pointer) {
        MetricConfig metric = metrics.get(name);
        if (metric == null) {
            return wrong(pointer + "/metric", "The run has no metric " + name + ".");
        }
        Instant at = Bodies.time(sample.path("at")).orElse(null);
        if (at == null) {
            return wrong(pointer + "/at", "The field at is no time.");
        }
        if (at.isBefore(earliest)) {
            return wrong(pointer + "/at", "The field at must not be before the run's start.");
        }
        if (at.isAfter(latest)) {
            return wrong(pointer + "/at", "The field at must not be in the future.");
        }
        SampleBatch.Point point = point(sample, at).ofSegment(segments.segment(name, labels(sample.path("series"))));
        if (point.series() != null && point.series().length() > SeriesText.MOST) {
            return wrong(
                    pointer + "/series",
                    "The labels must have at most " + SeriesText.MOST + " characters as one text.");
        }
        try {
            if (!BucketAssembler.fits(metric, point.toDomain(name).measure())) {
                return wrong(
                        pointer, "A metric of kind " + metric.kind() + " is measured by " + measures(metric) + ".");
            }
        } catch (IllegalArgumentException e) {
            return wrong(pointer, e.getMessage() + ".");
        }
        return Optional.of(point);
    }

    private Optional<SampleBatch.Point> wrong(String pointer, String detail) {
        errors.add(new FieldError(pointer, detail));
        return Optional.empty();
    }

    private static String measures(MetricConfig metric) {
        if (metric instanceof MetricConfig.Ratio) {
            return "count and exposure";
        }
        return metric instanceof MetricConfig.Gauge ? "value" : "values or le";
    }

    private static SampleBatch.Point point(JsonNode sample, Instant at) {
        boolean ofBounds = sample.has("le");
        List<Map.Entry<Double, Long>> upTo = bounds(sample.path("le"));
        return new SampleBatch.Point(
                sample.path("arm").textValue(),
                series(sample.path("series")),
                at,
                number(sample.path("value")),
                sample.has("values") ? numbers(sample.path("values")) : null,
                number(ofBounds ? sample.path("le").path(TOTAL) : sample.path("count")),
                number(sample.path("exposure")),
                ofBounds ? upTo.stream().map(Map.Entry::getKey).toList() : null,
                ofBounds ? upTo.stream().map(Map.Entry::getValue).toList() : null,
                sample.has("cumulative") ? sample.path("cumulative").booleanValue() : null);
    }

    /** Returns the finite bounds, each with how many are at most there, ascending; a bound that is written twice stays so. */
    private static List<Map.Entry<Double, Long>> bounds(JsonNode le) {
        List<Map.Entry<Double, Long>> bounds = new ArrayList<>();
        le.properties().forEach(bound -> {
            if (!bound.getKey().equals(TOTAL)) {
                bounds.add(Map.entry(
                        Double.parseDouble(bound.getKey()), bound.getValue().longValue()));
            }
        });
        bounds.sort(Map.Entry.comparingByKey(Comparator.naturalOrder()));
        return bounds;
    }

    private static SortedMap<String, String> labels(JsonNode series) {
        SortedMap<String, String> labels = new TreeMap<>();
        series.properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().textValue()));
        return labels;
    }

    /** Returns the series as a text: of labels, {@code name="value"} by name, joined by commas. */
    static @Nullable String series(JsonNode series) {
        if (!series.isObject()) {
            return series.textValue();
        }
        return SeriesText.of(labels(series));
    }

    private static @Nullable Double number(JsonNode node) {
        return node.isNumber() ? node.doubleValue() : null;
    }

    private static List<Double> numbers(JsonNode list) {
        List<Double> numbers = new ArrayList<>(list.size());
        list.forEach(node -> numbers.add(node.doubleValue()));
        return numbers;
    }
}
