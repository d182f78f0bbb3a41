package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import java.time.Instant;
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
 * @param metrics what both arms did, by metric; of a metric without data there is nothing
 */
public record CanaryBucket(String tenant, String run, Instant begin, JsonNode metrics) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    public CanaryBucket {
        requireNonNull(tenant, "tenant");
        requireNonNull(run, "run");
        requireNonNull(begin, "begin");
        requireNonNull(metrics, "metrics");
    }

    /** Returns the row of a bucket. */
    public static CanaryBucket of(String tenant, String run, Instant begin, Map<String, MetricBucket> metrics) {
        ObjectNode node = JSON.objectNode();
        new TreeMap<>(metrics).forEach((name, bucket) -> node.set(name, json(bucket)));
        return new CanaryBucket(tenant, run, begin, node);
    }

    /** Returns the record key. */
    public String key() {
        return Keys.of(tenant, run);
    }

    /** Returns what both arms did, by metric. */
    public Map<String, MetricBucket> toDomain() {
        var buckets = new TreeMap<String, MetricBucket>();
        metrics.properties().forEach(field -> buckets.put(field.getKey(), bucket(field.getValue())));
        return buckets;
    }

    private static ObjectNode json(MetricBucket bucket) {
        ObjectNode node = JSON.objectNode();
        if (bucket instanceof RatioBucket ratio) {
            node.put("kind", "ratio");
            node.set("baseline", counts(ratio.baselineEvents(), ratio.baselineExposure()));
            node.set("canary", counts(ratio.canaryEvents(), ratio.canaryExposure()));
            return node;
        }
        if (bucket instanceof GaugeBucket gauge) {
            return node.put("kind", "gauge").put("baseline", gauge.baseline()).put("canary", gauge.canary());
        }
        if (bucket instanceof HistogramBucket histogram) {
            node.put("kind", "histogram");
            node.set("baseline", json(histogram.baseline()));
            node.set("canary", json(histogram.canary()));
            return node;
        }
        throw new AssertionError(bucket);
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

    private static MetricBucket bucket(JsonNode node) {
        JsonNode baseline = node.path("baseline");
        JsonNode canary = node.path("canary");
        String kind = node.path("kind").asText();
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
