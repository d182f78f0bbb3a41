package dev.sluice.rollbackjob;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryState;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollbackjob.state.RunInput;
import dev.sluice.rollbackjob.state.RunState;
import dev.sluice.rollbackjob.state.SeriesInput;
import dev.sluice.rollbackjob.state.SeriesInput.What;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Runs, keyed by (tenant, id): tells the service in its environment that its canary is Failed, each time that its verdict is said
 * again, and that its rollout is over. What a run is of and how it stands come in any order.
 */
final class RunFunction extends KeyedProcessFunction<String, RunInput, SeriesInput> {
    private transient ValueState<RunState> state;
    private transient Counter unreadable;

    @Override
    public void open(OpenContext openContext) {
        state = getRuntimeContext().getState(new ValueStateDescriptor<>("run", TypeInformation.of(RunState.class)));
        unreadable = getRuntimeContext().getMetricGroup().counter("unreadable");
    }

    @Override
    public void processElement(RunInput input, Context context, Collector<SeriesInput> out) throws Exception {
        RunState before = state.value() == null ? RunState.UNKNOWN : state.value();
        RunState after;
        try {
            after = heard(before, input);
        } catch (RuntimeException e) { // whatever cannot be read must not stop the job
            unreadable.inc();
            return;
        }
        if (after == null) {
            state.clear();
            return;
        }
        state.update(after);
        if (!after.isSet()) {
            return;
        }
        String key = Keys.of(input.tenant(), after.service(), after.environment());
        boolean isNews = input.standing() != null || !before.isSet();
        if (after.failedAt() != 0 && isNews) {
            RollbackTrigger trigger = RollbackTrigger.failedCanary(
                    input.run(),
                    Instant.ofEpochMilli(after.failedAt()),
                    after.reason(),
                    after.baseline(),
                    after.canary(),
                    after.over());
            out.collect(new SeriesInput(key, What.FAILED_CANARY, Json.bytes(trigger)));
        }
        if (after.over() && !before.over()) {
            out.collect(new SeriesInput(key, What.CANARY_OVER, input.run().getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Returns the run as it is after this; null where it is forgotten. */
    private static @Nullable RunState heard(RunState run, RunInput input) {
        RunState after = input.document() == null ? run : set(run, input.document());
        if (input.standing() == null) {
            return after;
        }
        CanaryStanding standing = Json.read(input.standing(), CanaryStanding.class);
        return standing.deleted() ? null : standing(after, standing);
    }

    private static RunState set(RunState run, byte[] json) {
        Control control = Json.read(json, Control.class);
        CanaryRunDocument document = CanaryRunDocument.of(control);
        return run.set(
                document.service(),
                document.environment(),
                document.baseline(),
                document.canary(),
                document.isEnded() || control.deleted());
    }

    private static RunState standing(RunState run, CanaryStanding standing) {
        JsonNode verdict = standing.verdict();
        if (verdict == null || !verdict.path("state").asText().equals(CanaryState.FAILED.label())) {
            return run;
        }
        List<String> reasons = new ArrayList<>();
        verdict.path("reasons").forEach(reason -> reasons.add(reason.asText()));
        long at = Instant.parse(verdict.path("at").asText()).toEpochMilli();
        return run.failed(at, reasons.isEmpty() ? "the canary is Failed" : String.join("; ", reasons));
    }
}
