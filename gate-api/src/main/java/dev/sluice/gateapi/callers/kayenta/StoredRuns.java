package dev.sluice.gateapi.callers.kayenta;

import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.gateapi.callers.kayenta.ExecutionRequest.Scope;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.report.StoreQueries;
import dev.sluice.gateapi.views.Views;
import dev.sluice.sources.metrics.pull.RangeSeries;
import dev.sluice.wire.CanaryBucket;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The canary runs of a tenant as a source of values: what was measured of them, as it was judged. The scope is the id of a run,
 * {@code metricName} one of its metrics; of the baseline's scope the values are those of the run's baseline. A value is of the
 * buckets that begin in its step: of a ratio their events by their exposure, of a gauge the mean of the buckets. What is not
 * measured is no value.
 */
final class StoredRuns implements MetricSource {
    private final String tenant;
    private final Views views;
    private final StoreQueries store;
    private final Map<String, CompletableFuture<List<CanaryBucket>>> read = new ConcurrentHashMap<>();

    StoredRuns(String tenant, Views views, StoreQueries store) {
        this.tenant = tenant;
        this.views = views;
        this.store = store;
    }

    @Override
    public String name() {
        return Accounts.STORE;
    }

    @Override
    public Question question(KayentaConfig config, KayentaConfig.Metric metric, ArmScope arm) {
        String run = arm.scope().parameters().get("scope");
        if (run == null) {
            throw Members.problem("a scope must be the id of a canary run where " + name() + " is asked");
        }
        String name = metric.members()
                .object("query")
                .text("metricName")
                .orElseThrow(() -> Members.problem("metric " + metric.name() + ": its query has no metricName"));
        CanaryStanding standing = views.verdict(tenant, run)
                .orElseThrow(
                        () -> Members.problem("there is no canary run " + run + ", or nothing of it was judged yet"));
        String text = "metric " + name + " of the " + (arm.isCanary() ? "canary" : "baseline") + " of run " + run;
        return new Question(
                text, () -> buckets(run, standing.buckets()).thenApply(buckets -> List.of(series(buckets, name, arm))));
    }

    @Override
    public CompletableFuture<List<String>> names() {
        throw Members.problem("the metrics of " + name() + " are those of the canary runs' configs");
    }

    /** Each run is read once for a request: its metrics are of the same state then. */
    private CompletableFuture<List<CanaryBucket>> buckets(String run, long judged) {
        return read.computeIfAbsent(
                run,
                id -> store.askAtLength(stored -> stored.canaries().buckets(tenant, id))
                        .thenApply(rows -> {
                            List<CanaryBucket> known = rows.stream()
                                    .map(row -> Json.read(row.getBytes(StandardCharsets.UTF_8), CanaryBucket.class))
                                    .filter(row -> row.calibrated() == null)
                                    .toList();
                            if (known.size() < judged) {
                                throw new ApiException(
                                        ErrorType.UNAVAILABLE,
                                        "the store has " + known.size() + " of " + judged + " buckets of run " + id);
                            }
                            return known;
                        }));
    }

    static RangeSeries series(List<CanaryBucket> buckets, String metric, ArmScope arm) {
        Scope scope = arm.scope();
        int steps = (int) scope.duration().dividedBy(scope.step()) + 1;
        var values = new ArrayList<Value>();
        for (int i = 0; i < steps; i++) {
            values.add(new Value());
        }
        for (CanaryBucket bucket : buckets) {
            Duration since = Duration.between(scope.start(), bucket.begin());
            Measured measured = bucket.toDomain().get(metric);
            long step = since.isNegative() ? -1 : since.dividedBy(scope.step());
            if (measured != null && step >= 0 && step < steps) {
                values.get((int) step).add(metric, measured.bucket(), arm.isCanary());
            }
        }
        return new RangeSeries(
                new TreeMap<>(), values.stream().map(Value::value).toList());
    }

    /** What was measured in a step. */
    private static final class Value {
        private double sum;
        private double weight;

        void add(String metric, MetricBucket bucket, boolean ofCanary) {
            if (bucket instanceof RatioBucket ratio) {
                sum += ofCanary ? ratio.canaryEvents() : ratio.baselineEvents();
                weight += ofCanary ? ratio.canaryExposure() : ratio.baselineExposure();
            } else if (bucket instanceof GaugeBucket gauge) {
                @Nullable Double level = ofCanary ? gauge.canary() : gauge.baseline();
                sum += level == null ? 0 : level;
                weight += level == null ? 0 : 1;
            } else {
                throw new UnfitValuesException(
                        "metric " + metric + " was measured as a histogram, of which no values are made");
            }
        }

        double value() {
            return weight > 0 ? sum / weight : Double.NaN;
        }
    }
}
