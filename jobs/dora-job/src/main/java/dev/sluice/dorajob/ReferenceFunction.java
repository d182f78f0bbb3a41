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
        answers(new References(named, asking), input).forEach(answer -> out.collect(link(input, answer)));
    }

    private static List<References.Answer> answers(References references, ReferenceInput input) {
        if (input.asks()) {
            var asking =
                    new References.Asking(input.deploymentId(), input.service(), input.environment(), input.openedAt());
            return input.withdrawn() ? references.unask(asking) : List.of(references.ask(asking));
        }
        var named = new References.Named(input.deploymentId(), input.service(), input.environment(), input.openedAt());
        return input.withdrawn() ? references.unname(named) : references.name(named);
    }

    private static DeliveryInput link(ReferenceInput input, References.Answer answer) {
        References.Asking asker = answer.asking();
        return new DeliveryInput(
                Keys.of(input.tenant(), asker.service(), asker.environment()),
                input.tenant(),
                asker.service(),
                asker.environment(),
                null,
                null,
                new LinkState(
                        asker.service(),
                        asker.environment(),
                        asker.deploymentId(),
                        input.reference(),
                        answer.targetDeploymentId()),
                null);
    }
}
