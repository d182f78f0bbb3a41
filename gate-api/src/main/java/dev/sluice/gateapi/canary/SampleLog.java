package dev.sluice.gateapi.canary;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Appends points of canary runs, and of configs that learn between them, to the samples topic. */
final class SampleLog {
    /** What a record may have beside its value. */
    private static final int RECORD_OVERHEAD = 16 << 10;

    private static final int MAX_RECORD_BYTES = LogAppender.Limits.DEFAULT.recordBytes() - RECORD_OVERHEAD;

    private static final int WINDOW_BYTES = 2 << 20;

    private final LogAppender samples;

    SampleLog(LogAppender samples) {
        this.samples = samples;
    }

    /** A record. */
    record Entry(String key, byte[] value) {}

    /**
     * Appends batches, one that is too large for a record in several. A point that a config learns from is left out where it is too large:
     * that is no reason to refuse runs theirs.
     *
     * @return done when all of them stand in the log
     * @throws ApiException 413 if a single point of a run is too large; then nothing was appended
     */
    CompletableFuture<Void> append(List<SampleBatch> batches) {
        return append(entries(batches), 0);
    }

    /** Returns the records of batches. */
    static List<Entry> entries(List<SampleBatch> batches) {
        List<Entry> entries = new ArrayList<>();
        batches.forEach(batch -> add(batch, entries));
        return entries;
    }

    /** Appends what fits into a window, and the next when that stands in the log: one push must not take all the room there is. */
    private CompletableFuture<Void> append(List<Entry> entries, int from) {
        int to = from;
        long bytes = 0;
        while (to < entries.size() && (to == from || bytes + entries.get(to).value().length <= WINDOW_BYTES)) {
            bytes += entries.get(to).value().length;
            to++;
        }
        int end = to;
        CompletableFuture<Void> window = CompletableFuture.allOf(entries.subList(from, end).stream()
                .map(entry -> samples.append(entry.key(), Map.of(), entry.value()))
                .toArray(CompletableFuture[]::new));
        return end == entries.size() ? window : window.thenCompose(done -> append(entries, end));
    }

    private static void add(SampleBatch batch, List<Entry> entries) {
        byte[] value = Json.bytes(batch);
        if (value.length <= MAX_RECORD_BYTES) {
            entries.add(new Entry(batch.key(), value));
            return;
        }
        int half = batch.points().size() / 2;
        String tooLarge = "a point of " + batch.metric() + " is too large for a record";
        if (half == 0 && batch.learned() == null) {
            throw new ApiException(ErrorType.TOO_LARGE, tooLarge);
        }
        if (half == 0) {
            SampleBatch doubt = batch.inDoubt(tooLarge);
            entries.add(new Entry(doubt.key(), Json.bytes(doubt)));
            return;
        }
        add(batch.withPoints(batch.points().subList(0, half)), entries);
        add(batch.withPoints(batch.points().subList(half, batch.points().size())), entries);
    }
}
