package dev.sluice.gateapi.canary;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.wire.CanaryBucket;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Json;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The buckets of a run as the store has them: with what is set of the run they are judged again, bucket after bucket.
 *
 * @param judged those that were judged, in order
 * @param calibrated the run before its first bucket, with what its history has taught; null where it had none
 */
record StoredBuckets(List<CanaryBucket> judged, byte @Nullable [] calibrated) {
    private static final String CONFIG = "config";

    /** Is told of each bucket that was judged. */
    interface Observer {
        void judged(Instant begin, CanaryRun run);
    }

    /**
     * Reads buckets.
     *
     * @param stored their rows, in the order of time
     */
    static StoredBuckets of(List<String> stored) {
        List<CanaryBucket> judged = new ArrayList<>();
        byte[] calibrated = null;
        for (String json : stored) {
            CanaryBucket bucket = Json.read(json.getBytes(StandardCharsets.UTF_8), CanaryBucket.class);
            if (bucket.calibrated() == null) {
                judged.add(bucket);
            } else {
                calibrated = bucket.calibrated();
            }
        }
        return new StoredBuckets(judged, calibrated);
    }

    /** Returns them as they would be had nothing been learned before the run: by another config other things would have been. */
    StoredBuckets withoutHistory() {
        return new StoredBuckets(judged, null);
    }

    /**
     * Judges a run again.
     *
     * @param document what is set of it
     * @param config what it is judged by
     * @param until buckets that begin then or later are left out
     * @param observer is told of each bucket
     * @return the run as it stands then
     * @throws ApiException 400 if a metric was measured as another kind than the config says; 409 if what the history has taught cannot
     *     be read any more
     */
    CanaryRun replay(CanaryRunDocument document, CanaryConfig config, Instant until, Observer observer) {
        var run = new CanaryRun(config, document.startedAt());
        if (calibrated != null) {
            calibrate(run, calibrated);
        }
        int stages = 0;
        for (CanaryBucket bucket : judged) {
            if (bucket.begin().isBefore(until)) {
                stages = run.startStages(
                        document.stages(), stages, bucket.begin().plus(config.bucket()));
                run.addMeasured(bucket.begin(), ofConfig(config, bucket.toDomain()));
                observer.judged(bucket.begin(), run);
            }
        }
        run.startStages(document.stages(), stages, until);
        return run;
    }

    private static void calibrate(CanaryRun run, byte[] calibrated) {
        try {
            var saved = new ByteArrayInputStream(calibrated);
            run.load(new DataInputStream(saved));
            if (saved.available() > 0) {
                throw new IOException("more than one run was saved");
            }
        } catch (IOException e) {
            throw new ApiException(
                    ErrorType.CONFLICT, "what the history of the canary run has taught was kept by another release");
        }
    }

    /** Leaves out what the config does not judge. */
    private static Map<String, Measured> ofConfig(CanaryConfig config, Map<String, Measured> buckets) {
        Map<String, Measured> judged = new HashMap<>();
        for (int i = 0; i < config.metrics().size(); i++) {
            MetricConfig metric = config.metrics().get(i);
            Measured bucket = buckets.get(metric.name());
            if (bucket != null && !fits(metric, bucket.bucket())) {
                throw ApiException.invalidDocument(
                        "/" + CONFIG + "/metrics/" + i + "/kind", metric.name() + " was measured as another kind");
            }
            if (bucket != null) {
                judged.put(metric.name(), bucket);
            }
        }
        return judged;
    }

    private static boolean fits(MetricConfig metric, MetricBucket bucket) {
        if (metric instanceof MetricConfig.Ratio) {
            return bucket instanceof RatioBucket;
        }
        return metric instanceof MetricConfig.Gauge ? bucket instanceof GaugeBucket : bucket instanceof HistogramBucket;
    }
}
