package dev.sluice.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.store.StoredDelivery.DerivedEvent;
import dev.sluice.store.StoredDelivery.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads deliveries and what became of them. */
public final class DeliveryReader {
    private static final String RAW_TOPIC = "sluice.raw.v1";

    private final Database database;

    DeliveryReader(Database database) {
        this.database = database;
    }

    /**
     * Looks a delivery up by its place in the raw topic.
     *
     * @param tenant whose; another tenant's delivery is unknown
     * @param partition partition of the raw topic
     * @param offset offset in the partition
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public DeliveryLookup find(String tenant, int partition, long offset) {
        // read first: a delivery that is stored between the two queries is then "not yet", never "unknown"
        long nextOffset = nextOffset(partition);
        List<JsonNode> deliveries = TenantQuery.of(
                        "SELECT id, tenant, source, connection, event, received_at FROM sluice.deliveries FINAL",
                        tenant)
                .and("partition = {partition:UInt16}", "partition", partition)
                .and("offset = {offset:UInt64}", "offset", offset)
                .rows(database, "ORDER BY received_at DESC LIMIT 1");
        if (deliveries.isEmpty()) {
            return offset < nextOffset ? new DeliveryLookup.Unknown() : new DeliveryLookup.NotStoredYet();
        }
        return new DeliveryLookup.Found(withOutcome(deliveries.get(0)));
    }

    private long nextOffset(int partition) {
        return database
                .query(
                        "SELECT next_offset FROM dash.stored_offsets"
                                + " WHERE topic = {topic:String} AND partition = {partition:UInt16}",
                        Map.of("topic", RAW_TOPIC, "partition", partition))
                .stream()
                .mapToLong(row -> row.path("next_offset").longValue())
                .max()
                .orElse(0);
    }

    private StoredDelivery withOutcome(JsonNode delivery) {
        String tenant = delivery.path("tenant").textValue();
        String id = delivery.path("id").textValue();
        List<DerivedEvent> events = TenantQuery.of(
                        "SELECT id, type, subject, occurred_at FROM sluice.events FINAL", tenant)
                .and("delivery = {delivery:String}", "delivery", id)
                .rows(database, "ORDER BY occurred_at, id")
                .stream()
                .map(DeliveryReader::event)
                .toList();
        if (!events.isEmpty()) {
            return delivery(delivery, Outcome.EVENTS, events, null);
        }
        List<JsonNode> letters = TenantQuery.of(
                        "SELECT disposition, reason, detail, pointer FROM sluice.dead_letters FINAL", tenant)
                .and("delivery = {delivery:String}", "delivery", id)
                .rows(database, "LIMIT 1");
        if (letters.isEmpty()) {
            return delivery(delivery, Outcome.PENDING, events, null);
        }
        JsonNode letter = letters.get(0);
        return delivery(delivery, Outcome.valueOf(letter.path("disposition").textValue()), events, letter);
    }

    private static StoredDelivery delivery(
            JsonNode row, Outcome outcome, List<DerivedEvent> events, @Nullable JsonNode letter) {
        return new StoredDelivery(
                row.path("id").textValue(),
                row.path("tenant").textValue(),
                row.path("source").textValue(),
                row.path("connection").textValue(),
                row.path("event").textValue(),
                Instant.parse(row.path("received_at").textValue()),
                outcome,
                events,
                letter == null ? null : letter.path("reason").textValue(),
                letter == null ? null : letter.path("detail").textValue(),
                letter == null ? null : letter.path("pointer").textValue());
    }

    private static DerivedEvent event(JsonNode row) {
        return new DerivedEvent(
                row.path("id").textValue(),
                row.path("type").textValue(),
                row.path("subject").textValue(),
                Instant.parse(row.path("occurred_at").textValue()));
    }
}
