package dev.sluice.canaryjob;

import static java.util.Objects.requireNonNull;

import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.LearnInput;
import dev.sluice.streams.InRecord;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.Topic;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Turns records of the samples and the control topic into what they say of a run, or of a config that learns between runs; what cannot be
 * read is counted.
 */
final class DecodeFunction extends ProcessFunction<InRecord, CanaryInput> {
    /** What is said of configs that learn. */
    static final OutputTag<LearnInput> LEARNING = new OutputTag<>("learning", TypeInformation.of(LearnInput.class));

    private transient Counter unreadable;

    @Override
    public void open(OpenContext openContext) {
        unreadable = getRuntimeContext().getMetricGroup().counter("unreadable");
    }

    @Override
    public void processElement(InRecord record, Context context, Collector<CanaryInput> out) {
        if (record.isHeartbeat() || record.value().length == 0) {
            return;
        }
        try {
            if (record.topic().equals(Topic.SAMPLES.topicName())) {
                samples(record.value(), context, out);
            } else {
                control(Json.read(record.value(), Control.class), context, out);
            }
        } catch (RuntimeException e) { // whatever cannot be read must not stop the job
            unreadable.inc();
        }
    }

    private static void samples(byte[] value, Context context, Collector<CanaryInput> out) {
        SampleBatch batch = Json.read(value, SampleBatch.class);
        batch.toDomain();
        Optional<String> config = batch.learnedBy();
        if (config.isPresent()) {
            context.output(LEARNING, LearnInput.samples(Keys.of(batch.tenant(), config.get()), value));
        } else {
            out.collect(
                    new CanaryInput(Keys.of(batch.tenant(), batch.run()), batch.tenant(), batch.run(), null, value));
        }
    }

    private static void control(Control control, Context context, Collector<CanaryInput> out) {
        String key = Keys.of(control.tenant(), control.id());
        if (control.kind().equals(Control.CANARY_CONFIG)) {
            boolean learns = !control.deleted() && CanaryConfigs.learns(control.document());
            context.output(
                    LEARNING,
                    learns ? LearnInput.saved(key, Json.bytes(control.document())) : LearnInput.forgotten(key));
        } else if (control.kind().equals(Control.CANARY)) {
            CanaryRunDocument document = CanaryRunDocument.of(control);
            byte[] json = Json.bytes(document.json());
            out.collect(new CanaryInput(key, control.tenant(), control.id(), json, null));
            if (document.learns()) {
                String config = requireNonNull(document.configName());
                context.output(LEARNING, LearnInput.run(Keys.of(control.tenant(), config), control.id(), json));
            }
        }
    }
}
