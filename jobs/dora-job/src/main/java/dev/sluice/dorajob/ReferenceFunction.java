package dev.sluice.dorajob;

import dev.sluice.delivery.References;
import dev.sluice.delivery.Table;
import dev.sluice.dora.FailureClaim;
import dev.sluice.dora.ReferenceLink;
import dev.sluice.dorajob.state.ClaimChange;
import dev.sluice.dorajob.state.ClaimState;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.LinkState;
import dev.sluice.dorajob.state.NamedState;
import dev.sluice.dorajob.state.QuestionState;
import dev.sluice.dorajob.state.ReferenceInput;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Stage 2, keyed by (tenant, reference): whom a deployment means that says what it repairs, and an incident that says what
 * caused it. Who asked gets the answer; who is meant, and who is no longer, gets what is claimed of it.
 */
final class ReferenceFunction extends KeyedProcessFunction<String, ReferenceInput, DeliveryInput> {
    private transient Table<String, References.Named> named;
    private transient Table<String, References.Question> questions;

    @Override
    public void open(OpenContext openContext) {
        var context = getRuntimeContext();
        named = StateTable.mapped(context, "named", NamedState.class, NamedState::of, NamedState::toDomain);
        questions = StateTable.mapped(
                context, "questions", QuestionState.class, QuestionState::of, QuestionState::toDomain);
    }

    @Override
    public void processElement(ReferenceInput input, Context context, Collector<DeliveryInput> out) {
        var references = new References(input.reference(), named, questions);
        for (References.Answer answer : references.take(input.toDomain())) {
            out.collect(DeliveryInput.of(input.tenant(), LinkState.of(ReferenceLink.of(input.reference(), answer))));
            for (FailureClaim.Change change : FailureClaim.changes(input.reference(), answer)) {
                out.collect(DeliveryInput.of(
                        input.tenant(),
                        change.service(),
                        change.environment(),
                        new ClaimChange(ClaimState.of(change.claim()), change.withdrawn())));
            }
        }
    }
}
