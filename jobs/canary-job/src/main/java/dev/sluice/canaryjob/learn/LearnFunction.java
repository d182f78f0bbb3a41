package dev.sluice.canaryjob.learn;

import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.LearnInput;
import dev.sluice.canaryjob.state.PendingPoint;
import dev.sluice.canaryjob.state.Withheld;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.SampleBatch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * What configs learn of their baselines between runs, keyed by (tenant, name): points wait until progress has passed their bucket, then
 * two halves of the baseline's pods are made into a bucket, which is kept for a day and some hours. A run that starts by the config begins
 * with what was learned before its start; it is told when progress has come to its start, and before what is later takes the places, so
 * what it is told depends on the times of points alone, as long as they come within the lateness.
 */
public final class LearnFunction extends KeyedProcessFunction<String, LearnInput, CanaryInput> {
    /** For how long points wait for a config that nobody has heard of. */
    static final Duration PATIENCE = Duration.ofMinutes(10);
    /** How often it is looked for targets that are gone. */
    private static final Duration FORGOTTEN_EVERY = Duration.ofHours(1);

    private transient LearnStates states;
    private transient SavedConfigs configs;
    private transient HalvesAssembly assembly;
    private transient WithheldMetrics withheld;
    private transient LearnedBuckets learned;
    private transient Counter late;
    private transient Counter ofOthers;

    /** A run that is to know what was learned. */
    private record Asking(String run, CanaryRunDocument started) {}

    @Override
    public void open(OpenContext openContext) {
        states = LearnStates.open(getRuntimeContext());
        configs = new SavedConfigs();
        assembly = new HalvesAssembly(states);
        withheld = new WithheldMetrics(states.withheld());
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        learned = new LearnedBuckets(states.learned(), withheld, metrics.counter("bucketsWithoutRoom"));
        late = metrics.counter("latePoints");
        ofOthers = metrics.counter("pointsOfOtherConfigs");
    }

    @Override
    public void processElement(LearnInput input, Context context, Collector<CanaryInput> out) throws Exception {
        if (input.document() != null) {
            save(input.document(), context);
        }
        if (input.samples() != null) {
            keep(Json.read(input.samples(), SampleBatch.class), context);
        }
        if (input.run() != null && input.started() != null) {
            ask(input.run(), input.started(), context);
        }
    }

    /** A run is told once, however often it is heard of: to be told takes long. */
    private void ask(String run, byte[] started, Context context) throws Exception {
        long at = startedAt(started).toEpochMilli();
        Long told = states.told().get(run);
        if (told == null || told != at) {
            states.asking().put(run, started);
            wakeAt(at, context);
        }
    }

    private static Instant startedAt(byte[] run) {
        return Json.read(run, CanaryRunDocument.class).startedAt();
    }

    /** Never at a time that has passed, or progress would not get past it. */
    private static void wakeAt(long millis, Context context) {
        TimerService timers = context.timerService();
        timers.registerEventTimeTimer(Math.max(millis, timers.currentWatermark() + 1));
    }

    /** Learns by a config from now on; by one that takes other series, or in other buckets, anew. */
    private void save(byte[] document, Context context) throws Exception {
        SavedConfig before = config(context);
        SavedConfig now = document.length == 0 ? null : configs.of(context.getCurrentKey(), document);
        if (now == null) {
            states.clear();
            return;
        }
        states.document().update(document);
        states.unknownUntil().clear();
        if (before == null) {
            number(now, context);
        } else if (!before.learned().equals(now.learned())) {
            states.clearLearned();
        }
    }

    private @Nullable SavedConfig config(Context context) throws IOException {
        byte[] document = states.document().value();
        return document == null ? null : configs.of(context.getCurrentKey(), document);
    }

    /**
     * Keeps points until their bucket is complete; those that are too late are left out, and those that were taken for what the config
     * was before, or will be.
     */
    private void keep(SampleBatch batch, Context context) throws Exception {
        SavedConfig config = config(context);
        String of = batch.learned() == null ? "" : batch.learned();
        if (config != null && !config.learned().equals(of)) {
            ofOthers.inc(batch.points().size());
            return;
        }
        if (config == null && states.unknownUntil().value() == null) {
            TimerService timers = context.timerService();
            long until = Math.max(timers.currentWatermark(), timers.currentProcessingTime()) + PATIENCE.toMillis();
            states.unknownUntil().update(until);
            timers.registerEventTimeTimer(until);
        }
        if (batch.doubts() != null) {
            withheld.add(of, batch.metric(), doubted(batch.points(), batch.doubts(), context.timerService()));
        }
        for (SampleBatch.Point point : batch.points()) {
            keep(of, batch.metric(), point, config, context);
        }
    }

    /** Returns the time that is in doubt: that of the points beside, where there are some, else now. */
    private static Withheld doubted(List<SampleBatch.Point> points, List<String> doubts, TimerService timers) {
        long now = Math.max(timers.currentWatermark(), timers.currentProcessingTime());
        LongSummaryStatistics times =
                points.stream().mapToLong(point -> point.at().toEpochMilli()).summaryStatistics();
        return points.isEmpty()
                ? new Withheld(now, now, doubts.get(0))
                : new Withheld(times.getMin(), times.getMax(), doubts.get(0));
    }

