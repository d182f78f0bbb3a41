package dev.sluice.dorajob;

import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.ServiceDescribed;
import dev.sluice.dorajob.state.AssignmentState;
import dev.sluice.dorajob.state.CatalogueInput;
import dev.sluice.dorajob.state.CommitState;
import dev.sluice.dorajob.state.DriftCheckState;
import dev.sluice.dorajob.state.EventInput;
import dev.sluice.dorajob.state.IncidentObservationState;
import dev.sluice.dorajob.state.ObservationState;
import dev.sluice.dorajob.state.PullRequestObservationState;
import dev.sluice.dorajob.state.ServiceState;
import dev.sluice.streams.InRecord;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.MalformedRecordException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads events. One that cannot be read is counted and logged with its place; its bytes stay in the topic and in the
 * store, since ingest is the only writer and has validated what it wrote.
 */
final class DecodeFunction extends RichFlatMapFunction<InRecord, EventInput> {
    private static final Logger LOGGER = LoggerFactory.getLogger(DecodeFunction.class);

    private transient Counter unreadable;

    @Override
    public void open(OpenContext context) {
        unreadable = getRuntimeContext().getMetricGroup().counter("unreadableEvents");
    }

    @Override
    public void flatMap(InRecord record, Collector<EventInput> out) {
        if (record.isHeartbeat()) {
            return;
        }
        try {
            out.collect(input(EventCodec.decode(record.value())));
        } catch (MalformedRecordException e) {
            unreadable.inc();
            LOGGER.atError()
                    .setCause(e)
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("pointer", e.pointer())
                    .log("event cannot be read");
        }
    }

    static EventInput input(DeliveryEvent event) {
        return event.accept(new DeliveryEvent.Visitor<EventInput>() {
            @Override
            public EventInput commitRecorded(CommitRecorded commit) {
                return new EventInput(CommitState.of(commit), null, null, null, null, null);
            }

            @Override
            public EventInput deploymentObserved(DeploymentObserved deployment) {
                return new EventInput(null, ObservationState.of(deployment), null, null, null, null);
            }

            @Override
            public EventInput incidentObserved(IncidentObserved incident) {
                return new EventInput(null, null, IncidentObservationState.of(incident), null, null, null);
            }

            @Override
            public EventInput pullRequestObserved(PullRequestObserved pullRequest) {
                return new EventInput(null, null, null, PullRequestObservationState.of(pullRequest), null, null);
            }

            @Override
            public EventInput driftChecked(DriftChecked check) {
                return new EventInput(null, null, null, null, DriftCheckState.of(check), null);
            }

            @Override
            public EventInput serviceDescribed(ServiceDescribed service) {
                return catalogue(CatalogueInput.of(ServiceState.of(service)));
            }

            @Override
            public EventInput catalogueAssigned(CatalogueAssigned assigned) {
                return catalogue(CatalogueInput.of(AssignmentState.of(assigned)));
            }

            private EventInput catalogue(CatalogueInput input) {
                return new EventInput(null, null, null, null, null, input);
            }
        });
    }
}
