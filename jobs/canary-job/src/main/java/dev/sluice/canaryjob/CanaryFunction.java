package dev.sluice.canaryjob;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.CanaryState;
import dev.sluice.canary.CanaryVerdict;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.RunProgress;
import dev.sluice.streams.AttemptStart;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.CanaryBucket;
import dev.sluice.wire.CanaryEvidence;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.Topic;
import dev.sluice.wire.VerdictJson;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
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
        implements CheckpointedFunction, CheckpointListener {
    /** For how long the verdict of a run stays after its end. */
    static final Duration KEPT = Duration.ofDays(7);
    /** Runs that began so long ago cannot be judged anew: points are kept in Kafka for a day. */
    static final Duration JUDGED_ANEW = Duration.ofHours(20);
    /** A larger record could not be written, and would stop the job. */
    private static final int MOST_BUCKET_BYTES = 900_000;
    /** What is saved of a run of a few metrics has room in so much. */
    private static final int EVIDENCE_BYTES = 32 << 10;
    /** How late a verdict may be said before nobody should believe the one before. */
    private static final Duration PUNCTUALITY = Duration.ofSeconds(60);
    /** For how long points wait for what is set of their run. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Clock clock;
    private transient @Nullable AttemptStart start;
    private transient RunStates states;
    private transient Setups setups;
    private transient RunDoubts doubts;
    private transient BucketAssembly assembly;
    private transient PendingPoints points;
    private transient EvidenceTrail trail;
    private transient HistoryWait history;
    private transient Counter refused;
    private transient Counter twins;
    private transient Counter failedTwins;

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
        history.checkpointBegins(context.getCheckpointId());
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        history.checkpointCompletes(checkpointId);
    }

    private AttemptStart start() {
        return requireNonNull(start);
    }

    @Override
    public void open(OpenContext openContext) {
        states = RunStates.open(getRuntimeContext());
        setups = new Setups();
        doubts = new RunDoubts(states);
        points = new PendingPoints(states, doubts);
        trail = new EvidenceTrail(states);
        history = new HistoryWait(states, start());
        assembly = new BucketAssembly(
                states, doubts, getRuntimeContext().getMetricGroup().counter("unusableBuckets"));
        refused = getRuntimeContext().getMetricGroup().counter("refusedDocuments");
        twins = getRuntimeContext().getMetricGroup().counter("twins");
        failedTwins = getRuntimeContext().getMetricGroup().counter("failedTwins");
    }

    @Override
    public void processElement(CanaryInput input, Context context, Collector<OutRecord> out) throws Exception {
        RunProgress progress = states.progress().value();
        if (progress != null && progress.closed()) {
            return;
        }
        if (input.document() != null && !accept(input.document(), context.getCurrentKey())) {
            refused.inc();
            return;
        }
        Setup setup = setup(context.getCurrentKey());
        if (input.condition() != null) {
            note(input, input.condition(), setup, context);
        }
        if (input.samples() != null) {
            keep(Json.read(input.samples(), SampleBatch.class), setup, context);
        }
        if (setup == null) {
            if (input.calibrated() != null) {
                states.waiting().update(input.calibrated());
            }
            context.timerService()
                    .registerEventTimeTimer(Math.max(context.timerService().currentWatermark(), clock.getAsLong())
                            + PATIENCE.toMillis());
            return;
        }
        byte[] calibrated =
                input.document() == null ? input.calibrated() : states.waiting().value();
        if (calibrated != null) {
            states.waiting().clear();
            calibrate(calibrated, setup, context, out);
        }
        advance(setup, context, out);
    }

    /**
     * Takes what is set of the run, if it is of the run: what it is judged by, and since when, is that of the first word. A run of
     * long ago that is new to the job is one whose state is lost; its points are lost, too, and its last verdict stays.
     */
    private boolean accept(byte[] document, String key) throws IOException {
        Setup present = setup(key);
        Setup offered = setups.of(key, document);
        if (offered == null) {
            return false;
        }
        CanaryRunDocument run = offered.document();
        boolean fits = present == null
                ? run.startedAt()
                        .isAfter(Instant.ofEpochMilli(clock.getAsLong()).minus(JUDGED_ANEW))
                : run.configDigest().equals(present.document().configDigest())
                        && run.startedAt().equals(present.document().startedAt());
        if (fits) {
            states.document().update(document);
        }
        return fits;
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<OutRecord> out) throws Exception {
        Setup setup = setup(context.getCurrentKey());
        RunProgress progress = states.progress().value();
        if (setup == null) {
            states.clear();
        } else if (progress != null && progress.closed()) {
            close(setup, progress, context, out);
        } else {
            advance(setup, context, out);
        }
    }

    /** Says the last word, if it could not be said at once; forgets the run when its time is over. */
    private void close(Setup setup, RunProgress progress, Context context, Collector<OutRecord> out) throws Exception {
        long watermark = context.timerService().currentWatermark();
        if (progress.unsaid() && start().isPassedBy(watermark)) {
            publish(setup, progress, context, out);
        } else if (!progress.unsaid() && watermark >= setup.forgottenAt(KEPT)) {
            out.collect(record(standing(setup, progress, context, List.of(), null)));
            states.clear();
            return;
        }
        continueAt(setup, context);
    }

    /** Sees to it that the run is looked at again; never at a time that has passed, or progress would not get past it. */
    private void continueAt(Setup setup, Context context) throws IOException {
        RunProgress progress = requireNonNull(states.progress().value());
        TimerService timers = context.timerService();
        boolean waits = !progress.closed()
                && !history.isOver(context.getCurrentKey(), setup, progress, timers.currentWatermark());
        if (waits) {
            timers.registerEventTimeTimer(timers.currentWatermark() + 1);
            return;
        }
        long next = progress.unsaid()
                ? start().millis()
                : progress.closed()
                        ? setup.forgottenAt(KEPT)
                        : Math.max(
                                setup.buckets().completeAt(progress.next()).toEpochMilli(),
                                progress.since() + setup.buckets().patience().toMillis());
        timers.registerEventTimeTimer(Math.max(next, timers.currentWatermark() + 1));
    }

    /** Begins with what was learned of the time before the run, unless the run has begun without it. */
    private void calibrate(byte[] calibrated, Setup setup, Context context, Collector<OutRecord> out)
            throws IOException {
        if (!history.isOpen(progress(setup, context))) {
            return;
        }
        String[] key = Keys.split(context.getCurrentKey());
        Instant before =
                setup.buckets().begin(setup.buckets().numberOf(setup.document().startedAt()) - 1);
        CanaryBucket row = CanaryBucket.calibrated(key[0], key[1], before, calibrated);
        if (Json.bytes(row).length > MOST_BUCKET_BYTES) {
            // of hundreds of metrics even a note is too large: nothing is learned, as each metric says
            var untaught = new CanaryRun(setup.config(), setup.document().startedAt());
            history.begin(context.getCurrentKey(), untaught.saved());
            return;
        }
        history.begin(context.getCurrentKey(), calibrated);
        out.collect(record(row));
    }

    private static byte[] without(Setup setup, String why) {
        var uncalibrated = new CanaryRun(setup.config(), setup.document().startedAt());
        uncalibrated.noteHistory(why);
        return uncalibrated.saved();
    }

    /** Returns whether the run may begin: all is known, and kept, of the time before it that will be. */
    private boolean isCalibrated(Setup setup, RunProgress progress, Context context, Collector<OutRecord> out)
            throws IOException {
        long watermark = context.timerService().currentWatermark();
        boolean isOver = history.isOver(context.getCurrentKey(), setup, progress, watermark);
        if (!isOver && history.isPatienceOver(progress, watermark)) {
            String why = "the history has not come within " + HistoryWait.PATIENCE.toMinutes() + " minutes";
            calibrate(without(setup, why), setup, context, out);
            return true;
        }
        return isOver;
    }

    private @Nullable Setup setup(String key) throws IOException {
        byte[] document = states.document().value();
        return document == null ? null : setups.of(key, document);
    }

    /** Keeps in mind how the source of the series is, and says so when that changes. */
    private void note(CanaryInput input, String condition, @Nullable Setup setup, Context context) throws Exception {
        if (setup == null) {
            return;
        }
        String before = states.condition().value();
        if (!condition.equals(before == null ? "" : before)) {
            states.condition().update(condition);
            states.progress().update(progress(setup, context).asUnsaid());
        }
        if (input.askedTo() > 0) {
            Long answered = states.askedTo().value();
            long expected = answered == null ? setup.document().startedAt().toEpochMilli() : answered;
            if (input.askedFrom() > expected) {
                doubts.raise(
                        Doubts.unasked(expected, input.askedFrom()),
                        progress(setup, context).stages());
            }
            states.askedTo().update(Math.max(expected, input.askedTo()));
        }
    }

    /** Keeps points until their bucket is complete; those that are too late are counted. */
    private void keep(SampleBatch batch, @Nullable Setup setup, Context context) throws Exception {
        if (setup == null) {
            points.keep(batch);
            return;
        }
        RunProgress before = progress(setup, context);
        RunProgress progress = before.awaiting(batch.stages()).withLate(points.keep(batch, setup, before));
        if (batch.doubts() != null) {
            for (String doubt : batch.doubts()) {
                doubts.raise(batch.metric() + ": " + doubt, Math.max(progress.stages(), batch.stages()));
            }
        }
        states.progress().update(progress);
    }

    private RunProgress progress(Setup setup, Context context) throws IOException {
        RunProgress progress = states.progress().value();
        return progress != null
                ? progress
                : RunProgress.first(
                        context.timerService().currentWatermark(),
                        setup.buckets().numberOf(setup.document().startedAt()));
    }

    /** Judges all buckets that are complete, and says how the run stands. */
    private void advance(Setup setup, Context context, Collector<OutRecord> out) throws Exception {
        long watermark = context.timerService().currentWatermark();
        boolean isNew = states.progress().value() == null;
        RunProgress progress = progress(setup, context);
        if (isNew) {
            states.progress().update(progress);
            points.number(setup, progress.next());
        }
        boolean isReady =
                setup.document().stages().size() >= progress.awaited() && isCalibrated(setup, progress, context, out);
        long limit = isReady
                ? Math.max(progress.next(), Math.min(setup.end(), incomplete(setup, progress, watermark)))
                : progress.next();
        if (limit > progress.next() || isNew || limit >= setup.end()) {
            progress = judge(setup, progress, limit, context, out);
            states.progress().update(progress);
        }
        if (progress.unsaid() && start().isPassedBy(watermark)) {
            publish(setup, progress, context, out);
        }
        continueAt(setup, context);
    }

    /** Returns the first bucket that is not complete, or one that has been judged where none is to be. */
    private long incomplete(Setup setup, RunProgress progress, long watermark) throws Exception {
        boolean patient =
                watermark < progress.since() + setup.buckets().patience().toMillis();
        long byProgress = patient ? Long.MIN_VALUE : setup.buckets().incompleteAt(Instant.ofEpochMilli(watermark));
        return points.incomplete(setup, progress.next(), byProgress);
    }

    /** Judges the buckets up to a limit. */
    private RunProgress judge(Setup setup, RunProgress progress, long limit, Context context, Collector<OutRecord> out)
            throws Exception {
        CanaryRun run = run(setup);
        List<Instant> ofRun = setup.document().stages();
        String[] key = Keys.split(context.getCurrentKey());
        int stages = progress.stages();
        int judgedBuckets = 0;
        SortedMap<Long, List<SamplePoint>> complete = points.complete(progress.next(), limit);
        for (var bucket : complete.entrySet()) {
            Instant begin = setup.buckets().begin(bucket.getKey());
            stages = run.startStages(ofRun, stages, begin.plus(setup.config().bucket()));
            Map<String, Measured> metrics = assembly.measured(setup, bucket.getKey(), bucket.getValue(), stages, run);
            CanaryBucket row = storable(CanaryBucket.of(key[0], key[1], begin, metrics), stages);
            boolean wasLatched = run.isLatched();
            run.addMeasured(begin, row.toDomain());
            out.collect(record(row));
            judgedBuckets++;
            Instant end = begin.plus(setup.config().bucket());
            if (!wasLatched && (run.isLatched() || trail.isDue(end))) {
                List<String> told = doubts.of(setup, progress.at(bucket.getKey() + 1, stages, judgedBuckets));
                CanaryVerdict verdict = run.verdict(end).withheld(told, false);
                out.collect(record(trail.tell(context.getCurrentKey(), setup, run, told, verdict, false)));
            }
        }
        stages = run.startStages(ofRun, stages, setup.buckets().begin(limit));
        var bytes = new DataOutputSerializer(EVIDENCE_BYTES);
        run.save(bytes);
        states.evidence().update(bytes.getCopyOfBuffer());
        RunProgress judged = progress.at(limit, stages, complete.size());
        if (limit < setup.end()) {
            return judged;
        }
        run.twin().ifPresent(state -> {
            twins.inc();
            failedTwins.inc(state == CanaryState.FAILED ? 1 : 0);
        });
        return judged.asClosed();
    }

    /** Returns as much of a bucket as can be kept: what is judged is what is kept, so that it can be judged again. */
    private CanaryBucket storable(CanaryBucket whole, int stage) throws Exception {
        CanaryBucket row = Json.bytes(whole).length > MOST_BUCKET_BYTES ? whole.withoutParts() : whole;
        if (Json.bytes(row).length <= MOST_BUCKET_BYTES) {
            return row;
        }
        doubts.raise(Doubts.TOO_LARGE, stage);
        return CanaryBucket.of(whole.tenant(), whole.run(), whole.begin(), Map.of());
    }

    private OutRecord record(CanaryBucket bucket) {
        return new OutRecord(
                Topic.BUCKETS.topicName(), OutRecord.BY_KEY, bucket.key(), Json.bytes(bucket), start().headers());
    }

    private CanaryRun run(Setup setup) throws IOException {
        var run = new CanaryRun(setup.config(), setup.document().startedAt());
        byte[] saved = states.evidence().value();
        if (saved != null) {
            run.load(new DataInputDeserializer(saved));
        }
        return run;
    }

    private void publish(Setup setup, RunProgress progress, Context context, Collector<OutRecord> out)
            throws Exception {
        Instant now = setup.buckets().begin(progress.next());
        CanaryRun run = run(setup);
        Instant at =
                now.isBefore(setup.document().startedAt()) ? setup.document().startedAt() : now;
        List<String> told = doubts.of(setup, progress);
        boolean waits = !progress.closed()
                && !history.isOver(
                        context.getCurrentKey(),
                        setup,
                        progress,
                        context.timerService().currentWatermark());
        CanaryVerdict verdict = waits
                ? run.verdict(at).awaiting(told)
                : (progress.closed() ? run.conclude(at) : run.verdict(at)).withheld(told, progress.closed());
        out.collect(record(standing(setup, progress, context, told, VerdictJson.of(verdict))));
        if (progress.closed() || trail.isDue(verdict.at()) || trail.isOther(verdict.state())) {
            out.collect(record(trail.tell(context.getCurrentKey(), setup, run, told, verdict, progress.closed())));
        }
        states.progress().update(progress.asSaid());
        if (progress.closed()) {
            states.clearEvidence();
        }
    }

    /** Returns the row of a run; without a verdict the one by which it is forgotten. */
    private CanaryStanding standing(
            Setup setup, RunProgress progress, Context context, List<String> told, @Nullable JsonNode verdict)
            throws IOException {
        String[] key = Keys.split(context.getCurrentKey());
        Instant now = Instant.ofEpochMilli(Math.max(0, context.timerService().currentWatermark()));
        Instant again = now.plus(setup.buckets().patience())
                .plus(setup.config().bucket().multipliedBy(2))
                .plus(PUNCTUALITY);
        return new CanaryStanding(
                key[0],
                key[1],
                setup.document().configDigest(),
                progress.closed(),
                progress.stages(),
                progress.closed() ? Instant.ofEpochMilli(setup.forgottenAt(KEPT)) : again,
                progress.buckets(),
                progress.late(),
                told,
                progress.closed() ? null : trail.condition(),
                verdict,
                verdict == null);
    }

    private OutRecord record(CanaryEvidence evidence) {
        return new OutRecord(
                Topic.EVIDENCE.topicName(), OutRecord.BY_KEY, evidence.key(), Json.bytes(evidence), start().headers());
    }

    private OutRecord record(CanaryStanding standing) {
        return new OutRecord(
                Topic.VERDICTS.topicName(), OutRecord.BY_KEY, standing.key(), Json.bytes(standing), start().headers());
    }
}
