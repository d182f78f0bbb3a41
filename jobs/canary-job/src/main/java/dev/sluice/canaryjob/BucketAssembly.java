package dev.sluice.canaryjob;

import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.intake.BucketAssembler;
import dev.sluice.canary.intake.Counters;
import dev.sluice.canary.intake.Measure;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canary.intake.Target;
import dev.sluice.canaryjob.state.Election;
import dev.sluice.canaryjob.state.TargetJson;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Counter;

/** Makes the points of a bucket of the run whose key is current into what was measured, and remembers how its counters stand. */
final class BucketAssembly {
    private final RunStates states;
    private final RunDoubts doubts;
    private final Counter unusable;

    BucketAssembly(RunStates states, RunDoubts doubts, Counter unusable) {
        this.states = states;
        this.doubts = doubts;
        this.unusable = unusable;
    }

    /**
     * Returns what was measured in a bucket of a run, by metric.
     *
     * @param number of the bucket
     */
    Map<String, Measured> measured(Setup setup, long number, List<SamplePoint> points, int stage, CanaryRun run)
            throws Exception {
        Instant since = since(setup, number);
        Map<String, List<SamplePoint>> byMetric = new HashMap<>();
        for (SamplePoint point : Election.heard(states.elected(), points)) {
            byMetric.computeIfAbsent(point.metric(), metric -> new ArrayList<>())
                    .add(point);
        }
        Map<String, Measured> buckets = new HashMap<>();
        for (var metric : byMetric.entrySet()) {
            MetricConfig config = setup.metric(metric.getKey());
            try {
                buckets.put(metric.getKey(), measured(config, metric.getValue(), since, stage, run));
            } catch (IllegalArgumentException e) {
                unusable.inc(); // each point can be, and their sum cannot: the bucket has no data
            }
        }
        return buckets;
    }

    /**
     * Returns since when the counters of a new pod may have begun so that all they have counts: what they have from before the
     * bucket before is not of this one, and nobody has heard whether those that began before the run go on from what was there.
     */
    private static Instant since(Setup setup, long number) {
        Instant before = setup.buckets().begin(number - 1);
        Instant startedAt = setup.document().startedAt();
        return before.isBefore(startedAt) ? startedAt : before;
    }

    private Measured measured(MetricConfig metric, List<SamplePoint> points, Instant since, int stage, CanaryRun run)
            throws Exception {
        Map<String, Target> known = new HashMap<>();
        boolean hearsEvents = false;
        for (SamplePoint point : points) {
            hearsEvents |= isOfEvents(point) && !point.measure().isContainedInLater();
            byte[] saved = states.targets().get(Keys.of(metric.name(), point.targetKey()));
            if (saved != null) {
                known.put(point.targetKey(), Json.read(saved, TargetJson.class).toDomain(metric.name()));
            }
        }
        var counters = new Counters(known);
        Measured bucket = new BucketAssembler(metric, run.segments(metric.name())).assemble(points, counters, since);
        for (var target : counters.targets().entrySet()) {
            String key = Keys.of(metric.name(), target.getKey());
            hearsEvents |= target.getValue().last().values().stream().anyMatch(BucketAssembly::isOfEvents);
            if (!target.getValue().equals(known.get(target.getKey()))) {
                states.targets().put(key, Json.bytes(TargetJson.of(target.getValue())));
            }
        }
        if (hearsEvents) {
            states.heard().put(metric.name(), true);
        }
        doubts.read(metric.name(), counters, stage);
        return bucket;
    }

    private static boolean isOfEvents(SamplePoint point) {
        return point.measure() instanceof Measure.Part part && part.role() == Measure.Part.Role.EVENTS;
    }
}
