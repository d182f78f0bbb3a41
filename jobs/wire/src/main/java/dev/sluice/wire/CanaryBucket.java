package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.evidence.RatioBucket;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of a canary run as it was judged: a row of {@link Topic#BUCKETS}. With all of them, and what is set of the run, every
 * number of the verdict can be computed again.
 *
 * @param tenant whose run it is
 * @param run the run's id
 * @param begin when the bucket began
 * @param metrics what both arms did, by metric, also by segment where it has some, and the pods of the baseline by themselves where they are known; of a metric without
 *     data there is nothing
 * @param calibrated of the row before the first bucket, what the history of the run has taught: the run as the domain saves it; null
 *     of all others
 */
public record CanaryBucket(
        String tenant,
        String run,
        Instant begin,
        JsonNode metrics,
        @JsonInclude(JsonInclude.Include.NON_NULL) byte @Nullable [] calibrated) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String KIND = "kind";
    private static final String BASELINE = "baseline";
    private static final String CANARY = "canary";
    private static final String PODS = "pods";
    private static final String SEGMENTS = "segments";

    public CanaryBucket {
        requireNonNull(tenant, "tenant");
        requireNonNull(run, "run");
        requireNonNull(begin, "begin");
        requireNonNull(metrics, "metrics");
    }

    /** Returns the row of a bucket. */
    public static CanaryBucket of(String tenant, String run, Instant begin, Map<String, Measured> metrics) {
        ObjectNode node = JSON.objectNode();
        new TreeMap<>(metrics).forEach((name, measured) -> {
            ObjectNode metric = json(measured.bucket());
            if (!measured.pods().equals(Pods.UNKNOWN)) {
                metric.set(PODS, json(measured.pods()));
            }
            if (!measured.segments().isEmpty()) {
                ObjectNode segments = metric.putObject(SEGMENTS);
                measured.segments().forEach((segment, bucket) -> segments.set(segment, json(bucket)));
            }
            node.set(name, metric);
        });
        return new CanaryBucket(tenant, run, begin, node, null);
    }

    /** Returns the row that stands before the first bucket of a run that was calibrated. */
    public static CanaryBucket calibrated(String tenant, String run, Instant begin, byte[] calibrated) {
        return new CanaryBucket(tenant, run, begin, JSON.objectNode(), calibrated);
    }

    /** Returns the bucket without what is known of pods and segments. */
    public CanaryBucket withoutParts() {
        JsonNode stripped = metrics.deepCopy();
        stripped.forEach(metric -> ((ObjectNode) metric).remove(List.of(PODS, SEGMENTS)));
        return new CanaryBucket(tenant, run, begin, stripped, calibrated);
    }

    /** Returns the record key. */
    public String key() {
        return Keys.of(tenant, run);
    }

    /** Returns what was measured, by metric. */
    public Map<String, Measured> toDomain() {
        var buckets = new TreeMap<String, Measured>();
        metrics.properties().forEach(field -> buckets.put(field.getKey(), measured(field.getValue())));
        return buckets;
    }

    private static ObjectNode json(MetricBucket bucket) {
        ObjectNode node = JSON.objectNode();
        if (bucket instanceof RatioBucket ratio) {
            node.put(KIND, "ratio");
            node.set(CANARY, counts(ratio.canaryEvents(), ratio.canaryExposure()));
        } else if (bucket instanceof GaugeBucket gauge) {
            node.put(KIND, "gauge").put(CANARY, gauge.canary());
        } else if (bucket instanceof HistogramBucket histogram) {
            node.put(KIND, "histogram");
            node.set(CANARY, json(histogram.canary()));
        } else {
            throw new AssertionError(bucket);
        }
        node.set(BASELINE, baseline(bucket));
        return node;
    }

    private static JsonNode baseline(MetricBucket bucket) {
        if (bucket instanceof RatioBucket ratio) {
            return counts(ratio.baselineEvents(), ratio.baselineExposure());
        }
        if (bucket instanceof GaugeBucket gauge) {
            Double level = gauge.baseline();
            return level == null ? JSON.nullNode() : JSON.numberNode(level);
        }
        if (bucket instanceof HistogramBucket histogram) {
            return json(histogram.baseline());
        }
        throw new AssertionError(bucket);
    }

    private static ObjectNode json(Pods pods) {
        ObjectNode node = JSON.objectNode().put(CANARY, pods.canary());
        ObjectNode baseline = node.putObject(BASELINE);
        pods.baseline().forEach((pod, bucket) -> baseline.set(pod, baseline(bucket)));
        return node;
    }

    private static ObjectNode counts(double events, double exposure) {
        return JSON.objectNode().put("events", events).put("exposure", exposure);
    }

    private static ObjectNode json(Histogram histogram) {
        ObjectNode node =
                JSON.objectNode().put("of_values", histogram.isOfValues()).put("total", histogram.total());
        ArrayNode bounds = node.putArray("bounds");
        for (double bound : histogram.bounds()) {
            bounds.add(bound);
        }
        ArrayNode upTo = node.putArray("up_to");
        for (long count : histogram.upTo()) {
            upTo.add(count);
        }
        return node;
    }

    private static Measured measured(JsonNode node) {
        String kind = node.path(KIND).asText();
        JsonNode pods = node.path(PODS);
        MetricBucket bucket = bucket(kind, node.path(BASELINE), node.path(CANARY));
        var segments = new TreeMap<String, MetricBucket>();
        node.path(SEGMENTS).properties().forEach(segment -> {
            JsonNode of = segment.getValue();
            segments.put(segment.getKey(), bucket(of.path(KIND).asText(), of.path(BASELINE), of.path(CANARY)));
        });
        if (!pods.isObject()) {
            return new Measured(bucket, Pods.UNKNOWN, segments);
        }
        var baseline = new TreeMap<String, MetricBucket>();
        pods.path(BASELINE)
                .properties()
                .forEach(pod -> baseline.put(pod.getKey(), bucket(kind, pod.getValue(), MissingNode.getInstance())));
        return new Measured(bucket, new Pods(baseline, pods.path(CANARY).asInt()), segments);
    }

    private static MetricBucket bucket(String kind, JsonNode baseline, JsonNode canary) {
        return switch (kind) {
            case "ratio" ->
                new RatioBucket(
                        baseline.path("events").asDouble(),
                        baseline.path("exposure").asDouble(),
                        canary.path("events").asDouble(),
                        canary.path("exposure").asDouble());
            case "gauge" -> new GaugeBucket(level(baseline), level(canary));
            case "histogram" -> new HistogramBucket(histogram(baseline), histogram(canary));
            default -> throw new MalformedRecordException("no kind of metric: " + kind, "/kind", null);
        };
    }

    private static @Nullable Double level(JsonNode node) {
        return node.isNumber() ? node.doubleValue() : null;
    }

    private static Histogram histogram(JsonNode node) {
        JsonNode bounds = node.path("bounds");
        JsonNode upTo = node.path("up_to");
        var read = new double[bounds.size()];
        var counts = new long[upTo.size()];
        for (int i = 0; i < read.length; i++) {
            read[i] = bounds.get(i).asDouble();
            counts[i] = upTo.path(i).asLong();
        }
        return node.path("of_values").asBoolean()
                ? Histogram.ofValueCounts(read, counts)
                : Histogram.ofBuckets(read, counts, node.path("total").asLong());
    }
}
