package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.store.EvidenceReader.Standing;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What numbers are made of, as it stood at a time. */
class EvidenceIT {
    private static final Instant NOON = Instant.parse("2024-02-10T12:00:00Z");
    private static final Standing AT_NOON = standing(NOON);

    @TempDir
    private static Path directory;

    private static ClickHouseServer server;
    private static Probe probe;
    private static Store store;

    private long offset;

    @BeforeAll
    static void start() {
        server = ClickHouseServer.start(ClickHouseConfig.in(directory));
        probe = new Probe(server.httpUrl());
        store = Store.of(ClickHouseSettings.at(server.httpUrl()));
        store.migrate();
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        for (String table : List.of("events", "changes_history")) {
            probe.execute("TRUNCATE TABLE sluice." + table);
        }
    }

    @Test
    void eventsAreThoseThatHadBeenReceived_asTheNewestDeliveryOfThenSaidThem() {
        received("e1", "first", NOON.minusMillis(1));
        received("e2", "at-noon", NOON);
        received("e1", "again", NOON.plusMillis(1));
        received("e3", "later", NOON.plusMillis(1));

        assertThat(store.evidence().events(AT_NOON, List.of("abc")))
                .extracting(SubjectEvent::id, SubjectEvent::delivery)
                .containsExactly(tuple("e1", "first"), tuple("e2", "at-noon"));
        assertThat(store.evidence().events(standing(NOON.plusMillis(1)), List.of("abc")))
                .extracting(SubjectEvent::id, SubjectEvent::delivery)
                .containsExactly(tuple("e1", "again"), tuple("e2", "at-noon"), tuple("e3", "later"));
        assertThat(store.evidence().events(AT_NOON, List.of("def", "it's"))).isEmpty();
    }

    private static Standing standing(Instant asOf) {
        return new Standing("default", "checkout", "production", asOf);
    }

    /** An event of the subject abc. */
    private void received(String id, String delivery, Instant at) {
        insert(Records.record(
                "sluice.events.v1", ++offset, Records.event(id, delivery).put("sluicereceivedat", at.toString())));
    }

    private void insert(TopicRecord record) {
        for (StoredRow row : RowMapper.rows(record)) {
            assertThat(store.insert(row.table(), List.of(row.json()))).isEmpty();
        }
    }
}
