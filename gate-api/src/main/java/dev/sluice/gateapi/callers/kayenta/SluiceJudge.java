package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.CanaryState;
import dev.sluice.canary.CanaryVerdict;
import dev.sluice.canary.Direction;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.MetricVerdict;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.kayenta.ArmStatistics;
import dev.sluice.kayenta.MetricConfig.Flag;
import dev.sluice.kayenta.MetricLabel;
import dev.sluice.kayenta.NanStrategy;
import dev.sluice.kayenta.ScoreLabel;
import dev.sluice.kayenta.Thresholds;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sluice's own judge ({@link CanaryRun}) on what Kayenta's request holds. A step of time is a bucket.
 *
 * <table>
 *   <caption>What is said in Kayenta's config, and what it means</caption>
 *   <tr><td>{@code judge.judgeConfigurations}</td><td>members of Sluice's config that concern all of the run, such as
 *       {@code alpha}, {@code warm_up_buckets}, {@code min_exposure}</td></tr>
 *   <tr><td>{@code analysisConfigurations.sluice} of a metric</td><td>members of a metric of Sluice's config; {@code kind} is
 *       {@code gauge} where it says nothing</td></tr>
 *   <tr><td>{@code exposure_metric} there</td><td>of a {@code ratio}, which it must have: the metric whose points are the requests
 *       or seconds that this metric's points are counted against; both are counts of a step</td></tr>
 *   <tr><td>{@code kind}: {@code exposure} there</td><td>it is counted against only, and is in no result</td></tr>
 *   <tr><td>{@code direction}, {@code critical}, {@code muted} of {@code analysisConfigurations.canary}</td><td>the same; a muted
 *       metric is advisory</td></tr>
 *   <tr><td>{@code nanStrategy}</td><td>{@code replace}: of a ratio, no point where there is exposure is no event. A gauge without a
 *       point has none, whatever is said</td></tr>
 * </table>
 *
 * <p>A verdict is never better than the evidence. Successful is a score of 100 and Pass, Failed is 0 and Fail. Anything else is
 * Marginal with a score between the thresholds, which Spinnaker's last look and Argo Rollouts do not take for a pass; and Fail with
 * 0 if of no metric that counts both arms had any data. Of metrics, what is not decided is Nodata. Gauges decide nothing here: that
 * takes a history of the baseline, which the request does not have.
 */
final class SluiceJudge {
    /** The name by which configs choose it. */
    static final String NAME = "Sluice-v1";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String GAUGE = "gauge";
    private static final String RATIO = "ratio";
    private static final String EXPOSURE = "exposure";
    private static final String EXPOSURE_METRIC = "exposure_metric";
    private static final long DEFAULT_STEP_MS = 60_000;
    private static final double ALL = 100;
    /** What is said of a run and is not the caller's to say: it follows from the request. */
    private static final List<String> GIVEN = List.of("judge");

    private final CanaryConfigs configs;

    SluiceJudge(CanaryConfigs configs) {
        this.configs = configs;
    }

    /**
     * A metric of the request as this judge sees it.
     *
     * @param config of the request
     * @param said what {@code analysisConfigurations.sluice} says
     * @param kind what it is
     */
    private record Kind(KayentaConfig.Metric config, Members said, String kind) {
        static Kind of(KayentaConfig.Metric metric) {
            Members said = metric.members().object("analysisConfigurations").object("sluice");
            return new Kind(metric, said, said.text("kind").orElse(GAUGE));
        }

        boolean isJudged() {
            return !kind.equals(EXPOSURE);
        }

        /** Returns its entry in Sluice's config. */
        ObjectNode entry(String name) {
            ObjectNode entry = said.node().isObject() ? said.node().deepCopy() : JSON.objectNode();
            entry.remove(EXPOSURE_METRIC);
            entry.put("name", name).put("kind", kind);
            if (!entry.has("direction")) {
                entry.put("direction", config.rules().direction().name().toLowerCase(Locale.ROOT));
            }
            if (config.rules().isMuted()) {
                entry.put("advisory", true);
                entry.remove(List.of("critical", "weight"));
            } else if (config.isCritical() && !entry.has("critical")) {
                entry.put("critical", true);
            }
            return entry;
        }
    }

