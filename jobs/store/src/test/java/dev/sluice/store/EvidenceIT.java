package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.store.EvidenceReader.Question;
import dev.sluice.store.EvidenceReader.Standing;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What numbers are made of, as it stood at a time. */
class EvidenceIT {
    private static final Instant NOON = Instant.parse("2024-02-10T12:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2024-02-10");
    private static final Standing AT_NOON = standing(NOON);
    private static final Standing LATEST = standing(Instant.parse("2199-12-31T00:00:00Z"));
    private static final String NO_PLACE = "";
    /** As many commits as no query can name: 256 KiB are the longest. */
    private static final int MANY = 7_000;

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
        for (String table : List.of("events", "changes_history", "drift_episodes_history")) {
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

    @Test
    void eventsSinceAreThoseOfTheEvidence_howeverMuchOfItThereIs() {
        String last = "%040x".formatted(MANY);
        List<byte[]> changes = IntStream.rangeClosed(1, MANY)
                .mapToObj(i -> Records.change("%040x".formatted(i), NOON.minusSeconds(MANY - i), i))
                .flatMap(change -> RowMapper.rows(Records.fact("change", ++offset, change)).stream())
                .map(StoredRow::json)
                .toList();
        assertThat(store.insert(Table.CHANGES, changes)).isEmpty();
        received("before", last, NO_PLACE, NOON.minusMillis(1));
        received("commit", last, NO_PLACE, NOON);
        received("deployment", "d1", NO_PLACE, NOON.plusMillis(1));
        received("of-the-service", "x", "\"service\":\"checkout\"", NOON.plusMillis(2));
        received("of-the-repository", "y", "\"repository\":\"shop\"", NOON.plusMillis(3));
        received("of-another", "z", "\"service\":\"search\",\"repository\":\"find\"", NOON.plusMillis(4));
        received("of-nothing", "", NO_PLACE, NOON.plusMillis(4));
        received("after", last, NO_PLACE, NOON.plusSeconds(60).plusMillis(1));
        Standing aMinuteLater = standing(NOON.plusSeconds(60));

        assertThat(store.evidence().evidence(leadTimes(aMinuteLater))).isEmpty();
        assertThat(store.evidence().evidence(leadTimes(LATEST))).hasSize(MANY);
        assertThat(store.evidence()
                        .eventsSince(aMinuteLater, NOON, List.of(leadTimes(aMinuteLater), leadTimes(LATEST))))
                .extracting(SubjectEvent::id)
                .containsExactly("commit", "deployment", "of-the-service", "of-the-repository");
        assertThat(store.evidence().eventsSince(aMinuteLater, NOON, List.of(leadTimes(aMinuteLater))))
                .as("without evidence")
                .extracting(SubjectEvent::id)
                .containsExactly("of-the-service");
    }

    @Test
    void episodesOfDriftAreThoseThatWentOnInTheRange_byTheDaysOfTheService() {
        // the day begins at 23:00 UTC
        drifted("over", "2024-02-08T10:00:00Z", "2024-02-09T22:59:59.999Z");
        drifted("reaches-its-beginning", "2024-02-08T10:00:00Z", "2024-02-09T23:00:00Z");
        drifted("reaches-in", "2024-01-01T10:00:00Z", "2024-02-10T05:00:00Z");
        drifted("goes-on", "2024-01-01T10:00:00Z", null);
        drifted("all-of-it", "2024-02-09T23:00:00Z", "2024-02-10T23:00:00Z");
        drifted("opens-at-its-end", "2024-02-10T22:59:59.999Z", "2024-03-10T10:00:00Z");
        drifted("not-yet", "2024-02-10T23:00:00Z", "2024-02-11T10:00:00Z");

        assertThat(store.evidence()
                        .evidence(new Question(LATEST, "configuration_drift", ZoneId.of("Europe/Berlin"), DAY, DAY)))
                .extracting(Evidence::subject, Evidence::day, Evidence::reasons)
                .containsExactlyInAnyOrder(
                        tuple("reaches-its-beginning", LocalDate.parse("2024-02-08"), List.of("RECONCILED")),
                        tuple("reaches-in", LocalDate.parse("2024-01-01"), List.of("RECONCILED")),
                        tuple("goes-on", LocalDate.parse("2024-01-01"), List.of("OPEN")),
                        tuple("all-of-it", DAY, List.of("RECONCILED")),
                        tuple("opens-at-its-end", DAY, List.of("RECONCILED")));
    }

    private void drifted(String resource, String openedAt, @Nullable String closedAt) {
        insert(Records.fact(
                "drift",
                ++offset,
                Records.driftEpisode(resource, Instant.parse(openedAt)).put("closed_at", closedAt)));
    }

    private static Question leadTimes(Standing standing) {
        return new Question(standing, "change_lead_time", ZoneOffset.UTC, DAY, DAY);
    }

    private static Standing standing(Instant asOf) {
        return new Standing("default", "checkout", "production", asOf);
    }

    private void received(String id, String delivery, Instant at) {
        insert(Records.record(
                "sluice.events.v1", ++offset, Records.event(id, delivery).put("sluicereceivedat", at.toString())));
    }

    /** An event of a subject that names a place. */
    private void received(String id, String subject, String place, Instant at) {
        ObjectNode event = Records.event(id, id).put("subject", subject).put("sluicereceivedat", at.toString());
        ((ObjectNode) event.at("/data/subject")).set("content", Records.object("{" + place + "}"));
        insert(Records.record("sluice.events.v1", ++offset, event));
    }

    private void insert(TopicRecord record) {
        for (StoredRow row : RowMapper.rows(record)) {
            assertThat(store.insert(row.table(), List.of(row.json()))).isEmpty();
        }
    }
}
