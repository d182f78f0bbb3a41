package dev.sluice.dorajob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalogue.AssignmentFact;
import dev.sluice.catalogue.EnvironmentClassRow;
import dev.sluice.catalogue.ServiceSettingsFact;
import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CatalogueKind;
import dev.sluice.delivery.EnvironmentClass;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.ServiceDescribed;
import dev.sluice.dorajob.state.AssignmentState;
import dev.sluice.dorajob.state.CatalogueInput;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.ServiceState;
import dev.sluice.dorajob.state.SettingsState;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Flink's harness declares Exception on close
class CatalogueFunctionTest {
    private static final Instant STARTED = Instant.parse("2026-03-10T12:00:00Z");
    private static final LocalDate MARCH = LocalDate.of(2026, 3, 1);
    private static final LocalDate APRIL = LocalDate.of(2026, 4, 1);
    private static final SettingsState BERLIN = new SettingsState("Europe/Berlin", 86_400L);

    @Test
    void whatIsSetIsTold_toTheSeriesThatAreKnownAndToThoseThatBecomeSo() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(CatalogueInput.of("default", "checkout", "production"), 0);
            assertThat(harness.extractOutputValues()).as("all is as usual").isEmpty();

            harness.processElement(described("1", "Europe/Berlin", Duration.ofDays(1)), 0);
            harness.processElement(CatalogueInput.of("default", "checkout", "staging"), 0);
            harness.processElement(CatalogueInput.of("default", "checkout", "staging"), 0);

