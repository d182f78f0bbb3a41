package dev.sluice.dorajob;

import dev.sluice.delivery.Incident;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentRegister;
import dev.sluice.delivery.ReferenceRequest;
import dev.sluice.delivery.Table;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.IncidentChange;
import dev.sluice.dorajob.state.IncidentObservationState;
import dev.sluice.dorajob.state.ReferenceInput;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Gathers the observations of an incident, keyed by (tenant, incident id), before it goes to its series: a later word may
 * name the service that an earlier one left out.
 */
final class IncidentFunction extends KeyedProcessFunction<String, IncidentObservationState, DeliveryInput> {
    static final OutputTag<ReferenceInput> REFERENCES =
            new OutputTag<>("incident-references", TypeInformation.of(ReferenceInput.class));

    private transient Table<String, List<IncidentObserved>> observations;

    @Override
    public void open(OpenContext openContext) {
        observations = StateTable.lists(
                getRuntimeContext(),
                "incident-observations",
                Types.STRING,
                IncidentObservationState.class,
                IncidentObservationState::of,
                IncidentObservationState::toDomain);
    }

    @Override
    public void processElement(IncidentObservationState observation, Context context, Collector<DeliveryInput> out) {
        IncidentRegister.Change change = new IncidentRegister(observations).observe(observation.toDomain());
        if (change == null) {
            return;
        }
        String tenant = observation.tenant();
        Incident left = change.left();
        if (left != null) {
            out.collect(DeliveryInput.of(tenant, IncidentChange.left(left)));
        }
        out.collect(DeliveryInput.of(tenant, IncidentChange.of(change.after())));
        for (ReferenceRequest request : ReferenceRequest.of(change)) {
            context.output(REFERENCES, ReferenceInput.of(tenant, request));
        }
    }
}
