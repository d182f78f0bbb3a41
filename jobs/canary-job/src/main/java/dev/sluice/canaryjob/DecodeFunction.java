package dev.sluice.canaryjob;

import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.streams.InRecord;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.Topic;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;

/** Turns records of the samples and the control topic into what they say of a run; what cannot be read is counted. */
final class DecodeFunction extends RichFlatMapFunction<InRecord, CanaryInput> {
    private transient Counter unreadable;

    @Override
    public void open(OpenContext openContext) {
        unreadable = getRuntimeContext().getMetricGroup().counter("unreadable");
    }

    @Override
    public void flatMap(InRecord record, Collector<CanaryInput> out) {
        if (record.isHeartbeat() || record.value().length == 0) {
            return;
        }
        try {
            if (record.topic().equals(Topic.SAMPLES.topicName())) {
                SampleBatch batch = Json.read(record.value(), SampleBatch.class);
                batch.toDomain();
                out.collect(new CanaryInput(
                        Keys.of(batch.tenant(), batch.run()), batch.tenant(), batch.run(), null, record.value()));
                return;
            }
            Control control = Json.read(record.value(), Control.class);
            if (control.kind().equals(Control.CANARY)) {
                CanaryRunDocument document = CanaryRunDocument.of(control);
                out.collect(new CanaryInput(
                        Keys.of(control.tenant(), control.id()),
                        control.tenant(),
                        control.id(),
                        Json.bytes(document.json()),
                        null));
            }
        } catch (RuntimeException e) { // whatever cannot be read must not stop the job
            unreadable.inc();
        }
    }
}
