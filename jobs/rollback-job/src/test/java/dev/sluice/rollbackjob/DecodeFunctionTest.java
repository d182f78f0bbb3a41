package dev.sluice.rollbackjob;

import static dev.sluice.rollbackjob.Rows.KEY;
import static dev.sluice.rollbackjob.Rows.NOON;
import static dev.sluice.rollbackjob.Rows.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.rollbackjob.state.RunInput;
import dev.sluice.rollbackjob.state.SeriesInput;
import dev.sluice.rollbackjob.state.SeriesInput.What;
import dev.sluice.streams.InRecord;
import dev.sluice.wire.Control;
import dev.sluice.wire.DeliveryAttempt;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.RollbackRequestDocument;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DecodeFunctionTest {
    private final OneInputStreamOperatorTestHarness<InRecord, SeriesInput> harness;

    DecodeFunctionTest() throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new DecodeFunction()));
    }

    @BeforeEach
    void open() throws Exception {
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void eachRecordGoesToTheServiceThatItIsAbout() throws Exception {
        var request = new Control(
                "default",
                Control.ROLLBACK_REQUEST,
                "r",
                "ann",
                NOON,
                false,
                Json.mapper()
                        .valueToTree(new RollbackRequestDocument(
                                Rows.SERVICE, Rows.ENVIRONMENT, "d3", null, "looks wrong", false)));
        var attempt = new DeliveryAttempt(
                "default", Rows.SERVICE, Rows.ENVIRONMENT, "o", Outcome.DELIVERED, NOON, 1, "answered with 202");

        harness.processElement(new StreamRecord<>(record(Topic.CURRENT, KEY, Rows.current("d3", "v3", NOON))));
        harness.processElement(new StreamRecord<>(record(
                Topic.FACTS,
                Keys.of("default", "deployment", "d3"),
                Rows.deployment("d3", "SUCCESS", "v3", NOON, false))));
        harness.processElement(new StreamRecord<>(record(
                Topic.FACTS,
                Keys.of("default", "incident", Rows.SERVICE, Rows.ENVIRONMENT, "i"),
                Rows.incident("i", NOON, null, "d3"))));
        harness.processElement(new StreamRecord<>(record(Topic.CONTROL, "", Rows.plan(NOON))));
        harness.processElement(new StreamRecord<>(record(Topic.CONTROL, "", request)));
        harness.processElement(new StreamRecord<>(record(Topic.ATTEMPTS, attempt.key(), attempt)));
        harness.processElement(new StreamRecord<>(record(Topic.CONTROL, "", Rows.counts(300, 99, 100, "ci", NOON))));

        assertThat(harness.extractOutputValues()).extracting(SeriesInput::key).containsOnly(KEY);
        assertThat(harness.extractOutputValues())
                .extracting(SeriesInput::what)
                .containsExactly(
                        What.CURRENT,
                        What.DEPLOYMENT,
                        What.INCIDENT,
                        What.PLAN,
                        What.REQUEST,
                        What.ATTEMPT,
                        What.ERROR_BUDGET);
    }

    @Test
    void whatIsSaidOfARunGoesToTheRun() throws Exception {
        harness.processElement(new StreamRecord<>(record(Topic.CONTROL, "", Rows.run("r1", null))));
        harness.processElement(
                new StreamRecord<>(record(Topic.VERDICTS, "default/r1", Rows.standing("r1", "Failed", NOON))));

        assertThat(harness.getSideOutput(DecodeFunction.RUNS))
                .extracting(element -> element.getValue().key())
                .containsExactly("default/r1", "default/r1");
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    @Test
    void whatCannotBeReadOrSaysNothingIsPassedOver() throws Exception {
        var garbage =
                new InRecord(Topic.CURRENT.topicName(), 0, 0, 0, KEY, "{".getBytes(StandardCharsets.UTF_8), Map.of());
        var tombstone = new InRecord(Topic.CURRENT.topicName(), 0, 0, 0, KEY, new byte[0], Map.of());
        var heartbeat = new InRecord(
                Topic.CURRENT.topicName(),
                0,
                0,
                0,
                "~heartbeat/0",
                "{}".getBytes(StandardCharsets.UTF_8),
                Map.of(RecordHeaders.HEARTBEAT, "1"));
        var ofEnvironment = new InRecord(
                Topic.CURRENT.topicName(),
                0,
                0,
                0,
                Keys.environmentClass("default", "production"),
                "{}".getBytes(StandardCharsets.UTF_8),
                Map.of(RecordHeaders.ROW, RecordHeaders.ENVIRONMENT_CLASS));
        var freeze = new Control(
                "default",
                Control.FREEZE,
                "f",
                "ann",
                NOON,
                false,
                Json.mapper().createObjectNode());
        for (InRecord record :
                List.of(garbage, tombstone, heartbeat, ofEnvironment, record(Topic.CONTROL, "", freeze))) {
            harness.processElement(new StreamRecord<>(record));
        }

        assertThat(harness.extractOutputValues()).isEmpty();
        assertThat(harness.getSideOutput(DecodeFunction.RUNS)).isNull();
    }

    static RunInput input(Control run) {
        return new RunInput("default/" + run.id(), "default", run.id(), Json.bytes(run), null);
    }
}
