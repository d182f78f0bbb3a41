package dev.sluice.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.Direction;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.MetricConfig.Gauge;
import dev.sluice.canary.MetricConfig.Latency;
import dev.sluice.canary.MetricConfig.Ratio;
import dev.sluice.canary.MetricConfig.Scale;
import dev.sluice.canary.Standing;
import dev.sluice.canary.TrafficPlan;
import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.Exposure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Canary configs as JSON, by the schema of {@code schemas/canary}, which is read once from the class path. Instances are
 * immutable and may be shared by threads.
 */
public final class CanaryConfigs {
    private static final Duration SHORTEST_PULL = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);
    private static final List<String> LEARNED = List.of("bucket", "selectors", "pod_label", "replica_label");
    private static final List<String> LEARNED_OF_METRIC = List.of("name", "kind", "series");

    private final SchemaFiles files = new SchemaFiles("canary/");
    private final JsonSchema schema = files.read("canary-config");

    private CanaryConfigs() {}

    /**
     * Reads the schema from the class path.
     *
     * @throws IllegalStateException if it is missing or no schema: the program was built wrongly
     */
    public static CanaryConfigs load() {
        return new CanaryConfigs();
    }

    /**
     * What came of a document.
     *
     * @param config the config; null where something is wrong
     * @param selection which series belong to the run; null where something is wrong, or none do
     * @param violations what is wrong, in the order of the pointers; empty where nothing is
     */
    public record Result(
            @Nullable CanaryConfig config, @Nullable CanarySelection selection, List<Violation> violations) {
        public Result {
            violations = List.copyOf(violations);
        }
    }

    /**
     * Reads a config.
     *
     * @param document a JSON object
     * @param metrics what is judged where the document names no metrics, at least one
     */
    public Result read(JsonNode document, List<MetricConfig> metrics) {
        List<Violation> violations = new ArrayList<>(files.check(schema, document, ""));
        List<MetricConfig> read = new ArrayList<>();
        if (violations.isEmpty()) {
            for (int i = 0; i < document.path("metrics").size(); i++) {
                try {
                    read.add(metric(document.path("metrics").get(i)));
                } catch (IllegalArgumentException e) {
                    violations.add(new Violation("/metrics/" + i, sentence(e)));
                }
            }
        }
        CanarySelection selection = violations.isEmpty()
                ? CanarySelection.read(document, violations).orElse(null)
                : null;
        if (selection != null && selection.pull() != null) {
            Duration every = selection.pull().every();
            Duration bucket = duration(document, "bucket", CanaryConfig.DEFAULT_BUCKET);
            if (every.compareTo(SHORTEST_PULL) < 0 || every.compareTo(bucket) > 0) {
                violations.add(new Violation(
                        "/pull/every", "The field every must be at least a second, and at most a bucket long."));
            }
            if (selection.pull().delay().compareTo(LONGEST_DELAY) > 0) {
                violations.add(new Violation("/pull/delay", "The field delay must be at most 15 minutes."));
            }
        }
        if (violations.isEmpty() && learns(document)) {
            checkLearn(selection, violations);
        }
        if (violations.isEmpty()) {
            try {
                return new Result(config(document, read.isEmpty() ? metrics : read), selection, List.of());
            } catch (IllegalArgumentException e) {
                boolean isOfNames =
                        read.stream().map(MetricConfig::name).distinct().count() < read.size();
                violations.add(new Violation(isOfNames ? "/metrics" : "", sentence(e)));
            }
        }
        return new Result(
                null,
                null,
                violations.stream()
                        .distinct()
                        .sorted(Comparator.comparing(Violation::pointer).thenComparing(Violation::message))
                        .toList());
    }

    /** Returns whether a config keeps learning of its baseline between runs. */
    public static boolean learns(JsonNode document) {
        return document.path("learn").asText().equals("always");
    }

    /**
     * Returns a digest of what decides of which series a config learns, and in which buckets: what two configs learn that have the same is
     * the same.
     */
    public static String learned(JsonNode document) {
        ObjectNode learned = JsonNodeFactory.instance.objectNode();
        LEARNED.forEach(member -> learned.set(member, document.path(member)));
        ArrayNode metrics = learned.putArray("metrics");
        for (JsonNode metric : document.path("metrics")) {
            ObjectNode of = metrics.addObject();
            LEARNED_OF_METRIC.forEach(member -> of.set(member, metric.path(member)));
        }
        return ConfigDigest.of(learned);
    }

    private static void checkLearn(@Nullable CanarySelection selection, List<Violation> violations) {
        if (selection == null) {
            violations.add(new Violation("/learn", "Nothing can be learned between runs: no series are selected."));
        } else if (selection.pull() != null) {
            violations.add(new Violation(
                    "/learn", "The field learn is for series that are sent; a source that is asked has a history."));
        }
    }

    private static String sentence(IllegalArgumentException e) {
        return e.getMessage() + ".";
    }

    private static CanaryConfig config(JsonNode document, List<MetricConfig> metrics) {
        Duration bucket = duration(document, "bucket", CanaryConfig.DEFAULT_BUCKET);
        TrafficPlan traffic = traffic(document);
        Duration planned = traffic.stages().isEmpty() ? CanaryConfig.DEFAULT_HORIZON : traffic.duration();
        return new CanaryConfig(
                metrics,
                document.path("alpha").asDouble(CanaryConfig.DEFAULT_ALPHA),
                document.path("beta").asDouble(CanaryConfig.DEFAULT_BETA),
                bucket,
                document.path("warm_up_buckets").asInt(CanaryConfig.DEFAULT_WARM_UP_BUCKETS),
                duration(document, "settle", CanaryConfig.DEFAULT_SETTLE),
                document.path("min_exposure").asLong(CanaryConfig.DEFAULT_MIN_EXPOSURE),
                document.path("min_buckets").asInt(CanaryConfig.DEFAULT_MIN_BUCKETS),
                duration(document, "min_stage", CanaryConfig.DEFAULT_MIN_STAGE),
                duration(document, "horizon", planned),
                duration(document, "data_timeout", CanaryConfig.defaultDataTimeout(bucket)),
                traffic);
    }

    private static TrafficPlan traffic(JsonNode document) {
        var stages = new ArrayList<TrafficPlan.Stage>();
        for (JsonNode stage : document.path("stages")) {
            JsonNode share = stage.path("canary_share");
            stages.add(new TrafficPlan.Stage(
                    Durations.parse(stage.get("duration").textValue()).orElseThrow(),
                    share.isNumber() ? share.doubleValue() : null));
        }
        JsonNode unit = document.path("randomized_by");
        return new TrafficPlan(
                unit.isTextual() ? TrafficPlan.Unit.valueOf(unit.textValue().toUpperCase(Locale.ROOT)) : null, stages);
    }

    private static Duration duration(JsonNode document, String field, Duration otherwise) {
        return document.has(field)
                ? Durations.parse(document.get(field).textValue()).orElseThrow()
                : otherwise;
    }

    private static MetricConfig metric(JsonNode node) {
        String name = node.get("name").textValue();
        Standing standing = standing(node);
        String kind = node.get("kind").textValue();
        return switch (kind) {
            case "ratio" -> ratio(node, name, standing);
            case "histogram" -> latency(node, name, standing);
            case "gauge" -> gauge(node, name, standing);
            default -> throw new AssertionError(kind);
        };
    }

    private static Ratio ratio(JsonNode node, String name, Standing standing) {
        boolean ofTime = node.path("exposure").asText("requests").equals("time");
        return new Ratio(
                name,
                direction(node),
                allowance(node, "tolerance", ofTime ? Ratio.DEFAULT_TOLERANCE_PER_SECOND : Ratio.DEFAULT_TOLERANCE),
                allowance(node, "margin", ofTime ? Ratio.DEFAULT_MARGIN_PER_SECOND : Ratio.DEFAULT_MARGIN),
                standing,
                ofTime ? Exposure.TIME : Exposure.REQUESTS);
    }

    private static Latency latency(JsonNode node, String name, Standing standing) {
        return new Latency(
                name,
                allowance(node, "tolerance", Latency.DEFAULT_TOLERANCE),
                allowance(node, "margin", Latency.DEFAULT_MARGIN),
                standing,
                quantiles(node, "fail_quantiles", Latency.DEFAULT_FAIL_QUANTILES),
                quantiles(node, "pass_quantiles", Latency.DEFAULT_PASS_QUANTILES),
                allowance(node, "share_tolerance", Latency.DEFAULT_SHARE_TOLERANCE),
                allowance(node, "share_margin", Latency.DEFAULT_SHARE_MARGIN));
    }

    private static Gauge gauge(JsonNode node, String name, Standing standing) {
        Scale scale = node.path("scale").asText("log").equals("log") ? Scale.LOG : Scale.LINEAR;
        if (scale == Scale.LINEAR && !(node.has("tolerance") && node.has("margin"))) {
            throw new IllegalArgumentException(name + ": on the linear scale tolerance and margin must be given");
        }
        return new Gauge(
                name,
                direction(node),
                of(scale, node.path("tolerance"), allowance(node, "tolerance", Gauge.DEFAULT_TOLERANCE)),
                of(scale, node.path("margin"), allowance(node, "margin", Gauge.DEFAULT_MARGIN)),
                standing,
                scale);
    }

    /** On the linear scale a number is the absolute part: there is no other. */
    private static Allowance of(Scale scale, JsonNode node, Allowance read) {
        return scale == Scale.LINEAR && node.isNumber() ? new Allowance(0, node.doubleValue()) : read;
    }

    private static Direction direction(JsonNode node) {
        return Direction.valueOf(node.path("direction").asText("increase").toUpperCase(Locale.ROOT));
    }

    private static Standing standing(JsonNode node) {
        boolean advisory = node.path("advisory").asBoolean(false);
        if (advisory && (node.has("weight") || node.path("critical").asBoolean(false))) {
            throw new IllegalArgumentException("an advisory metric has no weight and is not critical");
        }
        double normal = node.path("critical").asBoolean(false) ? Standing.CRITICAL : Standing.NORMAL;
        boolean required = node.path("required").asBoolean(!advisory);
        return new Standing(advisory ? 0 : node.path("weight").asDouble(normal), required);
    }

    /** A number is the relative part; of an object, what is absent is 0. */
    private static Allowance allowance(JsonNode node, String field, Allowance otherwise) {
        JsonNode value = node.path(field);
        if (value.isMissingNode()) {
            return otherwise;
        }
        return value.isNumber()
                ? new Allowance(value.doubleValue(), 0)
                : new Allowance(
                        value.path("relative").asDouble(0),
                        value.path("absolute").asDouble(0));
    }

    private static List<Double> quantiles(JsonNode node, String field, List<Double> otherwise) {
        if (!node.has(field)) {
            return otherwise;
        }
        var quantiles = new ArrayList<Double>();
        node.get(field).forEach(quantile -> quantiles.add(quantile.doubleValue()));
        return quantiles;
    }
}