    /** A pair of values that is judged, by a name of its own, and what it is counted against. */
    private record Input(String name, Kind kind, MetricSetPair pair, MetricSetPair.@Nullable Values exposure) {}

    /** Returns normally if it can judge by the config. */
    void check(KayentaConfig config) {
        List<Kind> judged =
                config.metrics().stream().map(Kind::of).filter(Kind::isJudged).toList();
        judged.forEach(kind -> requireDecisive(config, kind));
        read(
                config,
                DEFAULT_STEP_MS,
                judged.stream().map(kind -> kind.entry(kind.config().name())).toList());
    }

    private static void requireDecisive(KayentaConfig config, Kind kind) {
        String name = kind.config().name();
        if (!kind.kind().equals(GAUGE) && !kind.kind().equals(RATIO)) {
            throw Members.problem("metric " + name + ": points of this judge are of the kind gauge, ratio or exposure");
        }
        if (!kind.kind().equals(RATIO)) {
            if (!kind.config().rules().isMuted()
                    && (kind.config().isCritical() || kind.config().mustHaveData())) {
                throw Members.problem(
                        "metric " + name
                                + ": a gauge decides nothing here, so it is neither critical nor must it have data; have a ratio, or mute it");
            }
            return;
        }
        String counted = kind.said().requiredText(EXPOSURE_METRIC);
        if (config.metrics().stream().noneMatch(other -> other.name().equals(counted))) {
            throw Members.problem(
                    "metric " + name + " is counted against " + counted + ", which the config does not have");
        }
    }

    private CanaryConfig read(KayentaConfig config, long stepMillis, List<ObjectNode> entries) {
        if (entries.isEmpty()) {
            throw Members.problem("the canary config has no metric that is judged");
        }
        ObjectNode document = config.judgeConfigurations().isObject()
                ? config.judgeConfigurations().deepCopy()
                : JSON.objectNode();
        document.remove(GIVEN);
        document.put("bucket", stepMillis + "ms");
        ArrayNode metrics = document.putArray("metrics");
        entries.forEach(metrics::add);
        CanaryConfigs.Result result = configs.read(document, List.of());
        CanaryConfig read = result.config();
        if (read == null) {
            throw Members.problem(
                    result.violations().stream().map(SluiceJudge::sentence).collect(Collectors.joining("; ")));
        }
        return read;
    }

    private static String sentence(Violation violation) {
        return violation.pointer().isEmpty() ? violation.message() : violation.pointer() + ": " + violation.message();
    }

    /**
     * Judges by a config that was checked.
     *
     * @throws dev.sluice.gateapi.http.ApiException 400 if the values are none that it can judge
     */
    Judgement judge(KayentaConfig config, Thresholds thresholds, List<MetricSetPair> pairs) {
        List<Input> inputs = inputs(config, pairs);
        requireAll(config, inputs);
        long step = step(pairs);
        var run = new CanaryRun(
                read(
                        config,
                        step,
                        inputs.stream()
                                .map(input -> input.kind().entry(input.name()))
                                .toList()),
                start(pairs));
        int steps = inputs.stream()
                .mapToInt(input -> Math.max(
                        input.pair().values().baseline().size(),
                        input.pair().values().canary().size()))
                .max()
                .orElse(0);
        Instant end = start(pairs);
        for (int i = 0; i < steps; i++) {
            run.add(end, buckets(inputs, i));
            end = end.plusMillis(step);
        }
        return judgement(inputs, run.conclude(end), thresholds);
    }

    /** What nobody sends would else never fail. */
    private static void requireAll(KayentaConfig config, List<Input> inputs) {
        if (inputs.isEmpty()) {
            throw Members.problem("there are no values that are judged");
        }
        for (KayentaConfig.Metric metric : config.metrics()) {
            boolean isAwaited = Kind.of(metric).isJudged() && !metric.rules().isMuted();
            if (isAwaited
                    && inputs.stream()
                            .noneMatch(input -> input.kind().config().name().equals(metric.name()))) {
                throw Members.problem("there are no values of " + metric.name());
            }
        }
    }

