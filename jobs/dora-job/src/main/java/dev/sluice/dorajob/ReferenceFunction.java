package dev.sluice.dorajob;

import dev.sluice.delivery.References;
import dev.sluice.delivery.Table;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.LinkState;
import dev.sluice.dorajob.state.NamedState;
import dev.sluice.dorajob.state.ReferenceInput;
import dev.sluice.wire.Keys;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Stage 2, keyed by (tenant, reference): which deployment a deployment means that says what it repairs. */
final class ReferenceFunction extends KeyedProcessFunction<String, ReferenceInput, DeliveryInput> {
    private transient Table<String, References.Named> named;
    private transient Table<String, References.Asking> asking;

    @Override
    public void open(OpenContext openContext) {
        var context = getRuntimeContext();
        named = StateTable.mapped(context, "named", NamedState.class, NamedState::of, NamedState::toNamed);
        asking = StateTable.mapped(context, "asking", NamedState.class, NamedState::of, NamedState::toAsking);
    }

    @Override
    public void processElement(ReferenceInput input, Context context, Collector<DeliveryInput> out) {
        answers(new References(named, asking), input).forEach(answer -> out.collect(link(input.tenant(), answer)));
    }

    private static List<References.Answer> answers(References references, ReferenceInput input) {
        String id = input.deploymentId();
        if (input.asks()) {
            return input.withdrawn()
                    ? references.unask(id)
                    : List.of(references.ask(
                            new References.Asking(id, input.service(), input.environment(), input.openedAt())));
        }
        return input.withdrawn()
                ? references.unname(id)
                : references.name(new References.Named(id, input.environment(), input.openedAt()));
    }

    private static DeliveryInput link(String tenant, References.Answer answer) {
        References.Asking asker = answer.asking();
        return new DeliveryInput(
                Keys.of(tenant, asker.service(), asker.environment()),
                tenant,
                asker.service(),
                asker.environment(),
                null,
                null,
                null,
                new LinkState(asker.service(), asker.environment(), asker.deploymentId(), answer.targetDeploymentId()));
    }
}
