package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanarySchemas;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Receives points of metrics of canary runs: all of a request, or none. One that comes again is the same again, so that a
 * request may be repeated.
 */
public final class SampleReceiver {
    private static final int ACCEPTED = 202;
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_SAMPLES = 10_000;
    /** What a record may have beside its value. */
    private static final int RECORD_OVERHEAD = 16 << 10;

    private static final int MAX_RECORD_BYTES = LogAppender.Limits.DEFAULT.recordBytes() - RECORD_OVERHEAD;

    private final CanaryRuns runs;
    private final CanarySchemas schemas;
    private final CanaryConfigs configs;
    private final LogAppender samples;
    private final Clock clock;
    private final MeterRegistry registry;

    /**
     * Creates a receiver.
     *
     * @param runs tells which runs there are
     * @param schemas tells which bodies are valid
     * @param configs tells which metrics a run has
     * @param samples appends to the samples topic
     * @param clock tells what is in the future
     * @param registry counts points
     */
    public SampleReceiver(
            CanaryRuns runs,
            CanarySchemas schemas,
            CanaryConfigs configs,
            LogAppender samples,
            Clock clock,
            MeterRegistry registry) {
        this.runs = runs;
        this.schemas = schemas;
        this.configs = configs;
        this.samples = samples;
        this.clock = clock;
        this.registry = registry;
    }

    /** Handles {@code POST /v1/samples}. */
    public void receive(Context ctx) {
        List<SampleBatch> batches;
        try {
            batches = read(ctx);
        } catch (ApiException e) {
            registry.counter("sluice.receive.rejected", "reason", "samples").increment();
            throw e;
        }
        append(ctx, batches);
    }

    private List<SampleBatch> read(Context ctx) {
        runs.requireRead();
        JsonNode body = Requests.document(ctx, MAX_BYTES);
        JsonNode points = body.path("samples");
        if (points.isArray() && points.size() > MAX_SAMPLES) {
            throw new ApiException(
                    ErrorType.TOO_LARGE, "there are more than " + MAX_SAMPLES + " samples; send several requests");
        }
        Bodies.requireNone(Bodies.errors("", schemas.samples(body)));
        Run run = runs.own(Routes.principal(ctx).tenant(), body.path("run").textValue());
        if (run.document().isEnded()) {
            throw new ApiException(ErrorType.CONFLICT, "the canary run has ended");
        }
        return new SamplePoints(run, config(run).metrics(), clock.instant()).read(points);
    }

    private CanaryConfig config(Run run) {
        CanaryConfig config = configs.read(run.document().config(), List.of()).config();
        if (config == null) {
            throw new IllegalStateException("the config of run " + run.id() + " was valid and is no longer");
        }
        return config;
    }

    private void append(Context ctx, List<SampleBatch> batches) {
        Map<String, byte[]> records = new LinkedHashMap<>();
        for (SampleBatch batch : batches) {
            byte[] record = Json.bytes(batch);
            if (record.length > MAX_RECORD_BYTES) {
                throw new ApiException(
                        ErrorType.TOO_LARGE,
                        "the samples of one metric are too much for a record; send several requests");
            }
            records.put(batch.key(), record);
        }
        var appended = new ArrayList<CompletableFuture<?>>();
        records.forEach((key, record) -> appended.add(samples.append(key, Map.of(), record)));
        int accepted = batches.stream().mapToInt(batch -> batch.points().size()).sum();
        CompletableFuture<Void> all = CompletableFuture.allOf(appended.toArray(CompletableFuture[]::new))
                .thenRun(() -> {
                    registry.counter("sluice.receive.samples").increment(accepted);
                    Requests.answer(ctx, ACCEPTED, new Accepted(accepted));
                });
        ctx.future(() -> all);
    }

    /** How many points stand in the log. */
    record Accepted(int accepted) {}
}