    private static List<Input> inputs(KayentaConfig config, List<MetricSetPair> pairs) {
        Map<String, Kind> kinds = new HashMap<>();
        config.metrics().forEach(metric -> kinds.putIfAbsent(metric.name(), Kind.of(metric)));
        Map<String, Integer> numbers = new HashMap<>();
        var inputs = new ArrayList<Input>();
        for (MetricSetPair pair : pairs) {
            Kind kind = kinds.get(pair.name());
            if (kind == null) {
                throw Members.problem("there are values of a metric that the config does not have: " + pair.name());
            }
            if (kind.isJudged()) {
                int number = numbers.merge(pair.name(), 1, Integer::sum);
                String name = number == 1 ? pair.name() : pair.name() + " #" + number;
                inputs.add(new Input(name, kind, pair, exposure(kind, pair, pairs)));
            }
        }
        return inputs;
    }

    private static MetricSetPair.@Nullable Values exposure(Kind kind, MetricSetPair pair, List<MetricSetPair> pairs) {
        if (!kind.kind().equals(RATIO)) {
            return null;
        }
        String counted = kind.said().requiredText(EXPOSURE_METRIC);
        List<MetricSetPair> of =
                pairs.stream().filter(other -> other.name().equals(counted)).toList();
        Optional<MetricSetPair> sameTags =
                of.stream().filter(other -> other.tags().equals(pair.tags())).findFirst();
        return sameTags.or(() -> of.size() == 1 ? Optional.of(of.get(0)) : Optional.empty())
                .orElseThrow(
                        () -> Members.problem("there are no values of " + counted + " with the tags of " + pair.name()))
                .values();
    }

    private static long step(List<MetricSetPair> pairs) {
        List<Long> steps = pairs.stream()
                .flatMap(pair -> pair.scopes().properties().stream())
                .map(scope -> scope.getValue().path("stepMillis").asLong(DEFAULT_STEP_MS))
                .distinct()
                .toList();
        if (steps.size() > 1) {
            throw Members.problem("all values must have the same step");
        }
        return steps.isEmpty() ? DEFAULT_STEP_MS : steps.get(0);
    }

    /** Returns the time of the first values; which one it is matters for nothing that is told. */
    private static Instant start(List<MetricSetPair> pairs) {
        return pairs.stream()
                .map(pair -> pair.scopes().path(MetricSetPair.EXPERIMENT).path("startTimeMillis"))
                .filter(JsonNode::isIntegralNumber)
                .map(millis -> Instant.ofEpochMilli(millis.longValue()))
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    private static Map<String, MetricBucket> buckets(List<Input> inputs, int step) {
        Map<String, MetricBucket> buckets = new LinkedHashMap<>();
        for (Input input : inputs) {
            bucket(input, step).ifPresent(bucket -> buckets.put(input.name(), bucket));
        }
        return buckets;
    }

    private static Optional<MetricBucket> bucket(Input input, int step) {
        Double baseline = at(input.pair().values().baseline(), step);
        Double canary = at(input.pair().values().canary(), step);
        MetricSetPair.Values exposure = input.exposure();
        try {
            if (exposure == null) {
                return baseline == null && canary == null
                        ? Optional.empty()
                        : Optional.of(new GaugeBucket(baseline, canary));
            }
            boolean noneIsZero = input.kind().config().rules().nanStrategy() == NanStrategy.REPLACE;
            Double baselineExposure = at(exposure.baseline(), step);
            Double canaryExposure = at(exposure.canary(), step);
            Double baselineEvents = noneIsZero && baseline == null ? Double.valueOf(0) : baseline;
            Double canaryEvents = noneIsZero && canary == null ? Double.valueOf(0) : canary;
            return baselineExposure == null || canaryExposure == null || baselineEvents == null || canaryEvents == null
                    ? Optional.empty()
                    : Optional.of(new RatioBucket(baselineEvents, baselineExposure, canaryEvents, canaryExposure));
        } catch (IllegalArgumentException e) {
            throw Members.problem("metric " + input.pair().name() + ": " + e.getMessage());
        }
    }

    /** Returns a value; null where there is none. */
    private static @Nullable Double at(List<Double> values, int step) {
        return step < values.size() && !values.get(step).isNaN() ? values.get(step) : null;
    }

    private static Judgement judgement(List<Input> inputs, CanaryVerdict verdict, Thresholds thresholds) {
        var metrics = new ArrayList<Judgement.Metric>();
        boolean hasData = false;
        Map<String, List<MetricLabel>> groups = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            Judgement.Metric metric = metric(inputs.get(i), verdict.metrics().get(i));
            metrics.add(metric);
            if (!metric.config().rules().isMuted()) {
                hasData |= verdict.metrics().get(i).reading().lastData() != null;
                metric.config()
                        .rules()
                        .groups()
                        .forEach(group -> groups.computeIfAbsent(group, name -> new ArrayList<>())
                                .add(metric.label()));
            }
        }
        List<Judgement.Group> scores = groups.entrySet().stream()
                .map(group -> new Judgement.Group(group.getKey(), share(group.getValue())))
                .toList();
        String reason = verdict.reasons().isEmpty()
                ? "the canary is " + verdict.state().label()
                : verdict.state().label() + ": " + verdict.reasons().get(0);
        return switch (verdict.state()) {
            case SUCCESSFUL -> new Judgement(NAME, metrics, scores, ALL, ScoreLabel.PASS, reason);
            case FAILED -> new Judgement(NAME, metrics, scores, 0, ScoreLabel.FAIL, reason);
            case PENDING, RUNNING, INCONCLUSIVE, ERROR ->
                hasData
                        ? new Judgement(NAME, metrics, scores, between(thresholds), ScoreLabel.MARGINAL, reason)
                        : new Judgement(NAME, metrics, scores, 0, ScoreLabel.FAIL, reason);
        };
    }