    private void keep(String of, String metric, SampleBatch.Point point, @Nullable SavedConfig config, Context context)
            throws Exception {
        SamplePoint read = point.toDomain(metric);
        String key = Keys.of(
                of,
                metric,
                read.seriesKey(),
                read.series().replica(),
                Long.toString(read.at().toEpochMilli()));
        if (config == null) {
            put(key, new PendingPoint(PendingPoint.UNKNOWN, metric, Json.bytes(point)));
            return;
        }
        Long next = states.next().value();
        long bucket = config.buckets().numberOf(read);
        if (next != null && bucket < next) {
            late.inc();
        } else if (read.arm() == Arm.BASELINE && config.metric(metric).isPresent()) {
            put(key, new PendingPoint(bucket, metric, Json.bytes(point)));
            wakeAt(config.buckets().completeAt(bucket).toEpochMilli(), context);
        }
    }

    /** Of two that say different things of one moment the same one counts, whichever came first. */
    private void put(String key, PendingPoint point) throws Exception {
        PendingPoint known = states.pending().get(key);
        if (known == null || Arrays.compare(known.point(), point.point()) < 0) {
            states.pending().put(key, point);
        }
    }

    /** Finds the buckets of points that were there before the config, and are its own. */
    private void number(SavedConfig config, Context context) throws Exception {
        Map<String, PendingPoint> unnumbered = new HashMap<>();
        for (var entry : states.pending().entries()) {
            unnumbered.put(entry.getKey(), entry.getValue());
        }
        states.pending().clear();
        withheld.forgetOthers(config);
        for (var entry : unnumbered.entrySet()) {
            String of = Keys.split(entry.getKey())[0];
            PendingPoint point = entry.getValue();
            if (of.equals(config.learned())) {
                keep(of, point.metric(), Json.read(point.point(), SampleBatch.Point.class), config, context);
            } else {
                ofOthers.inc();
            }
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<CanaryInput> out) throws Exception {
        SavedConfig config = config(context);
        long watermark = context.timerService().currentWatermark();
        Long unknownUntil = states.unknownUntil().value();
        if (config == null && unknownUntil != null && unknownUntil <= watermark) {
            states.clear();
        }
        Map<String, Long> told = new HashMap<>();
        for (Asking run : started(watermark)) {
            Instant startedAt = run.started().startedAt();
            if (config != null) {
                advance(config, startedAt);
            }
            tell(run, config, context.getCurrentKey(), out);
            states.asking().remove(run.run());
            told.put(run.run(), startedAt.toEpochMilli());
        }
        if (config != null) {
            advance(config, Instant.ofEpochMilli(watermark));
            remember(told, watermark);
        }
    }

    /** Returns the runs to whose start progress has come, in the order of that. */
    private List<Asking> started(long watermark) throws Exception {
        List<Asking> started = new ArrayList<>();
        for (var asking : states.asking().entries()) {
            CanaryRunDocument document = Json.read(asking.getValue(), CanaryRunDocument.class);
            if (document.startedAt().toEpochMilli() <= watermark) {
                started.add(new Asking(asking.getKey(), document));
            }
        }
        started.sort(
                Comparator.comparing((Asking run) -> run.started().startedAt()).thenComparing(Asking::run));
        return started;
    }

    private void remember(Map<String, Long> told, long watermark) throws Exception {
        if (told.isEmpty()) {
            return;
        }
        for (var known = states.told().iterator(); known.hasNext(); ) {
            if (known.next().getValue() < watermark - SavedConfig.KEPT.toMillis()) {
                known.remove();
            }
        }
        states.told().putAll(told);
    }

    /** Makes the buckets that are complete by progress. */
    private void advance(SavedConfig config, Instant progress) throws Exception {
        long limit = config.buckets().incompleteAt(progress);
        Long next = states.next().value();
        if (next != null && limit <= next) {
            return;
        }
        SortedMap<Long, List<SamplePoint>> complete = new TreeMap<>();
        for (var waiting = states.pending().iterator(); waiting.hasNext(); ) {
            PendingPoint point = waiting.next().getValue();
            if (point.bucket() < limit) {
                complete.computeIfAbsent(point.bucket(), number -> new ArrayList<>())
                        .add(Json.read(point.point(), SampleBatch.Point.class).toDomain(point.metric()));
                waiting.remove();
            }
        }
        if (complete.isEmpty()) {
            return;
        }
        long together = config.bucketsIn(FORGOTTEN_EVERY);
        Long made = states.made().value();
        for (var bucket : complete.entrySet()) {
            long number = bucket.getKey();
            if (made != null && Math.floorDiv(number, together) > Math.floorDiv(made, together)) {
                assembly.forget(config.buckets().begin(number));
            }
            learned.put(config, number, assembly.halves(config, bucket.getValue()));
            made = number;
        }
        states.made().update(made);
        states.next().update(limit);
    }

    /** Says what a run begins with; only what was complete at its start. */
    private void tell(Asking asking, @Nullable SavedConfig config, String key, Collector<CanaryInput> out)
            throws Exception {
        CanaryRunDocument run = asking.started();
        SavedConfig own = configs.read(run.config()).orElse(null);
        if (own == null) {
            return;
        }
        var calibrated = new CanaryRun(own.config(), run.startedAt());
        if (config == null) {
            calibrated.noteHistory("no history: no config of this name learns any more");
        } else if (!config.learned().equals(own.learned())) {
            calibrated.noteHistory("no history: the config of this name learns of other series since it was changed");
        } else {
            learned.teach(calibrated, own, own.buckets().incompleteAt(run.startedAt()));
        }
        String tenant = Keys.split(key)[0];
        String id = asking.run();
        out.collect(CanaryInput.calibrated(Keys.of(tenant, id), tenant, id, calibrated.saved()));
    }
}
