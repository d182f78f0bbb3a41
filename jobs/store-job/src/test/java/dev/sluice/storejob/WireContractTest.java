package dev.sluice.storejob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.store.RowMapper;
import dev.sluice.store.StoredRow;
import dev.sluice.store.Table;
import dev.sluice.store.TopicRecord;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Progress;
import dev.sluice.wire.RawDelivery;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** The store reads what the other modules write by names of its own: here both sides meet. */
class WireContractTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void headersHaveOneName() {
        assertThat(RowMapper.HEARTBEAT_HEADER).isEqualTo(RecordHeaders.HEARTBEAT);
        assertThat(RowMapper.GENERATION_HEADER).isEqualTo(RecordHeaders.GENERATION);
    }

    @Test
    void everyTopicIsReadByOneSource_orLeftAloneByName() {
        assertThat(Stream.of(StoreJob.WITH_HEARTBEATS, StoreJob.WITHOUT_HEARTBEATS, StoreJob.NOT_READ)
                        .flatMap(List::stream))
                .containsExactlyInAnyOrder(Topic.values());
        assertThat(StoreJob.NOT_READ).containsExactly(Topic.CONTROL, Topic.SAMPLES, Topic.VERDICTS);
    }

    @Test
    void everyRowOfTheOtherModulesIsUnderstood() {
        assertTables(Topic.FACTS, Keys.of("default", "deployment", "checkout"), WireRows.deployment("d1"))
                .containsExactly(Table.DEPLOYMENTS);
        assertTables(Topic.FACTS, Keys.of("default", "change", "checkout"), WireRows.change("a", Duration.ofHours(1)))
                .containsExactly(Table.CHANGES);
        assertTables(Topic.FACTS, Keys.of("default", "incident", "checkout"), WireRows.incident("i1"))
                .containsExactly(Table.INCIDENTS);
        assertTables(Topic.FACTS, Keys.of("default", "incident", "checkout"), WireRows.deletedIncident("i1"))
                .containsExactly(Table.INCIDENTS);
        assertTables(
                        Topic.FACTS,
                        Keys.of("default", "pull_request", "checkout"),
                        WireRows.pullRequest("7", Duration.ofHours(1)))
                .containsExactly(Table.PULL_REQUESTS);
        assertTables(Topic.FACTS, Keys.of("default", "drift", "checkout"), WireRows.driftEpisode("vpc"))
                .containsExactly(Table.DRIFT_EPISODES);
        assertTables(Topic.FACTS, Keys.of("default", "shift", "checkout"), WireRows.shift("change_fail_rate"))
                .containsExactly(Table.SHIFTS);
        assertTables(Topic.FACTS, Keys.of("default", "service", "checkout"), WireRows.serviceSettings("UTC"))
                .containsExactly(Table.SERVICE_SETTINGS);
        assertTables(Topic.FACTS, Keys.of("default", "assignment", "checkout"), WireRows.assignment("payments"))
                .containsExactly(Table.ASSIGNMENTS);
        assertTables(Topic.DORA, "k", WireRows.dora())
                .containsExactly(Table.DORA_WINDOWS, Table.DORA_WINDOWS, Table.DORA_WINDOWS);
        assertTables(Topic.PERIODS, "k", WireRows.quarter(3)).containsExactly(Table.PERIODS);
        assertTables(Topic.CURRENT, "k", WireRows.current("v1")).containsExactly(Table.CURRENT);
        assertTables(Topic.DEAD_LETTERS, "k", WireRows.deadLetter("d-0-1", AT)).containsExactly(Table.DEAD_LETTERS);
        assertTables(Topic.PROGRESS, "k", new Progress("dora", 1, AT, 17)).containsExactly(Table.JOB_PROGRESS);
        assertThat(tables(Topic.EVENTS, "k", EventCodec.encode(WireRows.commit("d-0-1", AT)), Map.of()))
                .containsExactly(Table.EVENTS);
        assertThat(tables(Topic.DECISIONS, "k", WireRows.decision("q1"), Map.of()))
                .containsExactly(Table.DECISIONS);
        assertThat(tables(Topic.DECISIONS, "k", WireRows.change("sale"), Map.of()))
                .containsExactly(Table.CONTROL_CHANGES);
        assertThat(tables(Topic.DECISIONS, "k", WireRows.claim("q1"), Map.of())).containsExactly(Table.CLAIMS);
        assertTables(Topic.EVIDENCE, "k", WireRows.canaryEvidence())
                .containsExactly(Table.CANARY_RUNS, Table.CANARY_EVIDENCE);
        assertTables(Topic.ROLLBACKS, "k", WireRows.rollback()).containsExactly(Table.ROLLBACKS);
        assertTables(Topic.ROLLBACKS, "k", WireRows.noRollback()).isEmpty();
        assertTables(Topic.ATTEMPTS, "k", WireRows.attempt()).containsExactly(Table.ROLLBACK_ATTEMPTS);
        RawDelivery delivery = WireRows.delivery("k1");
        assertThat(tables(Topic.RAW, delivery.key(), delivery.body(), delivery.headers()))
                .containsExactly(Table.DELIVERIES);
    }

    private static ListAssert<Table> assertTables(Topic topic, String key, Object row) {
        return assertThat(tables(topic, key, Json.bytes(row), Map.of()));
    }

    private static List<Table> tables(Topic topic, String key, byte[] value, Map<String, String> headers) {
        List<StoredRow> rows = RowMapper.rows(new TopicRecord(topic.topicName(), 0, 1, AT, key, headers, value));
        assertThat(rows).as(topic + ": " + rows).noneMatch(row -> row.table() == Table.UNREADABLE);
        return rows.stream().map(StoredRow::table).toList();
    }
}
