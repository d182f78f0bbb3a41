package dev.sluice.ingestjob;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.ingestjob.state.KnownConnection;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.streams.InRecord;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Control;
import dev.sluice.wire.DeadLetter;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import dev.sluice.wire.RawDelivery;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that the API has set up: their mappings come on the other input, whenever they come. */
class IngestConnectionsTest {
    private static final Instant RECEIVED = Instant.parse("2025-03-10T12:00:00Z");
    private static final String CONNECTION = "alerts";

    private KeyedBroadcastOperatorTestHarness<String, InRecord, InRecord, OutRecord> harness;

    @BeforeEach
    void open() throws Exception {
        harness = harness();
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    /** With a connection of the same name in the file. */
    private static KeyedBroadcastOperatorTestHarness<String, InRecord, InRecord, OutRecord> harness() throws Exception {
        var ofFile = Map.of(CONNECTION, ConnectionMapping.DEFAULT.withDefaults("of-file", null));
        return new KeyedBroadcastOperatorTestHarness<>(
                new CoBroadcastWithKeyedOperator<>(new IngestFunction(ofFile), List.of(IngestFunction.CONNECTIONS)),
                InRecord::key,
                Types.STRING,
                1,
                1,
                0);
    }

    @Test
    void aDeliveryIsReadByTheNewestMapping() throws Exception {
        control(3, "acme", "cart");
        delivery(1, "acme", 3);
        control(5, "acme", "checkout");
        delivery(2, "acme", 3);

        assertThat(services()).containsExactly("cart", "checkout");
    }

    @Test
    void aDeliveryWaitsForTheRecordThatLetItIn() throws Exception {
        delivery(1, "acme", 3);
        control(2, "acme", "before");
        assertThat(harness.extractOutputValues()).isEmpty();

        control(3, "acme", "cart");

        assertThat(services()).containsExactly("cart");
        assertThat(KeyedState.entries(harness)).as("the first copy alone").isEqualTo(1);
    }

    @Test
    void aWaitingDeliveryThatIsReadAgainHasOneOutcome() throws Exception {
        delivery(1, "acme", 3);
        control(3, "acme", "cart");
        delivery(1, "acme", 5);
        delivery(1, "acme", 3);
        assertThat(services()).containsExactly("cart", "cart");

        control(5, "acme", "checkout");

        assertThat(services()).containsExactly("cart", "cart");
    }

    @Test
    void aRepetitionOfAWaitingDeliveryIsADuplicate() throws Exception {
        delivery(1, "acme", 3, "same");
        delivery(2, "acme", 3, "same");
        control(3, "acme", "cart");

        assertThat(letter(harness.extractOutputValues().get(0)).reason()).isEqualTo("DUPLICATE");
        assertThat(services(harness.extractOutputValues().subList(1, 2))).containsExactly("cart");
        assertThat(harness.extractOutputValues()).hasSize(2);
    }

    @Test
    void aDeliveryOfAMappingThatIsNoneByNow_isADeadLetterThatSaysSo() throws Exception {
        control(3, "acme", "cart");
        var known = harness.getBroadcastState(IngestFunction.CONNECTIONS);
        String key = known.iterator().next().getKey();
        String mapping = """
                {"alerts": {"paths": [{"repository": "a/b", "service": "c", "include": ["%s"]}]}}""".formatted("*a".repeat(200));
        known.put(key, new KnownConnection(mapping, 4));

        delivery(1, "acme", 4);

        DeadLetter letter = letter(harness.extractOutputValues().get(0));
        assertThat(letter.reason()).isEqualTo("MAPPING_INVALID");
        assertThat(letter.detail()).contains("globs of at most 200 characters");
    }

    @Test
    void theMappingOfAnotherTenantIsNoneOfItsOwn() throws Exception {
        control(3, "other", "stolen");
        delivery(1, "acme", 3);
        assertThat(harness.extractOutputValues()).isEmpty();

        control(4, "acme", "cart");

        assertThat(services()).containsExactly("cart");
    }

    @Test
    void aDeliveryThatTheFileLetInIsReadByTheFile() throws Exception {
        control(3, "acme", "cart");

        harness.processElement(record(1, "acme", "guid", Map.of()), 0);

        assertThat(services()).containsExactly("of-file");
    }

    @Test
    void whatCameInBeforeADeletionIsReadAsBefore() throws Exception {
        Control deletion = connection("acme", "cart").deletedBy("ops", RECEIVED);
        harness.processBroadcastElement(record(deletion, 4), 0);

        delivery(1, "acme", 3);

        assertThat(services()).containsExactly("cart");
    }

    @Test
    void mappingsAndWaitingDeliveriesAreRestored() throws Exception {
        control(3, "acme", "cart");
        delivery(1, "acme", 9);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();

        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        delivery(2, "acme", 3);
        control(9, "acme", "checkout");

        assertThat(services()).containsExactly("cart", "checkout");
    }

    @Test
    void aDeliveryWhoseRecordNeverComesIsADeadLetterInTheEnd() throws Exception {
        delivery(1, "acme", 3);
        harness.getTwoInputOperator().processWatermarkStatus2(WatermarkStatus.IDLE);
        harness.processWatermark(RECEIVED.plus(IngestFunction.MEMORY).toEpochMilli());

        DeadLetter letter = letter(harness.extractOutputValues().get(0));
        assertThat(letter.reason()).isEqualTo("UNKNOWN_CONNECTION");
        assertThat(letter.delivery()).isEqualTo("d-1-1");
        assertThat(KeyedState.entries(harness)).isZero();
    }

    @Test
    void whatIsNoConnectionIsPassedOver() throws Exception {
        var other = new Control("acme", "freeze", CONNECTION, "ops", RECEIVED, false, document("stolen"));
        harness.processBroadcastElement(record(other, 3), 0);
        harness.processBroadcastElement(control("{}".getBytes(StandardCharsets.UTF_8), 4), 0);
        var wrong = new Control(
                "acme",
                Control.CONNECTION,
                CONNECTION,
                "ops",
                RECEIVED,
                false,
                Json.mapper().createObjectNode().put("services", "none"));
        harness.processBroadcastElement(record(wrong, 5), 0);
        delivery(1, "acme", 3);
        assertThat(harness.extractOutputValues()).isEmpty();

        control(6, "acme", "cart");

        assertThat(services()).containsExactly("cart");
    }

    private void control(long offset, String tenant, String service) throws Exception {
        harness.processBroadcastElement(record(connection(tenant, service), offset), 0);
    }

    private void delivery(long offset, String tenant, long control) throws Exception {
        delivery(offset, tenant, control, "guid-" + offset);
    }

    private void delivery(long offset, String tenant, long control, String key) throws Exception {
        harness.processElement(
                record(offset, tenant, key, Map.of(RecordHeaders.CONTROL_OFFSET, Long.toString(control))), 0);
    }

    private List<String> services() {
        return services(harness.extractOutputValues());
    }

    private static List<String> services(List<OutRecord> records) {
        return records.stream()
                .map(record -> ((IncidentObserved) EventCodec.decode(record.content())).service())
                .toList();
    }

    private static DeadLetter letter(OutRecord record) {
        assertThat(record.topic()).isEqualTo(Topic.DEAD_LETTERS.topicName());
        return Json.read(record.content(), DeadLetter.class);
    }

    private static Control connection(String tenant, String service) {
        return new Control(tenant, Control.CONNECTION, CONNECTION, "ops", RECEIVED, false, document(service));
    }

    private static JsonNode document(String service) {
        return Json.mapper()
                .createObjectNode()
                .put("source", "pagerduty")
                .put("service", service)
                .put("secret_env", "SLUICE_SECRET_PAGER");
    }

    private static InRecord record(Control control, long offset) {
        return control(Json.bytes(control), offset);
    }

    private static InRecord control(byte[] value, long offset) {
        return new InRecord(Topic.CONTROL.topicName(), 0, offset, RECEIVED.toEpochMilli(), "key", value, Map.of());
    }

    private static InRecord record(long offset, String tenant, String deliveryKey, Map<String, String> headers) {
        byte[] body = """
                {"event": {"id": "%1$s", "event_type": "incident.triggered", "resource_type": "incident",
                           "occurred_at": "2025-03-10T11:59:00Z",
                           "data": {"id": "PGR0VU2", "type": "incident", "title": "It is slow",
                                    "created_at": "2025-03-10T11:58:00Z", "status": "triggered",
                                    "service": {"id": "PF9KMXH", "summary": "API Service"}}}}
                """.formatted(deliveryKey).getBytes(StandardCharsets.UTF_8);
        var raw = new RawDelivery(
                tenant,
                "pagerduty",
                CONNECTION,
                deliveryKey,
                "incident.triggered",
                "connection:" + CONNECTION,
                "application/json",
                RECEIVED,
                body);
        var all = new HashMap<>(raw.headers());
        all.putAll(headers);
        return new InRecord(Topic.RAW.topicName(), 1, offset, RECEIVED.toEpochMilli(), raw.key(), body, all);
    }
}
