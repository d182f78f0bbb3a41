package dev.sluice.gateapi.report;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.kafka.LogReader;
import dev.sluice.store.DeliveryLookup;
import dev.sluice.store.StoredDelivery;
import dev.sluice.wire.RawDelivery;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What became of a delivery. */
public final class Deliveries {
    private static final Pattern ID = Pattern.compile("d-(0|[1-9]\\d{0,4})-(0|[1-9]\\d{0,17})");
    private static final int OK = 200;

    private final StoreQueries store;
    private final LogReader log;

    /**
     * Creates the report.
     *
     * @param store knows what became of deliveries
     * @param log knows those that the store has not come to yet
     */
    public Deliveries(StoreQueries store, LogReader log) {
        this.store = store;
        this.log = log;
    }

    /** Handles {@code GET /v1/deliveries/{id}}. */
    public void read(Context ctx) {
        Matcher id = ID.matcher(ctx.pathParam("id"));
        if (!id.matches()) {
            throw unknown();
        }
        int partition = Integer.parseInt(id.group(1));
        long offset = Long.parseLong(id.group(2));
        String tenant = Routes.principal(ctx).tenant();
        @Nullable Instant receivedAt = DoraQuery.moment(ctx, "received_at").orElse(null);
        CompletableFuture<Void> answered = store.<DeliveryLookup>ask(
                        stored -> stored.deliveries().find(tenant, partition, offset, receivedAt))
                .thenCompose(lookup -> lookup.<CompletableFuture<Status>>fold(
                        found -> CompletableFuture.completedFuture(Status.of(found)),
                        () -> pending(tenant, partition, offset, receivedAt),
                        () -> CompletableFuture.failedFuture(unknown())))
                .thenAccept(status -> Requests.answer(ctx, OK, status));
        ctx.future(() -> answered);
    }

    /** The store has not come so far: the log itself says whether there is such a delivery, and whose it is. */
    private CompletableFuture<Status> pending(String tenant, int partition, long offset, @Nullable Instant receivedAt) {
        return log.at(Topic.RAW.topicName(), partition, offset)
                .thenApply(found -> found.filter(
                                record -> receivedAt == null || record.timestamp() == receivedAt.toEpochMilli())
                        .flatMap(Deliveries::delivery)
                        .filter(delivery -> delivery.tenant().equals(tenant))
                        .map(delivery -> Status.pending(
                                RawDelivery.deliveryId(partition, offset),
                                delivery,
                                Instant.ofEpochMilli(found.get().timestamp())))
                        .orElseThrow(Deliveries::unknown));
    }

    private static Optional<RawDelivery> delivery(ConsumerRecord<String, byte[]> found) {
        if (header(found, RecordHeaders.HEARTBEAT) != null) {
            return Optional.empty();
        }
        return Optional.of(RawDelivery.of(name -> header(found, name), found.value()));
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> found, String name) {
        var header = found.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static ApiException unknown() {
        return new ApiException(ErrorType.NOT_FOUND, "there is no such delivery");
    }

    /**
     * A delivery's fate.
     *
     * @param id its public id
     * @param status pending, events, dead_letter, ignored or duplicate
     * @param source the adapter
     * @param connection the connection that it came in by
     * @param event the sender's name for the kind of event
     * @param principal who sent it, by the credential that it came with
     * @param receivedAt when it was appended
     * @param events what it gave
     * @param reason why it gave nothing: a stable code
     * @param detail the same in a sentence
     * @param pointer JSON pointer to what is wrong
     */
    record Status(
            String id,
            String status,
            String source,
            String connection,
            String event,
            String principal,
            Instant receivedAt,
            List<StoredDelivery.DerivedEvent> events,
            @Nullable String reason,
            @Nullable String detail,
            @Nullable String pointer) {
        static Status of(StoredDelivery stored) {
            return new Status(
                    stored.id(),
                    stored.outcome().name().toLowerCase(Locale.ROOT),
                    stored.source(),
                    stored.connection(),
                    stored.event(),
                    stored.principal(),
                    stored.receivedAt(),
                    stored.events(),
                    stored.reason(),
                    stored.detail(),
                    stored.pointer());
        }

        static Status pending(String id, RawDelivery delivery, Instant receivedAt) {
            return new Status(
                    id,
                    "pending",
                    delivery.source(),
                    delivery.connection(),
                    delivery.event(),
                    delivery.principal(),
                    receivedAt,
                    List.of(),
                    null,
                    null,
                    null);
        }
    }
}
