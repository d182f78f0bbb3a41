package dev.sluice.gateapi.receive;

import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.wire.RawDelivery;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Appends deliveries to the raw topic and, when all are there, tells the sender where. */
public final class Receipts {
    private static final int ACCEPTED = 202;

    private final LogAppender raw;
    private final MeterRegistry registry;

    /**
     * Creates receipts.
     *
     * @param raw appends to the raw topic
     * @param registry counts deliveries
     */
    public Receipts(LogAppender raw, MeterRegistry registry) {
        this.raw = raw;
        this.registry = registry;
    }

    /** Appends the deliveries and answers 202 when all of them are acknowledged. */
    void accept(Context ctx, List<Incoming> incoming) {
        accept(ctx, incoming, () -> {});
    }

    /**
     * The same.
     *
     * @param ended run when the deliveries are acknowledged or given up; not if this method throws
     */
    void accept(Context ctx, List<Incoming> incoming, Runnable ended) {
        var appended = new ArrayList<CompletableFuture<RecordMetadata>>();
        for (Incoming one : incoming) {
            RawDelivery delivery = one.delivery();
            var headers = new LinkedHashMap<>(delivery.headers());
            headers.putAll(one.headers());
            appended.add(raw.append(delivery.key(), headers, delivery.body()));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(appended.toArray(CompletableFuture[]::new))
                .thenRun(() -> {
                    List<Receipt> receipts = new ArrayList<>();
                    for (int i = 0; i < incoming.size(); i++) {
                        receipts.add(receipt(incoming.get(i), appended.get(i).join()));
                    }
                    count(incoming);
                    Requests.answer(ctx, ACCEPTED, Accepted.of(receipts));
                })
                .whenComplete((done, failure) -> ended.run());
        ctx.future(() -> all);
    }

    private static Receipt receipt(Incoming incoming, RecordMetadata place) {
        String id = RawDelivery.deliveryId(place.partition(), place.offset());
        Instant receivedAt = Instant.ofEpochMilli(place.timestamp());
        return new Receipt(id, "/v1/deliveries/" + id + "?received_at=" + receivedAt, incoming.eventId(), receivedAt);
    }

    private void count(List<Incoming> incoming) {
        for (Incoming one : incoming) {
            registry.counter(
                            "sluice.receive.deliveries",
                            "source",
                            one.delivery().source())
                    .increment();
        }
    }

    /** Counts something that was not taken. */
    void rejected(String reason) {
        registry.counter("sluice.receive.rejected", "reason", reason).increment();
    }

    /**
     * A delivery that is about to be appended.
     *
     * @param delivery the delivery
     * @param eventId the sender's own id
     * @param headers what it carries in the log beside its own headers
     */
    record Incoming(RawDelivery delivery, String eventId, Map<String, String> headers) {
        Incoming(RawDelivery delivery, String eventId) {
            this(delivery, eventId, Map.of());
        }
    }

    /**
     * Where a delivery stands.
     *
     * @param id its public id
     * @param statusUrl where to ask what became of it
     * @param eventId the sender's own id
     * @param receivedAt when it was appended
     */
    record Receipt(String id, String statusUrl, String eventId, Instant receivedAt) {}

    /** All receipts of a request, and the time of the latest. */
    record Accepted(List<Receipt> deliveries, Instant receivedAt) {
        static Accepted of(List<Receipt> receipts) {
            return new Accepted(
                    receipts,
                    receipts.stream()
                            .map(Receipt::receivedAt)
                            .max(Comparator.naturalOrder())
                            .orElseThrow());
        }
    }
}
