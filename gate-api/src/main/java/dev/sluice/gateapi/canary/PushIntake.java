package dev.sluice.gateapi.canary;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.sources.metrics.MalformedPushException;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.wire.CanaryConfigs;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What pushes of series have in common, whatever their protocol: that which a running canary selects, or of which a config learns
 * between runs, goes on, the rest is dropped, and the answer comes when all that goes on stands in the log.
 */
public final class PushIntake {
    private final CanaryRuns runs;
    private final RunSelections selections;
    private final SampleLog samples;
    private final Clock clock;
    private final PushSlots slots;
    private final MeterRegistry registry;

    /**
     * Creates an intake.
     *
     * @param runs tells which runs there are
     * @param named tells which configs learn between runs
     * @param configs tells which series they select
     * @param samples appends to the samples topic
     * @param clock tells what is in the future
     * @param slots how many pushes may be under way
     * @param registry counts points
     */
    public PushIntake(
            CanaryRuns runs,
            NamedConfigs named,
            CanaryConfigs configs,
            LogAppender samples,
            Clock clock,
            PushSlots slots,
            MeterRegistry registry) {
        this.runs = runs;
        this.selections = new RunSelections(runs, new LearningConfigs(named, configs), configs);
        this.samples = new SampleLog(samples);
        this.clock = clock;
        this.slots = slots;
        this.registry = registry;
    }

    /** Returns normally if it is known which runs there are. */
    void requireRead() {
        runs.requireRead();
    }

    /**
     * Takes a push.
     *
     * @param ctx the request, answered later
     * @param protocol as the counters name it
     * @param reading reads it, once there is room for it
     * @param series tells what is in it
     * @param answer answers when it stands in the log
     */
    <P> void take(
            Context ctx,
            String protocol,
            Supplier<P> reading,
            Function<P, List<MetricSeries>> series,
            Consumer<P> answer) {
        CompletableFuture<Void> done = slots.take(() -> {
            P push = read(protocol, reading);
            TakenPoints taken = selections.select(Routes.principal(ctx).tenant(), series.apply(push), clock.instant());
            return samples.append(taken.batches()).thenRun(() -> {
                registry.counter("sluice.receive.samples").increment(taken.points());
                registry.counter("sluice.receive.unusable", "source", protocol).increment(taken.unusable());
                registry.counter("sluice.receive.unlearned", "source", protocol).increment(taken.leftOut());
                answer.accept(push);
            });
        });
        ctx.future(() -> done);
    }

    private <P> P read(String protocol, Supplier<P> reading) {
        try {
            return reading.get();
        } catch (MalformedPushException e) {
            registry.counter("sluice.receive.rejected", "reason", protocol).increment();
            throw ApiException.invalidDocument(e.pointer(), "the push " + e.getMessage());
        }
    }
}
