package dev.sluice.rollbackjob;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DeploymentFact;
import dev.sluice.dora.IncidentFact;
import dev.sluice.rollbackjob.state.RunInput;
import dev.sluice.rollbackjob.state.SeriesInput;
import dev.sluice.rollbackjob.state.SeriesInput.What;
import dev.sluice.streams.InRecord;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Control;
import dev.sluice.wire.DeliveryAttempt;
import dev.sluice.wire.ErrorBudgetDocument;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.RollbackPlanDocument;
import dev.sluice.wire.RollbackRequestDocument;
import dev.sluice.wire.Topic;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Turns records into what they say of a service in an environment, or of a canary run; what cannot be read is counted. */
final class DecodeFunction extends ProcessFunction<InRecord, SeriesInput> {
    /** What is said of canary runs. */
    static final OutputTag<RunInput> RUNS = new OutputTag<>("runs", TypeInformation.of(RunInput.class));

    private transient Counter unreadable;

    @Override
    public void open(OpenContext openContext) {
        unreadable = getRuntimeContext().getMetricGroup().counter("unreadable");
    }

    @Override
    public void processElement(InRecord record, Context context, Collector<SeriesInput> out) {
        if (record.isHeartbeat() || record.value().length == 0) {
            return;
        }
        try {
            decode(record, context, out);
        } catch (RuntimeException e) { // whatever cannot be read must not stop the job
            unreadable.inc();
        }
    }

    private static void decode(InRecord record, Context context, Collector<SeriesInput> out) {
        byte[] value = record.value();
        if (record.topic().equals(Topic.FACTS.topicName())) {
            fact(record, out);
        } else if (record.topic().equals(Topic.CURRENT.topicName())) {
            current(record, out);
        } else if (record.topic().equals(Topic.VERDICTS.topicName())) {
            CanaryStanding standing = Json.read(value, CanaryStanding.class);
            context.output(
                    RUNS, new RunInput(standing.key(), standing.tenant(), standing.run(), null, Json.bytes(standing)));
        } else if (record.topic().equals(Topic.ATTEMPTS.topicName())) {
            DeliveryAttempt attempt = Json.read(value, DeliveryAttempt.class);
            out.collect(input(attempt.tenant(), attempt.service(), attempt.environment(), What.ATTEMPT, value));
        } else {
            control(Json.read(value, Control.class), context, out);
        }
    }

    private static void current(InRecord record, Collector<SeriesInput> out) {
        if (record.header(RecordHeaders.ROW) != null) {
            return; // not of a service
        }
        CurrentRow row = Json.read(record.value(), CurrentRow.class);
        out.collect(input(row.tenant(), row.service(), row.environment(), What.CURRENT, record.value()));
    }

    private static void fact(InRecord record, Collector<SeriesInput> out) {
        String[] key = Keys.split(record.key());
        switch (key[1]) {
            case "deployment" -> {
                DeploymentFact fact = Json.read(record.value(), DeploymentFact.class);
                out.collect(input(fact.tenant(), fact.service(), fact.environment(), What.DEPLOYMENT, record.value()));
            }
            case "incident" -> {
                IncidentFact fact = Json.read(record.value(), IncidentFact.class);
                out.collect(input(fact.tenant(), fact.service(), fact.environment(), What.INCIDENT, record.value()));
            }
            default -> {
                // other facts say nothing of what is to be rolled back
            }
        }
    }

    private static void control(Control control, Context context, Collector<SeriesInput> out) {
        switch (control.kind()) {
            case Control.CANARY ->
                context.output(
                        RUNS,
                        new RunInput(
                                Keys.of(control.tenant(), control.id()),
                                control.tenant(),
                                control.id(),
                                Json.bytes(control),
                                null));
            case Control.ROLLBACK_PLAN -> {
                RollbackPlanDocument plan = RollbackPlanDocument.of(control);
                out.collect(
                        input(control.tenant(), plan.service(), plan.environment(), What.PLAN, Json.bytes(control)));
            }
            case Control.ROLLBACK_REQUEST -> {
                RollbackRequestDocument request = RollbackRequestDocument.of(control);
                out.collect(input(
                        control.tenant(), request.service(), request.environment(), What.REQUEST, Json.bytes(control)));
            }
            case Control.ERROR_BUDGET -> {
                ErrorBudgetDocument counts = ErrorBudgetDocument.of(control);
                out.collect(input(
                        control.tenant(),
                        counts.service(),
                        counts.environment(),
                        What.ERROR_BUDGET,
                        Json.bytes(control)));
            }
            default -> {
                // other things that are set up say nothing of what is to be rolled back
            }
        }
    }

    private static SeriesInput input(String tenant, String service, String environment, What what, byte[] content) {
        return new SeriesInput(Keys.of(tenant, service, environment), what, content);
    }
}
