package dev.sluice.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Which labels of its series tell the segments of a metric apart: the member {@code segment_labels} of the metrics of a config.
 *
 * @param byMetric the names of the labels, by metric; none of a metric without segments
 */
public record SegmentLabels(Map<String, List<String>> byMetric) {
    private static final int LONGEST = 200;

    public SegmentLabels {
        byMetric = Map.copyOf(byMetric);
    }

    /** Returns those of a config that satisfies its schema. */
    public static SegmentLabels of(JsonNode config) {
        Map<String, List<String>> byMetric = new HashMap<>();
        for (JsonNode metric : config.path("metrics")) {
            List<String> labels = new ArrayList<>();
            metric.path("segment_labels").forEach(label -> labels.add(label.textValue()));
            if (!labels.isEmpty()) {
                byMetric.put(metric.path("name").textValue(), List.copyOf(labels));
            }
        }
        return new SegmentLabels(byMetric);
    }

    /**
     * Returns the segment of a metric that a series is of: the values of its labels as {@code name=value}, joined by commas, cut to
     * {@value #LONGEST} characters.
     *
     * @return empty where the metric has no segments, or the series none of the labels
     */
    public String segment(String metric, Map<String, String> labels) {
        var text = new StringJoiner(",");
        for (String name : byMetric.getOrDefault(metric, List.of())) {
            String value = labels.getOrDefault(name, "");
            if (!value.isEmpty()) {
                text.add(name + "=" + value);
            }
        }
        String segment = text.toString();
        return segment.substring(0, Math.min(segment.length(), LONGEST));
    }
}