            assertThat(harness.extractOutputValues())
                    .containsExactly(
                            DeliveryInput.of("default", "checkout", "production", BERLIN),
                            DeliveryInput.of("default", "checkout", "staging", BERLIN));
            assertThat(facts(harness, ServiceSettingsFact.class))
                    .containsExactly(new ServiceSettingsFact(
                            "default", "checkout", "Europe/Berlin", 86_400_000, false, STARTED));
        }
    }

    @Test
    void onlyFactsThatAreDifferent_arePublished() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(assigned("1", "payments", MARCH), 0);
            harness.processElement(assigned("1", "payments", MARCH), 0);
            harness.processElement(assigned("2", "platform", APRIL), 0);

            assertThat(facts(harness, AssignmentFact.class))
                    .extracting(fact -> fact.value() + " " + fact.validFrom() + " " + fact.validTo())
                    .containsExactly(
                            "payments 2026-03-01T00:00:00Z null",
                            "payments 2026-03-01T00:00:00Z 2026-04-01T00:00:00Z",
                            "platform 2026-04-01T00:00:00Z null");
        }
    }

    @Test
    void restartPublishesNothingOfThePast() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(assigned("1", "payments", MARCH), 0);
            snapshot = harness.snapshot(1, 1);
        }
        Instant restarted = STARTED.plusSeconds(600);
        try (var harness = open(restarted, snapshot)) {
            harness.processElement(assigned("2", "search", APRIL), 0);
            harness.processElement(assigned("3", "platform", APRIL), 0);
            harness.processWatermark(restarted.minusMillis(1).toEpochMilli());
            assertThat(facts(harness, AssignmentFact.class)).isEmpty();

            harness.processWatermark(restarted.toEpochMilli());
            assertThat(facts(harness, AssignmentFact.class))
                    .extracting(AssignmentFact::value)
                    .containsExactly("payments", "platform");
            assertThat(harness.numEventTimeTimers()).isZero();
            assertThat(harness.numKeyedStateEntries()).as("the two assignments").isEqualTo(1);
        }
    }

    private static CatalogueInput described(String id, String zone, Duration linkWindow) {
        return CatalogueInput.of(
                ServiceState.of(new ServiceDescribed(header(id), "checkout", ZoneId.of(zone), linkWindow, 0, false)));
    }

    private static CatalogueInput assigned(String id, @Nullable String team, LocalDate from) {
        return CatalogueInput.of(AssignmentState.of(
                new CatalogueAssigned(header(id), CatalogueKind.SERVICE_TEAM, "checkout", team, from, 0, false)));
    }

    private static EventHeader header(String id) {
        return new EventHeader(id, "default", "people", "d-" + id, STARTED, STARTED);
    }

    private static <T> List<T> facts(
            KeyedOneInputStreamOperatorTestHarness<String, CatalogueInput, DeliveryInput> harness, Class<T> type) {
        var facts = new ArrayList<T>();
        records(harness, Topic.FACTS).forEach(record -> facts.add(Json.read(record.content(), type)));
        return facts;
    }

    private static List<OutRecord> records(
            KeyedOneInputStreamOperatorTestHarness<String, CatalogueInput, DeliveryInput> harness, Topic topic) {
        var records = harness.getSideOutput(CatalogueFunction.ROWS);
        return records == null
                ? List.of()
                : records.stream()
                        .map(StreamRecord::getValue)
                        .filter(record -> record.topic().equals(topic.topicName()))
                        .toList();
    }

    @Test
    void classesOfAnEnvironmentAreOneRowForTheGate() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(classified("1", "PRODUCTION", MARCH), 0);
            harness.processElement(classified("1", "PRODUCTION", MARCH), 0);
            harness.processElement(classified("2", "TEST", APRIL), 0);
            harness.processElement(assigned("3", "payments", MARCH), 0);

            List<OutRecord> records = records(harness, Topic.CURRENT);
            assertThat(records).extracting(OutRecord::key).containsOnly("default/catalogue/environment/blue");
            assertThat(records)
                    .extracting(OutRecord::headers)
                    .allSatisfy(headers -> assertThat(headers)
                            .containsEntry("sluice-row", "environment-class")
                            .containsKey("sluice-generation"));
            assertThat(records)
                    .extracting(record -> Json.read(record.content(), EnvironmentClassRow.class))
                    .containsExactly(
                            classes(span(EnvironmentClass.PRODUCTION, MARCH, null)),
                            classes(
                                    span(EnvironmentClass.PRODUCTION, MARCH, APRIL),
                                    span(EnvironmentClass.TEST, APRIL, null)));
            snapshot = harness.snapshot(1, 1);
        }
        Instant restarted = STARTED.plusSeconds(600);
        try (var harness = open(restarted, snapshot)) {
            harness.processElement(classified("4", "STAGING", APRIL), 0);
            assertThat(records(harness, Topic.CURRENT))
                    .as("a restart publishes nothing of the past")
                    .isEmpty();

            harness.processWatermark(restarted.toEpochMilli());
            assertThat(records(harness, Topic.CURRENT))
                    .extracting(record -> Json.read(record.content(), EnvironmentClassRow.class)
                            .classes())
                    .containsExactly(List.of(
                            span(EnvironmentClass.PRODUCTION, MARCH, APRIL),
                            span(EnvironmentClass.STAGING, APRIL, null)));
        }
    }

    private static EnvironmentClassRow classes(EnvironmentClassRow.Span... spans) {
        return new EnvironmentClassRow("default", "blue", List.of(spans), false, STARTED);
    }

    private static EnvironmentClassRow.Span span(EnvironmentClass of, LocalDate from, @Nullable LocalDate to) {
        return new EnvironmentClassRow.Span(
                of,
                from.atStartOfDay(ZoneOffset.UTC).toInstant(),
                to == null ? null : to.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    private static CatalogueInput classified(String id, String environmentClass, LocalDate from) {
        return CatalogueInput.of(AssignmentState.of(new CatalogueAssigned(
                header(id), CatalogueKind.ENVIRONMENT_CLASS, "blue", environmentClass, from, 0, false)));
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, CatalogueInput, DeliveryInput> open(
            Instant startedAt, @Nullable OperatorSubtaskState snapshot) throws Exception {
        long started = startedAt.toEpochMilli();
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new CatalogueFunction(ZoneOffset.UTC, () -> started)),
                CatalogueInput::key,
                Types.STRING);
        harness.setup();
        if (snapshot != null) {
            harness.initializeState(snapshot);
        }
        harness.open();
        return harness;
    }
}
