package dev.sluice.store;

import dev.sluice.store.StoredDelivery.Correction;
import dev.sluice.store.StoredDelivery.DerivedEvent;
import dev.sluice.store.StoredDelivery.Outcome;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads deliveries and what became of them. */
public final class DeliveryReader {
    private static final String RAW_TOPIC = "sluice.raw.v1";
    private static final String RECEIVED_AT = "received_at = toDateTime64(?, 3, 'UTC')";

    /** With the note that stands beside a correction's event; its texts are empty where there is none. */
    private static final String EVENTS = """
            SELECT
                id, type, subject, occurred_at,
                JSONExtractString(body, 'data', 'customData', 'sluice', 'correction', 'principal') AS corrected_by,
                JSONExtractString(body, 'data', 'customData', 'sluice', 'correction', 'reason') AS correction_reason,
                JSONExtractString(body, 'data', 'customData', 'sluice', 'correction', 'ticket') AS correction_ticket
            FROM sluice.events FINAL""";

    private final Queries queries;

    DeliveryReader(Queries queries) {
        this.queries = queries;
    }

    /**
     * Looks a delivery up by its place in the raw topic.
     *
     * @param tenant whose; another tenant's delivery is unknown
     * @param partition partition of the raw topic
     * @param offset offset in the partition
     * @param receivedAt when it was received; null for the one that was received last, where a new Kafka has begun again
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public DeliveryLookup find(String tenant, int partition, long offset, @Nullable Instant receivedAt) {
        // read first: a delivery that is stored between the two queries is then "not yet", never "unknown"
        long nextOffset = nextOffset(partition);
        TenantQuery query = TenantQuery.of(
                        "SELECT id, tenant, source, connection, event, principal, received_at"
                                + " FROM sluice.deliveries FINAL",
                        tenant)
                .and("partition = ?", partition)
                .and("offset = ?", offset);
        if (receivedAt != null) {
            query.and(RECEIVED_AT, ColumnKind.column(receivedAt));
        }
        List<Delivery> deliveries = query.rows(queries, "ORDER BY received_at DESC LIMIT 1", Delivery::of);
        if (deliveries.isEmpty()) {
            // what a Kafka of before has stored tells nothing of a certain delivery
            return receivedAt == null && offset < nextOffset
                    ? new DeliveryLookup.Unknown()
                    : new DeliveryLookup.NotStoredYet();
        }
        return new DeliveryLookup.Found(withOutcome(deliveries.get(0)));
    }

    private long nextOffset(int partition) {
        return queries
                .rows(
                        "SELECT next_offset FROM dash.stored_offsets WHERE topic = ? AND partition = ?",
                        List.of(RAW_TOPIC, partition),
                        row -> row.get("next_offset", Long.class))
                .stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    private StoredDelivery withOutcome(Delivery delivery) {
        List<DerivedEvent> events = TenantQuery.of(EVENTS, delivery.tenant())
                .and("delivery = ?", delivery.id())
                .and(RECEIVED_AT, ColumnKind.column(delivery.receivedAt()))
                .rows(queries, "ORDER BY occurred_at, id", DeliveryReader::event);
        if (!events.isEmpty()) {
            return delivery.with(Outcome.EVENTS, events, null);
        }
        List<Letter> letters = TenantQuery.of(
                        "SELECT disposition, reason, detail, pointer FROM sluice.dead_letters FINAL", delivery.tenant())
                .and("delivery = ?", delivery.id())
                .and(RECEIVED_AT, ColumnKind.column(delivery.receivedAt()))
                .rows(queries, "LIMIT 1", Letter::of);
        if (letters.isEmpty()) {
            return delivery.with(Outcome.PENDING, events, null);
        }
        Letter letter = letters.get(0);
        return delivery.with(letter.outcome(), events, letter);
    }

    private static DerivedEvent event(Row row) throws SQLException {
        return new DerivedEvent(
                row.get("id", String.class),
                row.get("type", String.class),
                row.get("subject", String.class),
                row.get("occurred_at", Instant.class),
                correction(row));
    }

    private static @Nullable Correction correction(Row row) throws SQLException {
        String principal = row.get("corrected_by", String.class);
        String ticket = row.get("correction_ticket", String.class);
        return principal.isEmpty()
                ? null
                : new Correction(
                        principal, row.get("correction_reason", String.class), ticket.isEmpty() ? null : ticket);
    }

    private record Delivery(
            String id,
            String tenant,
            String source,
            String connection,
            String event,
            String principal,
            Instant receivedAt) {
        static Delivery of(Row row) throws SQLException {
            return new Delivery(
                    row.get("id", String.class),
                    row.get("tenant", String.class),
                    row.get("source", String.class),
                    row.get("connection", String.class),
                    row.get("event", String.class),
                    row.get("principal", String.class),
                    row.get("received_at", Instant.class));
        }

        StoredDelivery with(Outcome outcome, List<DerivedEvent> events, @Nullable Letter letter) {
            return new StoredDelivery(
                    id,
                    tenant,
                    source,
                    connection,
                    event,
                    principal,
                    receivedAt,
                    outcome,
                    events,
                    letter == null ? null : letter.reason(),
                    letter == null ? null : letter.detail(),
                    letter == null ? null : letter.pointer());
        }
    }

    private record Letter(
            Outcome outcome,
            String reason,
            String detail,
            @Nullable String pointer) {
        static Letter of(Row row) throws SQLException {
            return new Letter(
                    Outcome.valueOf(row.get("disposition", String.class)),
                    row.get("reason", String.class),
                    row.get("detail", String.class),
                    row.orNull("pointer", String.class));
        }
    }
}