    private static double share(List<MetricLabel> labels) {
        return ALL * labels.stream().filter(label -> label == MetricLabel.PASS).count() / labels.size();
    }

    /** Returns a whole score below a pass and, if there is one, above the marginal threshold: Spinnaker fails on that itself. */
    static double between(Thresholds thresholds) {
        double middle = Math.floor((thresholds.marginal() + thresholds.pass()) / 2);
        double most = Math.ceil(thresholds.pass()) - 1;
        return Math.max(0, Math.min(middle, most));
    }

    private static Judgement.Metric metric(Input input, MetricVerdict verdict) {
        KayentaConfig.Metric config = input.kind().config();
        MetricLabel label = label(config, verdict);
        ArmStatistics baseline = statistics(input.pair().values().baseline());
        ArmStatistics canary = statistics(input.pair().values().canary());
        boolean isComparable = baseline.mean() != 0 && canary.mean() != 0;
        return new Judgement.Metric(
                input.pair(),
                config,
                label,
                verdict.reason(),
                isComparable ? canary.mean() / baseline.mean() : null,
                verdict.state() == CanaryState.FAILED && config.rules().flags().contains(Flag.CRITICAL),
                baseline,
                canary);
    }

    private static ArmStatistics statistics(List<Double> values) {
        return ArmStatistics.of(values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(value -> !Double.isNaN(value))
                .toArray());
    }

    private static MetricLabel label(KayentaConfig.Metric config, MetricVerdict verdict) {
        return switch (verdict.state()) {
            case SUCCESSFUL -> MetricLabel.PASS;
            case FAILED -> isLess(verdict) ? MetricLabel.LOW : MetricLabel.HIGH;
            case ERROR -> MetricLabel.ERROR;
            case PENDING, RUNNING, INCONCLUSIVE ->
                verdict.reading().lastData() == null && config.mustHaveData()
                        ? MetricLabel.NODATA_FAIL_METRIC
                        : MetricLabel.NODATA;
        };
    }

    private static boolean isLess(MetricVerdict verdict) {
        MetricConfig metric = verdict.reading().metric();
        Double estimate = verdict.reading().estimate();
        if (estimate == null) {
            return metric.direction() == Direction.DECREASE;
        }
        boolean isDifference = metric instanceof MetricConfig.Gauge gauge && gauge.scale() == MetricConfig.Scale.LINEAR;
        return estimate < (isDifference ? 0 : 1);
    }
}
