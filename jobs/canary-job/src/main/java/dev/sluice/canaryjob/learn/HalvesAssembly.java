package dev.sluice.canaryjob.learn;

import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.Halves;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.intake.Counters;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canary.intake.Target;
import dev.sluice.canary.intake.TwoHalves;
import dev.sluice.canaryjob.state.Election;
import dev.sluice.canaryjob.state.TargetJson;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputDeserializer;

/** Makes the points of a bucket of the config whose key is current into what two halves did, and remembers pods and counters. */
final class HalvesAssembly {
    /** So many targets are known of a config at most; what others count is left out. */
    static final int MOST_TARGETS = 2_000;
    /** A target that was not read for so long is gone. */
    private static final Duration SILENT = Duration.ofHours(1);
    /** What is held against a target would add up for ever: it is known for so long, then as if it were new. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private final LearnStates states;

    HalvesAssembly(LearnStates states) {
        this.states = states;
    }

    /** Returns what the halves did in a bucket, by metric; of a metric of which less than two pods are there, nothing. */
    SortedMap<String, MetricBucket> halves(SavedConfig config, List<SamplePoint> points) throws Exception {
        SortedMap<String, List<SamplePoint>> byMetric = new TreeMap<>();
        for (SamplePoint point : Election.heard(states.elected(), points)) {
            byMetric.computeIfAbsent(point.metric(), name -> new ArrayList<>()).add(point);
        }
        SortedMap<String, MetricBucket> buckets = new TreeMap<>();
        for (var metric : byMetric.entrySet()) {
            Optional<MetricConfig> of = config.metric(metric.getKey());
            if (of.isPresent()) {
                halves(of.get(), metric.getValue()).ifPresent(bucket -> buckets.put(metric.getKey(), bucket));
            }
        }
        return buckets;
    }

    private Optional<MetricBucket> halves(MetricConfig metric, List<SamplePoint> points) throws Exception {
        var halves = new Halves();
        byte[] saved = states.halves().get(metric.name());
        if (saved != null) {
            halves.load(new DataInputDeserializer(saved));
        }
        var counters = new Counters(targets(metric.name(), points));
        Optional<MetricBucket> bucket = new TwoHalves(metric, halves).of(points, counters);
        remember(metric.name(), counters);
        byte[] after = halves.saved();
        if (!Arrays.equals(saved, after)) {
            states.halves().put(metric.name(), after);
        }
        return bucket;
    }

    private Map<String, Target> targets(String metric, List<SamplePoint> points) throws Exception {
        Map<String, Target> known = new HashMap<>();
        for (SamplePoint point : points) {
            byte[] saved = states.targets().get(Keys.of(metric, point.targetKey()));
            if (saved != null) {
                known.put(point.targetKey(), Json.read(saved, TargetJson.class).toDomain(metric));
            }
        }
        return known;
    }

    /** Of more targets than may be known those that come last have nothing to grow from, and say nothing. */
    private void remember(String metric, Counters counters) throws Exception {
        int known = -1;
        for (var target : new TreeMap<>(counters.targets()).entrySet()) {
            String key = Keys.of(metric, target.getKey());
            byte[] json = Json.bytes(TargetJson.of(target.getValue()));
            byte[] before = states.targets().get(key);
            if (before == null) {
                known = known < 0 ? size() : known;
                if (known >= MOST_TARGETS) {
                    continue;
                }
                known++;
            }
            if (!Arrays.equals(before, json)) {
                states.targets().put(key, json);
            }
        }
    }

    private int size() throws Exception {
        int size = 0;
        for (String unused : states.targets().keys()) {
            size++;
        }
        return size;
    }

    /** Forgets targets that are gone, and those that are known for long. */
    void forget(Instant now) throws Exception {
        for (var targets = states.targets().iterator(); targets.hasNext(); ) {
            TargetJson target = Json.read(targets.next().getValue(), TargetJson.class);
            if (target.at().isBefore(now.minus(SILENT)) || target.since().isBefore(now.minus(LONGEST))) {
                targets.remove();
            }
        }
    }
}
