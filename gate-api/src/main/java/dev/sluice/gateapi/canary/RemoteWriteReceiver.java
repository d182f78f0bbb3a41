package dev.sluice.gateapi.canary;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.sources.metrics.PushLimits;
import dev.sluice.sources.metrics.prometheus.RemoteWriteDecoder;
import dev.sluice.sources.metrics.prometheus.RemoteWritePush;
import dev.sluice.sources.metrics.prometheus.RemoteWriteVersion;
import io.javalin.http.Context;

/**
 * Receives what Prometheus, or an agent that speaks as it does, writes remotely. What no running canary selects is dropped; the
 * answer comes when all else stands in the log, so that a sender that gets none sends it again.
 */
public final class RemoteWriteReceiver {
    private static final int NO_CONTENT = 204;
    private static final int MAX_BYTES = 4 << 20;
    private static final PushLimits LIMITS = new PushLimits(24 << 20, 500_000);
    private static final String VERSION = "X-Prometheus-Remote-Write-Version";

    private final RemoteWriteDecoder decoder = new RemoteWriteDecoder(LIMITS);
    private final PushIntake intake;

    /**
     * Creates a receiver.
     *
     * @param intake takes what was read
     */
    public RemoteWriteReceiver(PushIntake intake) {
        this.intake = intake;
    }

    /** Handles {@code POST /api/v1/write}, versions 1 and 2 of remote write. */
    public void receive(Context ctx) {
        intake.requireRead();
        RemoteWriteVersion version = RemoteWriteVersion.of(ctx.header("Content-Type"), ctx.header(VERSION))
                .orElseThrow(() -> new ApiException(
                        ErrorType.UNSUPPORTED_MEDIA_TYPE, "this is neither version 1 nor version 2 of remote write"));
        byte[] body = Requests.encodedBody(ctx, MAX_BYTES, "snappy");
        intake.take(
                ctx,
                "remote-write",
                () -> decoder.decode(version, body),
                RemoteWritePush::series,
                push -> answer(ctx, push));
    }

    private static void answer(Context ctx, RemoteWritePush push) {
        // what was dropped on purpose was dealt with, too: fewer would look like a loss
        written(ctx, "Samples", push.samples());
        written(ctx, "Histograms", push.histograms());
        written(ctx, "Exemplars", push.exemplars());
        ctx.status(NO_CONTENT);
    }

    private static void written(Context ctx, String what, int number) {
        ctx.header("X-Prometheus-Remote-Write-" + what + "-Written", String.valueOf(number));
    }
}
