package dev.sluice.gateapi.canary;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.sources.metrics.MalformedPushException;
import dev.sluice.sources.metrics.PushLimits;
import dev.sluice.sources.metrics.prometheus.RemoteWriteDecoder;
import dev.sluice.sources.metrics.prometheus.RemoteWritePush;
import dev.sluice.sources.metrics.prometheus.RemoteWriteVersion;
import dev.sluice.wire.CanaryConfigs;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;

/**
 * Receives what Prometheus, or an agent that speaks as it does, writes remotely. What no running canary selects is dropped; the
 * answer comes when all else stands in the log, so that a sender that gets none sends it again.
 */
public final class RemoteWriteReceiver {
    private static final int NO_CONTENT = 204;
    private static final int MAX_BYTES = 4 << 20;
    private static final PushLimits LIMITS = new PushLimits(24 << 20, 500_000);
    private static final String VERSION = "X-Prometheus-Remote-Write-Version";

    private final CanaryRuns runs;
    private final RunSelections selections;
    private final SampleLog samples;
    private final RemoteWriteDecoder decoder = new RemoteWriteDecoder(LIMITS);
    private final Clock clock;
    private final PushSlots slots;
    private final MeterRegistry registry;

    /**
     * Creates a receiver.
     *
     * @param runs tells which runs there are
     * @param configs tells which series they select
     * @param samples appends to the samples topic
     * @param clock tells what is in the future
     * @param slots how many pushes may be under way
     * @param registry counts points
     */
    public RemoteWriteReceiver(
            CanaryRuns runs,
            CanaryConfigs configs,
            LogAppender samples,
            Clock clock,
            PushSlots slots,
            MeterRegistry registry) {
        this.runs = runs;
        this.selections = new RunSelections(runs, configs);
        this.samples = new SampleLog(samples);
        this.clock = clock;
        this.slots = slots;
        this.registry = registry;
    }

    /** Handles {@code POST /api/v1/write}, versions 1 and 2 of remote write. */
    public void receive(Context ctx) {
        runs.requireRead();
        RemoteWriteVersion version = RemoteWriteVersion.of(ctx.header("Content-Type"), ctx.header(VERSION))
                .orElseThrow(() -> new ApiException(
                        ErrorType.UNSUPPORTED_MEDIA_TYPE, "this is neither version 1 nor version 2 of remote write"));
        byte[] body = Requests.encodedBody(ctx, MAX_BYTES, "snappy");
        CompletableFuture<Void> taken = slots.take(() -> take(ctx, read(version, body)));
        ctx.future(() -> taken);
    }

    private CompletableFuture<Void> take(Context ctx, RemoteWritePush push) {
        RunSelections.Selected selected =
                selections.select(Routes.principal(ctx).tenant(), push.series(), clock.instant());
        return samples.append(selected.batches()).thenRun(() -> {
            registry.counter("sluice.receive.samples").increment(selected.points());
            registry.counter("sluice.receive.unusable", "source", "remote-write")
                    .increment(selected.unusable());
            // what was dropped on purpose was dealt with, too: fewer would look like a loss
            written(ctx, "Samples", push.samples());
            written(ctx, "Histograms", push.histograms());
            written(ctx, "Exemplars", push.exemplars());
            ctx.status(NO_CONTENT);
        });
    }

    private RemoteWritePush read(RemoteWriteVersion version, byte[] body) {
        try {
            return decoder.decode(version, body);
        } catch (MalformedPushException e) {
            registry.counter("sluice.receive.rejected", "reason", "remote-write")
                    .increment();
            throw ApiException.invalidDocument(e.pointer(), "the push " + e.getMessage());
        }
    }

    private static void written(Context ctx, String what, int number) {
        ctx.header("X-Prometheus-Remote-Write-" + what + "-Written", String.valueOf(number));
    }
}
