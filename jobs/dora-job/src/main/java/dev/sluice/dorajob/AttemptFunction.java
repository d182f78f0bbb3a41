package dev.sluice.dorajob;

import dev.sluice.delivery.DeployedHead;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentRegister;
import dev.sluice.delivery.ReferenceRequest;
import dev.sluice.delivery.Table;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.GraphInput;
import dev.sluice.dorajob.state.HeadState;
import dev.sluice.dorajob.state.ObservationState;
import dev.sluice.dorajob.state.ReferenceInput;
import dev.sluice.wire.Keys;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Gathers the observations of an attempt, keyed by (tenant, deployment id, service, environment), before they go where
 * the attempt belongs: a later word may name the repository that an earlier one left out.
 */
final class AttemptFunction extends KeyedProcessFunction<String, ObservationState, GraphInput> {
    static final OutputTag<ReferenceInput> REFERENCES =
            new OutputTag<>("references", TypeInformation.of(ReferenceInput.class));

    private transient Table<String, List<DeploymentObserved>> observations;

    @Override
    public void open(OpenContext openContext) {
        observations = StateTable.lists(
                getRuntimeContext(),
                "observations",
                Types.STRING,
                ObservationState.class,
                ObservationState::of,
                ObservationState::toDomain);
    }

    @Override
    public void processElement(ObservationState observation, Context context, Collector<GraphInput> out) {
        DeploymentRegister.Change change = new DeploymentRegister(observations).observe(observation.toDomain());
        if (change == null) {
            return;
        }
        String tenant = observation.tenant();
        DeploymentAttempt after = change.after();
        DeployedHead head = change.headAfter();
        String headKey = DeployedHead.key(after.id(), after.service(), after.environment());
        String left = change.repositoryLeft();
        if (left != null) {
            out.collect(new GraphInput(Keys.of(tenant, left), tenant, left, null, null, headKey, null, null));
        }
        String repository = after.repository();
        out.collect(new GraphInput(
                Keys.of(tenant, repository == null ? after.service() : repository),
                tenant,
                repository,
                null,
                head == null ? null : HeadState.of(head),
                head == null ? headKey : null,
                null,
                DeliveryInput.of(observation)));
        for (ReferenceRequest request : ReferenceRequest.of(change)) {
            context.output(REFERENCES, ReferenceInput.of(tenant, request));
        }
    }
}
