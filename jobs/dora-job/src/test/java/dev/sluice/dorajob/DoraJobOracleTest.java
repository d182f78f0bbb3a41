package dev.sluice.dorajob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.ServiceDescribed;
import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DeploymentFact;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.DriftEpisodeFact;
import dev.sluice.dora.IncidentFact;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.dora.PullRequestFact;
import dev.sluice.dorajob.state.EventInput;
import dev.sluice.simulation.BatchOracle;
import dev.sluice.simulation.DriftOracle;
import dev.sluice.simulation.History;
import dev.sluice.simulation.HistoryGenerator;
import dev.sluice.simulation.OracleComparison;
import dev.sluice.simulation.PullRequestChecks;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sixty generated histories, each a tenant, through the three stages on a Flink cluster at parallelism 4. */
@SuppressWarnings("try") // Flink's iterator declares Exception on close
class DoraJobOracleTest {
    private static final long SEEDS = 60;
    private static final long SHUFFLE_SEED = 20_251_122;
    private static final Instant AS_OF = Instant.parse("2025-06-15T13:37:00Z");

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(4)
            .build());

    @Test
    void everyHistoryAgreesWithTheOracle() throws Exception {
        List<History> histories =
                LongStream.rangeClosed(1, SEEDS).mapToObj(HistoryGenerator::of).toList();
        Map<String, byte[]> rows = run(histories.stream()
                .flatMap(history -> history.delivered(history.seed()).stream())
                .toList());

        for (History history : histories) {
            var oracle = new BatchOracle(history.events(), AS_OF);
            for (BatchOracle.Place place : oracle.places()) {
                assertAgrees(history.tenant(), place, oracle, rows);
            }
            var drift = new DriftOracle(history.events());
            for (BatchOracle.Place place : drift.places()) {
                assertDriftAgrees(history.tenant(), place, drift, rows);
            }
        }
    }

    @Test
    void whatIsSetForAService_reachesItsSeries() throws Exception {
        History history = HistoryGenerator.of(1);
        String service = new BatchOracle(history.events(), AS_OF)
                .places()
                .iterator()
                .next()
                .service();
        Instant at = AS_OF.minus(Duration.ofDays(200));
        List<DeliveryEvent> events = new ArrayList<>(history.delivered(1));
        events.add(new ServiceDescribed(
                new EventHeader("set", history.tenant(), "people", "d", at, at),
                service,
                ZoneId.of("Europe/Berlin"),
                null,
                0,
                false));
        Map<String, byte[]> rows = run(events);

        Map<String, String> zones = new TreeMap<>();
        rows.forEach((key, row) -> {
            if (key.startsWith(Topic.DORA.name())) {
                DoraRow dora = Json.read(row, DoraRow.class);
                zones.merge(dora.service(), dora.zone(), (one, other) -> one.equals(other) ? one : one + other);
            }
        });
        assertThat(zones).containsEntry(service, "Europe/Berlin").hasSizeGreaterThan(1);
        zones.remove(service);
        assertThat(zones.values()).as("of other services").containsOnly("Z");
        assertThat(rows).containsKey(Topic.FACTS + " " + Keys.of(history.tenant(), "service", service));
    }

    private static void assertAgrees(
            String tenant, BatchOracle.Place place, BatchOracle oracle, Map<String, byte[]> rows) {
        String key = Keys.of(tenant, place.service(), place.environment());
        String where = "seed in the tenant's name: " + key;
        DoraRow row = Json.read(Objects.requireNonNull(rows.get(Topic.DORA + " " + key), where), DoraRow.class);
        for (DoraRow.WindowMetrics window : row.windows()) {
            OracleComparison.assertSame(where, window.metrics(), oracle.window(place, window.days()));
        }
        oracle.periods(place).forEach((label, numbers) -> {
            int space = label.indexOf(' ');
            String kind = label.substring(0, space).toLowerCase(Locale.ROOT);
            String periodKey = Topic.PERIODS + " " + key + "/" + Keys.of(kind, label.substring(space + 1));
            PeriodRow period =
                    Json.read(Objects.requireNonNull(rows.get(periodKey), where + " " + label), PeriodRow.class);
            OracleComparison.assertSame(where + " " + label, period.metrics(), numbers);
        });
        String facts = Topic.FACTS + " " + Keys.of(tenant, "deployment", place.service(), place.environment()) + "/";
        List<String> lines = rows.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(facts))
                .map(entry -> Json.read(entry.getValue(), DeploymentFact.class))
                .filter(fact -> !fact.deleted())
                .map(OracleComparison::line)
                .sorted()
                .toList();
        assertThat(lines).as(where).isEqualTo(oracle.lines(place));
        String incidents = Topic.FACTS + " " + Keys.of(tenant, "incident", place.service(), place.environment()) + "/";
        assertThat(rows.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith(incidents))
                        .map(entry -> Json.read(entry.getValue(), IncidentFact.class))
                        .filter(fact -> !fact.deleted())
                        .map(OracleComparison::line)
                        .sorted()
                        .toList())
                .as(where)
                .isEqualTo(oracle.incidentLines(place));
        String pulls = Topic.FACTS + " " + Keys.of(tenant, "pull_request", place.service(), place.environment()) + "/";
        List<String> pullRequests = rows.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(pulls))
                .map(entry -> Json.read(entry.getValue(), PullRequestFact.class))
                .filter(fact -> !fact.deleted())
                .map(PullRequestChecks::line)
                .sorted()
                .toList();
        assertThat(pullRequests).as(where).isEqualTo(oracle.pullRequests().lines(place));
    }

    private static void assertDriftAgrees(
            String tenant, BatchOracle.Place place, DriftOracle oracle, Map<String, byte[]> rows) {
        String key = Keys.of(tenant, place.service(), place.environment());
        String where = "seed in the tenant's name: " + key;
        DoraRow row = Json.read(Objects.requireNonNull(rows.get(Topic.DORA + " " + key), where), DoraRow.class);
        for (DoraRow.WindowMetrics window : row.windows()) {
            OracleComparison.assertSame(
                    where + " " + window.days() + " d",
                    window.metrics().configurationDrift(),
                    oracle.numbers(place, window.from(), window.to().plusDays(1), ZoneOffset.UTC));
        }
        for (LocalDate day : oracle.days(place, ZoneOffset.UTC)) {
            for (PeriodKind kind : PeriodKind.values()) {
                LocalDate start = kind.startOf(day);
                String label = kind.label(start);
                String periodKey = Topic.PERIODS + " " + key + "/" + Keys.of(kind.wireName(), label);
                PeriodRow period =
                        Json.read(Objects.requireNonNull(rows.get(periodKey), where + " " + label), PeriodRow.class);
                OracleComparison.assertSame(
                        where + " " + label,
                        period.metrics().configurationDrift(),
                        oracle.numbers(place, start, kind.endOf(start), ZoneOffset.UTC));
            }
        }
        CurrentRow current =
                Json.read(Objects.requireNonNull(rows.get(Topic.CURRENT + " " + key), where), CurrentRow.class);
        assertThat(current.drifted()).as(where).isEqualTo(oracle.drifted(place));
        assertThat(current.lastDriftCheckAt()).as(where).isEqualTo(oracle.lastCheckAt(place));
        String facts = Topic.FACTS + " " + Keys.of(tenant, "drift", place.service(), place.environment()) + "/";
        List<String> lines = rows.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(facts))
                .map(entry -> Json.read(entry.getValue(), DriftEpisodeFact.class))
                .filter(fact -> !fact.deleted())
                .map(OracleComparison::line)
                .sorted()
                .toList();
        assertThat(lines).as(where).isEqualTo(oracle.lines(place));
    }

    /** Returns the rows as of the moment, by topic and key. */
    private static Map<String, byte[]> run(List<DeliveryEvent> events) throws Exception {
        List<EventInput> inputs = new ArrayList<>();
        events.forEach(event -> inputs.add(DecodeFunction.input(event)));
        Collections.shuffle(inputs, new Random(SHUFFLE_SEED));
        var configuration = new Configuration();
        configuration.setString("pipeline.generic-types", "false");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(4);
        env.setMaxParallelism(DoraJob.MAX_PARALLELISM);
        DataStream<EventInput> source = env.fromData(inputs, TypeInformation.of(EventInput.class));
        long asOf = AS_OF.toEpochMilli();
        Map<String, byte[]> rows = new TreeMap<>();
        try (CloseableIterator<OutRecord> out =
                DoraJob.stages(source, ZoneOffset.UTC, () -> asOf).executeAndCollect()) {
            out.forEachRemaining(record -> {
                // when the input ends, time runs on to its end; the rows of later days are other answers
                if (record.value() != null && isAsOf(record.content())) {
                    byte[] before = rows.put(topic(record) + " " + record.key(), record.content());
                    assertThat(before).as("published twice: " + record.key()).isNull();
                }
            });
        }
        return rows;
    }

    private static boolean isAsOf(byte[] row) {
        return Json.read(row, Computed.class).computedAt().equals(AS_OF);
    }

    private static Topic topic(OutRecord record) {
        for (Topic topic : Topic.values()) {
            if (topic.topicName().equals(record.topic())) {
                return topic;
            }
        }
        throw new AssertionError(record.topic());
    }

    private record Computed(Instant computedAt) {}
}
