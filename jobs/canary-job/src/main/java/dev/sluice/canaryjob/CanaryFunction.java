package dev.sluice.canaryjob;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.CanaryVerdict;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.BucketAssembler;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.PendingPoint;
import dev.sluice.canaryjob.state.RunProgress;
import dev.sluice.streams.AttemptStart;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.CanaryBucket;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.Topic;
import dev.sluice.wire.VerdictJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Runs, keyed by (tenant, id): points wait until their bucket is complete, then the domain judges bucket after bucket. A
 * verdict is published whenever a bucket was judged. What the points are worth depends on their times alone, not on the order
 * in which they came, as long as they come within the lateness.
 *
 * <p>A watermark is progress: all that was received before it has been seen.
 */
final class CanaryFunction extends KeyedProcessFunction<String, CanaryInput, OutRecord>
        implements CheckpointedFunction {
    /** For how long the verdict of a run stays after its end. */
    static final Duration KEPT = Duration.ofDays(7);
    /** For how long points wait for what is set of their run. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Clock clock;
    private transient @Nullable AttemptStart start;
    private transient RunStates states;
    private transient Setups setups;
    private transient Counter unusable;

    /** The wall clock, ms since the epoch. */
    interface Clock extends LongSupplier, Serializable {}

    CanaryFunction(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        start = AttemptStart.at(clock.getAsLong(), context);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        start().snapshot();
    }

    private AttemptStart start() {
        return requireNonNull(start);
    }

    @Override
    public void open(OpenContext openContext) {
        states = RunStates.open(getRuntimeContext());
        setups = new Setups();
        unusable = getRuntimeContext().getMetricGroup().counter("unusableBuckets");
    }

    @Override
    public void processElement(CanaryInput input, Context context, Collector<OutRecord> out) throws Exception {
        if (input.document() != null) {
            states.document().update(input.document());
        }
        RunProgress progress = states.progress().value();
        if (progress != null && progress.closed()) {
            return;
        }
        Setup setup = setup(context.getCurrentKey());
        if (input.samples() != null) {
            keep(Json.read(input.samples(), SampleBatch.class), setup, context);
        }
        if (setup == null) {
            context.timerService()
                    .registerEventTimeTimer(Math.max(context.timerService().currentWatermark(), clock.getAsLong())
                            + PATIENCE.toMillis());
            return;
        }
        advance(setup, context, context.timerService(), out);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<OutRecord> out) throws Exception {
        Setup setup = setup(context.getCurrentKey());
        RunProgress progress = states.progress().value();
        if (setup == null) {
            states.clear();
        } else if (progress != null && progress.closed()) {
            close(setup, progress, timestamp, context, out);
        } else {
            advance(setup, context, context.timerService(), out);
        }
    }

    /** Says the last word, if it could not be said at once; forgets the run when its time is over. */
    private void close(Setup setup, RunProgress progress, long timestamp, Context context, Collector<OutRecord> out)
            throws Exception {
        if (progress.unsaid() && start().isPassedBy(timestamp)) {
            publish(setup, progress, context, out);
        } else if (timestamp >= setup.forgottenAt(KEPT)) {
            String[] key = Keys.split(context.getCurrentKey());
            var gone = new CanaryStanding(
                    key[0],
                    key[1],
                    setup.document().configDigest(),
                    true,
                    progress.buckets(),
                    progress.late(),
                    null,
                    true);
            out.collect(record(gone));
            states.clear();
        }
    }

    private @Nullable Setup setup(String key) throws IOException {
        byte[] document = states.document().value();
        return document == null ? null : setups.of(key, document);
    }

    /** Keeps points until their bucket is complete; those that are too late are counted. */
    private void keep(SampleBatch batch, @Nullable Setup setup, Context context) throws Exception {
        long late = 0;
        for (SampleBatch.Point point : batch.points()) {
            SamplePoint read = point.toDomain(batch.metric());
            long bucket = PendingPoint.UNKNOWN;
            if (setup != null) {
                if (!setup.has(batch.metric())) {
                    continue; // the API takes no such point
                }
                bucket = setup.buckets().numberOf(read);
                if (bucket < progress(setup, context).next()) {
                    late++;
                    continue;
                }
                noteNewest(read, bucket);
            }
            String key = Keys.of(
                    batch.metric(),
                    read.arm().name(),
                    read.series(),
                    Long.toString(read.at().toEpochMilli()));
            if (!states.pending().contains(key)) {
                states.pending().put(key, new PendingPoint(bucket, batch.metric(), Json.bytes(point)));
            }
        }
        if (late > 0 && setup != null) {
            states.progress().update(progress(setup, context).withLate(late));
        }
    }

    private void noteNewest(SamplePoint point, long bucket) throws Exception {
        String arm = Keys.of(point.metric(), point.arm().name());
        Long newest = states.newest().get(arm);
        if (newest == null || newest < bucket) {
            states.newest().put(arm, bucket);
        }
    }

    private RunProgress progress(Setup setup, Context context) throws IOException {
        RunProgress progress = states.progress().value();
        return progress != null
                ? progress
                : new RunProgress(
                        context.timerService().currentWatermark(),
                        setup.buckets().numberOf(setup.document().startedAt()),
                        0,
                        0,
                        0,
                        false,
                        true);
    }

    /** Judges all buckets that are complete, and says how the run stands. */
    private void advance(Setup setup, Context context, TimerService timers, Collector<OutRecord> out) throws Exception {
        boolean isNew = states.progress().value() == null;
        if (isNew) {
            states.progress().update(progress(setup, context));
            numberPending(setup, context);
        }
        RunProgress progress = progress(setup, context);
        long limit = Math.min(setup.end(), incomplete(setup, progress, timers.currentWatermark()));
        if (limit > progress.next() || isNew) {
            progress = judge(setup, progress, Math.max(limit, progress.next()), context, out);
            states.progress().update(progress);
        }
        if (progress.unsaid() && start().isPassedBy(timers.currentWatermark())) {
            publish(setup, progress, context, out);
        }
        timers.registerEventTimeTimer(
                next(setup, requireNonNull(states.progress().value())));
    }

    private long next(Setup setup, RunProgress progress) {
        if (progress.unsaid()) {
            return start().millis();
        }
        return progress.closed()
                ? setup.forgottenAt(KEPT)
                : Math.max(
                        setup.buckets().completeAt(progress.next()).toEpochMilli(),
                        progress.since() + setup.buckets().patience().toMillis());
    }

    private void numberPending(Setup setup, Context context) throws Exception {
        var unnumbered = new HashMap<String, PendingPoint>();
        for (var entry : states.pending().entries()) {
            unnumbered.put(entry.getKey(), entry.getValue());
        }
        for (var entry : unnumbered.entrySet()) {
            SamplePoint point = point(entry.getValue());
            long bucket = setup.buckets().numberOf(point);
            if (setup.has(point.metric()) && bucket >= progress(setup, context).next()) {
                noteNewest(point, bucket);
                states.pending()
                        .put(
                                entry.getKey(),
                                new PendingPoint(
                                        bucket, point.metric(), entry.getValue().point()));
            } else {
                states.pending().remove(entry.getKey());
            }
        }
    }

    private static SamplePoint point(PendingPoint pending) {
        return Json.read(pending.point(), SampleBatch.Point.class).toDomain(pending.metric());
    }

    /** Returns the first bucket that is not complete. */
    private long incomplete(Setup setup, RunProgress progress, long watermark) throws Exception {
        boolean patient =
                watermark < progress.since() + setup.buckets().patience().toMillis();
        long byProgress = patient ? Long.MIN_VALUE : setup.buckets().incompleteAt(Instant.ofEpochMilli(watermark));
        long least = Long.MAX_VALUE;
        for (MetricConfig metric : setup.config().metrics()) {
            for (Arm arm : Arm.values()) {
                Long newest = states.newest().get(Keys.of(metric.name(), arm.name()));
                if (newest == null) {
                    return byProgress;
                }
                least = Math.min(least, newest);
            }
        }
        return Math.max(byProgress, setup.buckets().incompleteAfter(least));
    }

    /** Judges the buckets up to a limit. */
    private RunProgress judge(Setup setup, RunProgress progress, long limit, Context context, Collector<OutRecord> out)
            throws Exception {
        CanaryRun run = run(setup);
        List<Instant> ofRun = setup.document().stages();
        String[] key = Keys.split(context.getCurrentKey());
        int stages = progress.stages();
        SortedMap<Long, List<SamplePoint>> complete = complete(limit);
        for (var bucket : complete.entrySet()) {
            Instant begin = setup.buckets().begin(bucket.getKey());
            stages = run.startStages(ofRun, stages, begin.plus(setup.config().bucket()));
            Map<String, MetricBucket> metrics = assembled(setup, bucket.getValue());
            run.add(begin, metrics);
            out.collect(record(CanaryBucket.of(key[0], key[1], begin, metrics)));
        }
        stages = run.startStages(ofRun, stages, setup.buckets().begin(limit));
        var bytes = new ByteArrayOutputStream();
        run.save(new DataOutputStream(bytes));
        states.evidence().update(bytes.toByteArray());
        RunProgress judged = progress.at(limit, stages, complete.size());
        return limit >= setup.end() ? judged.asClosed() : judged;
    }

    private OutRecord record(CanaryBucket bucket) {
        return new OutRecord(
                Topic.BUCKETS.topicName(), OutRecord.BY_KEY, bucket.key(), Json.bytes(bucket), start().headers());
    }

    private CanaryRun run(Setup setup) throws IOException {
        var run = new CanaryRun(setup.config(), setup.document().startedAt());
        byte[] saved = states.evidence().value();
        if (saved != null) {
            run.load(new DataInputStream(new ByteArrayInputStream(saved)));
        }
        return run;
    }

    /** Takes the points of complete buckets out of those that wait. */
    private SortedMap<Long, List<SamplePoint>> complete(long limit) throws Exception {
        var complete = new TreeMap<Long, List<SamplePoint>>();
        List<String> taken = new ArrayList<>();
        for (var entry : states.pending().entries()) {
            if (entry.getValue().bucket() < limit) {
                complete.computeIfAbsent(entry.getValue().bucket(), bucket -> new ArrayList<>())
                        .add(point(entry.getValue()));
                taken.add(entry.getKey());
            }
        }
        for (String key : taken) {
            states.pending().remove(key);
        }
        return complete;
    }

    private Map<String, MetricBucket> assembled(Setup setup, List<SamplePoint> points) throws Exception {
        Map<String, List<SamplePoint>> byMetric = new HashMap<>();
        for (SamplePoint point : points) {
            byMetric.computeIfAbsent(point.metric(), metric -> new ArrayList<>())
                    .add(point);
        }
        Map<String, MetricBucket> buckets = new HashMap<>();
        for (var metric : byMetric.entrySet()) {
            MetricConfig config = setup.metric(metric.getKey());
            try {
                buckets.put(metric.getKey(), assembled(config, metric.getValue()));
            } catch (IllegalArgumentException e) {
                unusable.inc(); // each point can be, and their sum cannot: the bucket has no data
            }
        }
        return buckets;
    }

    private MetricBucket assembled(MetricConfig metric, List<SamplePoint> points) throws Exception {
        var last = new HashMap<String, SamplePoint>();
        for (SamplePoint point : points) {
            String series = BucketAssembler.seriesKey(point);
            byte[] saved = states.last().get(Keys.of(metric.name(), series));
            if (saved != null) {
                last.put(series, Json.read(saved, SampleBatch.Point.class).toDomain(metric.name()));
            }
        }
        MetricBucket bucket = new BucketAssembler(metric).assemble(points, last);
        for (var point : last.entrySet()) {
            states.last()
                    .put(Keys.of(metric.name(), point.getKey()), Json.bytes(SampleBatch.Point.of(point.getValue())));
        }
        return bucket;
    }

    private void publish(Setup setup, RunProgress progress, Context context, Collector<OutRecord> out)
            throws Exception {
        Instant now = setup.buckets().begin(progress.next());
        CanaryRun run = run(setup);
        Instant at =
                now.isBefore(setup.document().startedAt()) ? setup.document().startedAt() : now;
        CanaryVerdict verdict = progress.closed() ? run.conclude(at) : run.verdict(at);
        String[] key = Keys.split(context.getCurrentKey());
        JsonNode json = VerdictJson.of(verdict);
        out.collect(record(new CanaryStanding(
                key[0],
                key[1],
                setup.document().configDigest(),
                progress.closed(),
                progress.buckets(),
                progress.late(),
                json,
                false)));
        states.progress().update(progress.asSaid());
        if (progress.closed()) {
            states.clearEvidence();
            context.timerService().registerEventTimeTimer(setup.forgottenAt(KEPT));
        }
    }

    private OutRecord record(CanaryStanding standing) {
        return new OutRecord(
                Topic.VERDICTS.topicName(), OutRecord.BY_KEY, standing.key(), Json.bytes(standing), start().headers());
    }
}
