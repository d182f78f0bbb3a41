package dev.sluice.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The archive of normalised events: all that the rows of metrics and facts are made of. */
public final class EventArchive {
    private static final int PAGE = 5_000;

    private final Queries queries;
    private final Writes writes;

    EventArchive(Queries queries, Writes writes) {
        this.queries = queries;
        this.writes = writes;
    }

    /**
     * Hands over each event, as it stands in the topic of events.
     *
     * @param events receives the events, in no particular order
     * @return how many there were
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public long forEach(Consumer<byte[]> events) {
        long count = 0;
        List<Archived> page = page(new Archived("", "", "", new byte[0]));
        while (!page.isEmpty()) {
            page.forEach(event -> events.accept(event.body()));
            count += page.size();
            page = page(page.get(page.size() - 1));
        }
        return count;
    }

    /**
     * Returns the first offset that is not archived yet, by partition of the topic of events; none of a partition of which
     * nothing is.
     *
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public Map<Integer, Long> nextOffsets() {
        return queries
                .rows(
                        "SELECT toInt32(partition) AS number, next_offset FROM sluice.store_offsets FINAL WHERE topic = ?",
                        List.of("sluice.events.v1"),
                        row -> Map.entry(row.get("number", Integer.class), row.get("next_offset", Long.class)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Empties the tables that jobs fill from events, and forgets how far they had come. Histories, deliveries, events,
     * decisions and dead letters stay.
     *
     * @throws StoreUnavailableException if ClickHouse is away; some tables may be empty then
     */
    public void emptyRows() {
        for (Table table : Table.MADE_FROM_EVENTS) {
            writes.execute("TRUNCATE TABLE " + table.qualifiedName());
        }
    }

    private List<Archived> page(Archived after) {
        var parameters = new ArrayList<Object>(List.of(after.tenant(), after.delivery(), after.id()));
        return queries.rows(
                "SELECT tenant, delivery, id, body FROM sluice.events FINAL WHERE (tenant, delivery, id) > (?, ?, ?)"
                        + " ORDER BY tenant, delivery, id LIMIT " + PAGE,
                parameters,
                row -> new Archived(
                        row.get("tenant", String.class),
                        row.get("delivery", String.class),
                        row.get("id", String.class),
                        row.get("body", String.class).getBytes(StandardCharsets.UTF_8)));
    }

    private record Archived(String tenant, String delivery, String id, byte[] body) {}
}
