package dev.sluice.dorajob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.ServiceDescribed;
import dev.sluice.dora.DoraRow;
import dev.sluice.dorajob.state.EventInput;
import dev.sluice.simulation.BatchOracle;
import dev.sluice.simulation.History;
import dev.sluice.simulation.HistoryGenerator;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
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

/** Thirty generated histories, each a tenant, through the three stages on a Flink cluster at parallelism 4. */
@SuppressWarnings("try") // Flink's iterator declares Exception on close
class DoraJobOracleTest {
    private static final long SEEDS = 12;
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
        var rows = new PublishedRows(run(histories.stream()
                .flatMap(history -> history.delivered(history.seed()).stream())
                .toList()));

        for (History history : histories) {
            rows.assertAgreeWithTheOracle(history, AS_OF);
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
        NavigableMap<String, byte[]> rows = run(events);

        Map<String, String> zones = new TreeMap<>();
        rows.forEach((key, row) -> {
            if (key.startsWith(Topic.DORA.topicName() + " ")) {
                DoraRow dora = Json.read(row, DoraRow.class);
                zones.merge(dora.service(), dora.zone(), (one, other) -> one.equals(other) ? one : one + other);
            }
        });
        assertThat(zones).containsEntry(service, "Europe/Berlin").hasSizeGreaterThan(1);
        zones.remove(service);
        assertThat(zones.values()).as("of other services").containsOnly("Z");
        assertThat(rows).containsKey(Topic.FACTS.topicName() + " " + Keys.of(history.tenant(), "service", service));
    }

    /** Returns the rows as of the moment, by topic and key. */
    private static NavigableMap<String, byte[]> run(List<DeliveryEvent> delivered) throws Exception {
        List<EventInput> inputs = new ArrayList<>();
        delivered.forEach(event -> inputs.add(DecodeFunction.input(event)));
        Collections.shuffle(inputs, new Random(SHUFFLE_SEED));
        var configuration = new Configuration();
        configuration.setString("pipeline.generic-types", "false");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(4);
        env.setMaxParallelism(DoraJob.MAX_PARALLELISM);
        DataStream<EventInput> events = env.fromData(inputs, TypeInformation.of(EventInput.class));
        long asOf = AS_OF.toEpochMilli();
        NavigableMap<String, byte[]> rows = new TreeMap<>();
        try (CloseableIterator<OutRecord> out =
                DoraJob.stages(events, ZoneOffset.UTC, () -> asOf).executeAndCollect()) {
            out.forEachRemaining(record -> {
                // when the input ends, time runs on to its end; the rows of later days are other answers
                if (record.value() != null && isAsOf(record.content())) {
                    byte[] before = rows.put(record.topic() + " " + record.key(), record.content());
                    assertThat(before).as("published twice: " + record.key()).isNull();
                }
            });
        }
        return rows;
    }

    private static boolean isAsOf(byte[] row) {
        return Json.read(row, Computed.class).computedAt().equals(AS_OF);
    }

    private record Computed(Instant computedAt) {}
}
