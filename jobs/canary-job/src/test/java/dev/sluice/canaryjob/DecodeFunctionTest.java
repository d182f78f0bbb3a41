package dev.sluice.canaryjob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.LearnInput;
import dev.sluice.streams.InRecord;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DecodeFunctionTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
    private static final JsonNode SENT = json("{\"metrics\": [{\"name\": \"memory\", \"kind\": \"gauge\"}]}");
    private static final JsonNode LEARNING = json("""
            {"learn": "always", "selectors": {"baseline": "{track='stable'}", "canary": "{track='canary'}"},
             "metrics": [{"name": "memory", "kind": "gauge", "series": {"value": "memory_bytes"}}]}""");

    private final OneInputStreamOperatorTestHarness<InRecord, CanaryInput> harness;

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

    /** A run has its points, a config that learns those that are taken for it, whatever they are called. */
    @Test
    void pointsGoToTheirRunOrToTheConfigThatLearns() throws Exception {
        samples("checkout");
        samples(new SampleBatch.Learner("acme", "checkout", "sha256:0").asRun());

        assertThat(harness.extractOutputValues()).extracting(CanaryInput::key).containsExactly("acme/checkout");
        assertThat(learning()).singleElement().satisfies(input -> {
            assertThat(input.key()).isEqualTo("acme/checkout");
            assertThat(input.samples()).isNotNull();
        });
    }

    @Test
    void aConfigLearnsUntilItIsDeletedOrSaysSoNoMore() throws Exception {
        config(LEARNING, false);
        config(SENT, false);
        config(LEARNING, true);

        assertThat(harness.extractOutputValues()).isEmpty();
        assertThat(learning()).extracting(LearnInput::key).containsOnly("acme/checkout");
        assertThat(learning())
                .extracting(LearnInput::document)
                .containsExactly(Json.bytes(LEARNING), new byte[0], new byte[0]);
    }

    /** A run whose config has a name and learns is to be told what was learned; others are not. */
    @Test
    void aRunAsksTheConfigThatItWasStartedBy() throws Exception {
        run("r1", LEARNING, "checkout");
        run("r2", SENT, "checkout");
        run("r3", LEARNING, null);

        assertThat(harness.extractOutputValues()).extracting(CanaryInput::run).containsExactly("r1", "r2", "r3");
        assertThat(learning()).singleElement().satisfies(input -> {
            assertThat(input.key()).isEqualTo("acme/checkout");
            assertThat(input.run()).isEqualTo("r1");
        });
    }

    /** Flink knows how to write it without looking into it at run time, which is switched off. */
    @Test
    void whatGoesToConfigsIsAPlainRecord() {
        assertThat(TypeInformation.of(LearnInput.class)).isInstanceOf(PojoTypeInfo.class);
    }

    private List<LearnInput> learning() {
        var found = harness.getSideOutput(DecodeFunction.LEARNING);
        return found == null
                ? List.of()
                : found.stream().map(StreamRecord::getValue).toList();
    }

    private void samples(String run) throws Exception {
        var point = new SampleBatch.Point("baseline", "a", NOON, 1.0, null, null, null, null, null, null);
        var batch = new SampleBatch("acme", run, "memory", 0, List.of(point));
        process(Topic.SAMPLES, batch.key(), batch);
    }

    private void config(JsonNode config, boolean deleted) throws Exception {
        var control = new Control("acme", Control.CANARY_CONFIG, "checkout", "ann", NOON, deleted, config);
        process(Topic.CONTROL, control.key(), control);
    }

    private void run(String id, JsonNode config, @Nullable String name) throws Exception {
        var document = new CanaryRunDocument(
                "checkout", "production", null, "2", config, name, "sha256:0", NOON, List.of(), null);
        var control = new Control("acme", Control.CANARY, id, "ann", NOON, false, document.json());
        process(Topic.CONTROL, control.key(), control);
    }

    private void process(Topic topic, String key, Object value) throws Exception {
        harness.processElement(new StreamRecord<>(
                new InRecord(topic.topicName(), 0, 0, NOON.toEpochMilli(), key, Json.bytes(value), Map.of())));
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(UTF_8), JsonNode.class);
    }
}
