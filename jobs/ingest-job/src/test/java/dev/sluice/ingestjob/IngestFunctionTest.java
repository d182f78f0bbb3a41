package dev.sluice.ingestjob;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.streams.InRecord;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.DeadLetter;
import dev.sluice.wire.DeadLetter.Disposition;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import dev.sluice.wire.RawDelivery;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IngestFunctionTest {
    private static final Instant RECEIVED = Instant.parse("2025-03-10T12:00:00Z");

    private KeyedBroadcastOperatorTestHarness<String, InRecord, InRecord, OutRecord> harness;

    @BeforeEach
    void open() throws Exception {
        harness = ProcessFunctionTestHarnesses.forKeyedBroadcastProcessFunction(
                new IngestFunction(Map.of()), InRecord::key, Types.STRING, IngestFunction.CONNECTIONS);
        harness.getTwoInputOperator().processWatermarkStatus2(WatermarkStatus.IDLE);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aDeploymentBecomesAnEvent() throws Exception {
        harness.processElement(record(7, "guid-1", deployment("2025-03-10T11:59:00Z")), 0);

        List<OutRecord> out = harness.extractOutputValues();
        assertThat(out).hasSize(1);
        assertThat(out.get(0).topic()).isEqualTo(Topic.EVENTS.topicName());
        var event = (DeploymentObserved) EventCodec.decode(out.get(0).content());
        assertThat(event.state()).isEqualTo(DeploymentState.SUCCESS);
        assertThat(event.service()).isEqualTo("checkout");
        assertThat(event.header().tenant()).isEqualTo("default");
        assertThat(event.header().delivery()).isEqualTo("d-1-7");
        assertThat(event.header().occurredAt()).isEqualTo(Instant.parse("2025-03-10T11:59:00Z"));
    }

    @Test
    void theSameDeliveryAgainIsADuplicateOfTheFirst() throws Exception {
        byte[] body = deployment("2025-03-10T11:59:00Z");
        harness.processElement(record(7, "guid-1", body), 0);
        harness.processElement(record(9, "guid-1", body), 0);

        DeadLetter second = letter(harness.extractOutputValues().get(1));
        assertThat(second.disposition()).isEqualTo(Disposition.DUPLICATE);
        assertThat(second.delivery()).isEqualTo("d-1-9");
        assertThat(second.detail()).contains("d-1-7");
    }

    @Test
    void theFirstCopyIsNoDuplicateOfItselfWhenItIsReadAgain() throws Exception {
        byte[] body = deployment("2025-03-10T11:59:00Z");
        harness.processElement(record(7, "guid-1", body), 0);
        harness.processElement(record(7, "guid-1", body), 0);

        List<OutRecord> out = harness.extractOutputValues();
        assertThat(out).extracting(OutRecord::topic).containsOnly(Topic.EVENTS.topicName());
        assertThat(out.get(1).value()).isEqualTo(out.get(0).value());
    }

    @Test
    void anEventFromTheFutureIsADeadLetter_andItsLaterCopyIsNot() throws Exception {
        byte[] body = deployment("2025-03-10T12:06:00Z");
        harness.processElement(record(7, "guid-1", body), 0);
        harness.processElement(record(8, "guid-1", body), 0);

        assertThat(letter(harness.extractOutputValues().get(0)))
                .satisfies(letter -> assertThat(letter.disposition()).isEqualTo(Disposition.DEAD_LETTER))
                .satisfies(letter -> assertThat(letter.reason()).isEqualTo("FUTURE_DATED"));
        assertThat(letter(harness.extractOutputValues().get(1)).disposition()).isEqualTo(Disposition.DUPLICATE);
    }

    @Test
    void aBrokenBodyIsADeadLetterThatSaysWhere() throws Exception {
        byte[] body = new String(deployment("2025-03-10T11:59:00Z"), StandardCharsets.UTF_8)
                .replace("\"success\"", "\"great\"")
                .getBytes(StandardCharsets.UTF_8);
        harness.processElement(record(7, "guid-1", body), 0);

        DeadLetter letter = letter(harness.extractOutputValues().get(0));
        assertThat(letter.disposition()).isEqualTo(Disposition.DEAD_LETTER);
        assertThat(letter.pointer()).isEqualTo("/data/subject/content/state");
    }

    @Test
    void eachPartThatIsBrokenIsADeadLetter_whereNoneIsUnderstood() throws Exception {
        byte[] body = """
                {"version": "4", "alerts": [{"status": "firing"}, {"status": 7}, {"status": "firing"}]}""".getBytes(StandardCharsets.UTF_8);
        harness.processElement(record(7, "guid-1", body, "alertmanager", ""), 0);

        assertThat(harness.extractOutputValues())
                .extracting(IngestFunctionTest::letter)
                .allSatisfy(letter -> assertThat(letter.disposition()).isEqualTo(Disposition.DEAD_LETTER))
                .extracting(letter -> String.valueOf(letter.pointer()).substring(0, "/alerts/0".length()))
                .containsExactly("/alerts/0", "/alerts/1", "/alerts/2");
    }

    @Test
    void anEventThatNoMetricUsesIsIgnoredWithAReason() throws Exception {
        harness.processElement(record(7, "guid-1", "{}".getBytes(StandardCharsets.UTF_8), "github", "ping"), 0);

        DeadLetter letter = letter(harness.extractOutputValues().get(0));
        assertThat(letter.disposition()).isEqualTo(Disposition.IGNORED);
        assertThat(letter.reason()).isEqualTo("PING");
    }

    @Test
    void aCorrectionBecomesAnEventWithWhoAndWhyBesideIt() throws Exception {
        byte[] body = """
                {"specversion": "1.0", "id": "c1", "source": "sluice", "type": "dev.sluice.correction.incident_linked",
                 "time": "2025-03-10T11:59:00Z", "datacontenttype": "application/json",
                 "data": {"kind": "incident_linked", "incident": "pager/INC-7", "deployments": [],
                          "reason": "the disk was full", "ticket": "OPS-12"}}
                """.getBytes(StandardCharsets.UTF_8);
        harness.processElement(record(7, "c1", body, "sluice", "dev.sluice.correction.incident_linked"), 0);

        OutRecord out = harness.extractOutputValues().get(0);
        assertThat(out.topic()).isEqualTo(Topic.EVENTS.topicName());
        var event = (IncidentObserved) EventCodec.decode(out.content());
        assertThat(event.state()).isEqualTo(IncidentState.AMENDED);
        assertThat(event.incidentId()).isEqualTo("pager/INC-7");
        assertThat(event.deployments()).isEmpty();
        assertThat(Json.read(out.content(), JsonNode.class).at("/data/customData/sluice/correction"))
                .hasToString("{\"principal\":\"local\",\"reason\":\"the disk was full\",\"ticket\":\"OPS-12\"}");
    }

    @Test
    void aRecordWithoutHeadersIsADeadLetter() throws Exception {
        harness.processElement(
                new InRecord(Topic.RAW.topicName(), 0, 3, RECEIVED.toEpochMilli(), "k", new byte[0], Map.of()), 0);

        assertThat(letter(harness.extractOutputValues().get(0)).reason()).isEqualTo("UNREADABLE_RECORD");
    }

    @Test
    void forgetsADeliveryAfterTheMemory() throws Exception {
        harness.processElement(record(7, "guid-1", deployment("2025-03-10T11:59:00Z")), 0);
        assertThat(KeyedState.entries(harness)).isEqualTo(1);
        harness.processWatermark(
                RECEIVED.plus(IngestFunction.MEMORY).minus(Duration.ofMillis(1)).toEpochMilli());
        assertThat(KeyedState.entries(harness)).isEqualTo(1);

        harness.processWatermark(RECEIVED.plus(IngestFunction.MEMORY).toEpochMilli());
        assertThat(KeyedState.entries(harness)).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    private static DeadLetter letter(OutRecord record) {
        assertThat(record.topic()).isEqualTo(Topic.DEAD_LETTERS.topicName());
        return Json.read(record.content(), DeadLetter.class);
    }

    private static InRecord record(long offset, String deliveryKey, byte[] body) {
        return record(offset, deliveryKey, body, "cloudevents", "");
    }

    private static InRecord record(long offset, String deliveryKey, byte[] body, String source, String event) {
        var raw = new RawDelivery(
                "default", source, "events", deliveryKey, event, "local", "application/json", RECEIVED, body);
        return new InRecord(Topic.RAW.topicName(), 1, offset, RECEIVED.toEpochMilli(), raw.key(), body, raw.headers());
    }

    private static byte[] deployment(String at) {
        return """
                {"specversion": "1.0", "id": "e1", "source": "ci/checkout", "time": "%1$s",
                 "type": "dev.cdeventsx.sluice-deployment.observed.0.1.0", "datacontenttype": "application/json",
                 "data": {
                   "context": {"specversion": "0.5.1", "id": "e1", "source": "ci/checkout", "timestamp": "%1$s",
                     "type": "dev.cdeventsx.sluice-deployment.observed.0.1.0"},
                   "subject": {"id": "42", "content": {
                     "service": "checkout", "environment": "production", "state": "success", "version": "1.4.3"}}}}
                """.formatted(at).getBytes(StandardCharsets.UTF_8);
    }
}
