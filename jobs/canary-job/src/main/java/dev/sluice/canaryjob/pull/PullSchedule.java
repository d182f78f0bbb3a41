package dev.sluice.canaryjob.pull;

import static java.util.Objects.requireNonNull;

import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.PullRequest;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Keys;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Says when the series of a run are asked for, and for which time, keyed by (tenant, id). Each pull asks for the end of the time
 * before it again: what an answer had not yet comes with the next; points that are known do not count twice. Where the run says a
 * delay, times that are less long ago are not asked for.
 */
public final class PullSchedule extends KeyedProcessFunction<String, CanaryInput, PullRequest> {
    /** Points so old would be too late. */
    static final Duration OLDEST = Duration.ofHours(1);
    /**
     * So much is asked for again: a sample is there once its scrape has ended, which may take ten seconds, or longer by far copies.
     * Sources of intervals have a longer delay, so that each interval is asked for once.
     */
    static final Duration AGAIN = Duration.ofSeconds(30);

    /** The baseline of before a run, which is asked for once; a little more than is wanted, since its first samples come later. */
    public static final OutputTag<PullRequest> HISTORIES =
            new OutputTag<>("histories", TypeInformation.of(PullRequest.class));

    private static final Duration BEYOND = Duration.ofMinutes(15);

    private final RunReader reader;
    private transient ValueState<byte[]> document;
    private transient ValueState<Long> pulledTo;
    private transient ValueState<Long> next;

    /**
     * Creates the schedule.
     *
     * @param reader reads what is set of runs
     */
    public PullSchedule(RunReader reader) {
        this.reader = reader;
    }

    @Override
    public void open(OpenContext openContext) {
        document =
                getRuntimeContext().getState(new ValueStateDescriptor<>("document", TypeInformation.of(byte[].class)));
        pulledTo = getRuntimeContext().getState(new ValueStateDescriptor<>("pulled-to", Types.LONG));
        next = getRuntimeContext().getState(new ValueStateDescriptor<>("next", Types.LONG));
    }

    @Override
    public void processElement(CanaryInput input, Context context, Collector<PullRequest> out) throws Exception {
        byte[] set = requireNonNull(input.document());
        RunReader.Read run = reader.read(context.getCurrentKey(), set);
        long now = context.timerService().currentProcessingTime();
        boolean isScheduled = next.value() != null;
        CanarySelection.Pull pull = run == null ? null : run.pull();
        if (run == null || pull == null || (!isScheduled && isOver(run, pull, now))) {
            return;
        }
        document.update(set);
        if (!isScheduled) {
            schedule(now + 1, context);
            askForHistory(run, set, context);
        }
    }

    private static void askForHistory(RunReader.Read run, byte[] document, Context context) {
        CanarySelection.Pull pull = requireNonNull(run.pull());
        if (pull.history().isZero()) {
            return;
        }
        String[] key = Keys.split(context.getCurrentKey());
        Instant start = run.document().startedAt();
        context.output(
                HISTORIES,
                new PullRequest(
                        context.getCurrentKey(),
                        key[0],
                        key[1],
                        document,
                        start.minus(pull.history())
                                .minus(pull.delay())
                                .minus(BEYOND)
                                .toEpochMilli(),
                        start.minus(pull.delay()).toEpochMilli()));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<PullRequest> out) throws Exception {
        RunReader.Read run = reader.read(context.getCurrentKey(), document.value());
        CanarySelection.Pull pull = run == null ? null : run.pull();
        if (run == null || pull == null) {
            clear();
            return;
        }
        // after an outage the timer is late: one request catches up
        long now = context.timerService().currentProcessingTime();
        long step = pull.every().toMillis();
        long start = run.document().startedAt().toEpochMilli();
        Long before = pulledTo.value();
        long again = again(pull).toMillis();
        long from = Math.max(before == null ? start : Math.max(start, before - again), now - OLDEST.toMillis());
        long to = Math.min(now - pull.delay().toMillis(), end(run).toEpochMilli());
        if (from <= to) {
            String[] key = Keys.split(context.getCurrentKey());
            out.collect(new PullRequest(context.getCurrentKey(), key[0], key[1], document.value(), from, to));
            pulledTo.update(to);
        }
        if (isOver(run, pull, now)) {
            clear();
        } else {
            schedule(now + step, context);
        }
    }

    private void schedule(long at, Context context) throws Exception {
        context.timerService().registerProcessingTimeTimer(at);
        next.update(at);
    }

    /** Returns whether the run has ended so long ago that its last points have been asked for, and those that are again. */
    private static boolean isOver(RunReader.Read run, CanarySelection.Pull pull, long now) {
        return now >= end(run).plus(pull.delay()).plus(again(pull)).toEpochMilli();
    }

    /** Returns how much is asked for again: what was waited for is there when it is asked for the first time. */
    private static Duration again(CanarySelection.Pull pull) {
        return pull.delay().compareTo(AGAIN) < 0 ? AGAIN.minus(pull.delay()) : Duration.ZERO;
    }

    private static Instant end(RunReader.Read run) {
        CanaryRunDocument of = run.document();
        Instant horizon = of.startedAt().plus(run.config().horizon());
        @Nullable Instant ended = of.endedAt();
        return ended == null || ended.isAfter(horizon) ? horizon : ended;
    }

    private void clear() {
        document.clear();
        pulledTo.clear();
        next.clear();
    }
}
