package dev.sluice.gateapi.callers.kayenta;

import static dev.sluice.gateapi.callers.kayenta.MetricSetPair.CONTROL;
import static dev.sluice.gateapi.callers.kayenta.MetricSetPair.EXPERIMENT;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.callers.kayenta.ExecutionRequest.Scope;
import dev.sluice.gateapi.callers.kayenta.ExecutionRequest.Scopes;
import dev.sluice.gateapi.callers.kayenta.MetricSource.ArmScope;
import dev.sluice.gateapi.callers.kayenta.MetricSource.Question;
import dev.sluice.gateapi.callers.kayenta.MetricSource.UnfitValuesException;
import dev.sluice.sources.metrics.pull.RangeLimits;
import dev.sluice.sources.metrics.pull.RangeSeries;
import dev.sluice.sources.metrics.pull.TooManyValuesException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The values of both arms of one metric. Series with the same labels are a pair; one that only one arm has is compared with no
 * values at all, and so is a metric of which neither has any.
 */
final class MetricFetch {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** More series are most likely a label that is of each pod or request. */
    static final RangeLimits LIMITS = new RangeLimits(100, 500_000);

    private final KayentaConfig.Metric metric;
    private final Arm baseline;
    private final Arm canary;

    private record Arm(Scope scope, Question question) {
        ObjectNode times() {
            return JSON.objectNode()
                    .put("startTimeIso", scope.start().toString())
                    .put("startTimeMillis", scope.start().toEpochMilli())
                    .put("stepMillis", scope.step().toMillis());
        }
    }

    private MetricFetch(KayentaConfig.Metric metric, Arm baseline, Arm canary) {
        this.metric = metric;
        this.baseline = baseline;
        this.canary = canary;
    }

    /**
     * Returns what is to be fetched, one of each metric.
     *
     * @throws dev.sluice.gateapi.http.ApiException 400 if a metric's query cannot be made
     */
    static List<MetricFetch> of(KayentaConfig config, ExecutionRequest request, MetricSource source) {
        var fetches = new ArrayList<MetricFetch>();
        for (KayentaConfig.Metric metric : config.metrics()) {
            Scopes scopes = request.scopes().get(metric.scopeName());
            if (scopes == null) {
                throw new IllegalStateException("the request was read without the scope of " + metric.name());
            }
            fetches.add(new MetricFetch(
                    metric,
                    arm(source, config, metric, new ArmScope(scopes.baseline(), false)),
                    arm(source, config, metric, new ArmScope(scopes.canary(), true))));
        }
        return fetches;
    }

    private static Arm arm(MetricSource source, KayentaConfig config, KayentaConfig.Metric metric, ArmScope arm) {
        return new Arm(arm.scope(), source.question(config, metric, arm));
    }

    /** Asks for the values. Returns at once, and fails as {@link Question} says. */
    CompletableFuture<List<MetricSetPair>> ask() {
        CompletableFuture<List<RangeSeries>> ofBaseline =
                baseline.question().asking().get();
        CompletableFuture<List<RangeSeries>> ofCanary =
                canary.question().asking().get();
        CompletableFuture<List<MetricSetPair>> both =
                ofBaseline.thenCombine(ofCanary, (before, after) -> pairs(before, after));
        return orFirstFailure(both, List.of(ofBaseline, ofCanary)).exceptionally(failure -> {
            throw told(failure);
        });
    }

    /** Returns the same as a whole, but fails as soon as one of its parts does, whatever the others do. */
    static <T> CompletableFuture<T> orFirstFailure(
            CompletableFuture<T> whole, List<? extends CompletableFuture<?>> parts) {
        CompletableFuture<T> result = whole.copy();
        for (CompletableFuture<?> part : parts) {
            var unused = part.whenComplete((answer, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(failure);
                }
            });
        }
        return result;
    }

    private RuntimeException told(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TooManyValuesException) {
            return new UnfitValuesException("metric " + metric.name() + ": its query " + cause.getMessage());
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }

    private List<MetricSetPair> pairs(List<RangeSeries> ofBaseline, List<RangeSeries> ofCanary) {
        Map<SortedMap<String, String>, List<Double>> before = byLabels(ofBaseline);
        Map<SortedMap<String, String>, List<Double>> after = byLabels(ofCanary);
        Set<SortedMap<String, String>> all = new LinkedHashSet<>(before.keySet());
        all.addAll(after.keySet());
        LIMITS.check(all.size(), Math.max(steps(ofBaseline), steps(ofCanary)));
        if (all.isEmpty()) {
            all.add(new TreeMap<>());
        }
        return all.stream()
                .map(labels ->
                        pair(labels, before.getOrDefault(labels, List.of()), after.getOrDefault(labels, List.of())))
                .toList();
    }

    private static int steps(List<RangeSeries> series) {
        return series.stream().mapToInt(one -> one.values().size()).max().orElse(0);
    }

    private static Map<SortedMap<String, String>, List<Double>> byLabels(List<RangeSeries> series) {
        Map<SortedMap<String, String>, List<Double>> byLabels = new LinkedHashMap<>();
        series.forEach(one -> byLabels.put(one.labels(), one.values()));
        return byLabels;
    }

    private MetricSetPair pair(SortedMap<String, String> labels, List<Double> before, List<Double> after) {
        if (before.stream().anyMatch(value -> value.isInfinite())
                || after.stream().anyMatch(value -> value.isInfinite())) {
            throw new UnfitValuesException("metric " + metric.name() + ": its query has an infinite value");
        }
        int steps = Math.max(before.size(), after.size());
        ObjectNode tags = JSON.objectNode();
        labels.forEach(tags::put);
        ObjectNode attributes = JSON.objectNode();
        attributes.putObject(CONTROL).put("query", baseline.question().text());
        attributes.putObject(EXPERIMENT).put("query", canary.question().text());
        ObjectNode scopes = JSON.objectNode();
        scopes.set(CONTROL, baseline.times());
        scopes.set(EXPERIMENT, canary.times());
        return new MetricSetPair(
                UUID.randomUUID().toString(),
                metric.name(),
                tags,
                new MetricSetPair.Values(padded(before, steps), padded(after, steps)),
                attributes,
                scopes);
    }

    private static List<Double> padded(List<Double> values, int steps) {
        var padded = new ArrayList<>(values);
        padded.addAll(Collections.nCopies(steps - values.size(), Double.NaN));
        return padded;
    }
}
