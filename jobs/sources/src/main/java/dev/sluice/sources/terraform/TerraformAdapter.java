package dev.sluice.sources.terraform;

import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.MappedAdapter;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Understands what the Terraform command line writes, as the step of a pipeline sends it: an apply is an attempt to deploy,
 * a plan is a check for drift.
 *
 * <p>Only the summary of an apply says that it went through. A run that began to change something and wrote none has
 * failed, whether it says so by an error or ends in the middle, for the step sends what was written when Terraform is gone.
 * One that failed before it changed anything wrote the same as a plan that failed: whether it was an apply only the step
 * knows.
 */
public final class TerraformAdapter extends MappedAdapter {
    /**
     * Creates the adapter.
     *
     * @param mappings how a connection's names become Sluice's
     */
    public TerraformAdapter(Function<String, ConnectionMapping> mappings) {
        super("terraform", mappings);
    }

    @Override
    protected Outcome read(DeliveryReading reading) {
        TerraformOutput output = TerraformOutput.read(reading.delivery().body());
        TerraformRun run = TerraformRun.of(reading);
        Optional<Place> shown = output.shown();
        return shown.isPresent()
                ? shown(reading, run, shown.get())
                : written(reading, run, TerraformStream.of(output.documents()));
    }

    private static Outcome shown(DeliveryReading reading, TerraformRun run, Place document) {
        if (document.at("planned_values").isAbsent()) {
            return new Outcome.Ignored(
                    Reason.UNUSED_EVENT, "a state says what there is, not what was done or checked: send a plan");
        }
        Place time = document.at("timestamp");
        TerraformDrift drift = TerraformDrift.shown(document.at("resource_drift"));
        boolean whole = !document.at("errored").isTrue()
                && !Boolean.FALSE.equals(document.at("complete").optionalFlag());
        return checked(
                reading, run, drift, whole, time.isAbsent() ? reading.delivery().receivedAt() : reading.past(time));
    }

    private static Outcome written(DeliveryReading reading, TerraformRun run, TerraformStream stream) {
        if (stream.applied() != null) {
            return deployed(reading, run, stream, DeploymentState.SUCCESS, stream.applied());
        }
        if (stream.applying() || run.applies()) {
            return deployed(reading, run, stream, DeploymentState.FAILURE, stream.last());
        }
        return checked(
                reading,
                run,
                stream.drift(),
                stream.planned() && !stream.failed(),
                reading.past(stream.last().at("@timestamp")));
    }

    private static Outcome deployed(
            DeliveryReading reading, TerraformRun run, TerraformStream stream, DeploymentState state, Place end) {
        Instant finishedAt = reading.past(end.at("@timestamp"));
        return reading.in(
                run.environment(),
                new DeploymentObserved(
                        reading.header(
                                finishedAt,
                                "apply",
                                run.nativeId(),
                                run.service(),
                                run.environment(),
                                state.name(),
                                finishedAt.toString()),
                        DeploymentObserved.deploymentId(reading.source(), run.nativeId()),
                        run.service(),
                        run.environment(),
                        state,
                        0,
                        0,
                        null,
                        reading.past(stream.first().at("@timestamp")),
                        run.version(),
                        run.repository(),
                        run.sha(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    /** A plan that did not look at everything may still have seen drift, but that it saw none says nothing. */
    private static Outcome checked(
            DeliveryReading reading, TerraformRun run, TerraformDrift drift, boolean whole, Instant checkedAt) {
        if (!whole && !drift.isThere()) {
            return new Outcome.Ignored(
                    Reason.RUN_WITHOUT_RESULT,
                    "the run failed or looked at a part only: nothing was applied and no drift was seen. A plan and an"
                            + " apply that fail so early write the same: an apply is counted with command=apply");
        }
        return reading.in(
                run.environment(),
                new DriftChecked(
                        reading.header(
                                checkedAt,
                                "plan",
                                run.nativeId(),
                                run.service(),
                                run.environment(),
                                Boolean.toString(drift.isThere())),
                        DriftChecked.checkId(reading.source(), run.nativeId()),
                        run.service(),
                        run.environment(),
                        run.resource(),
                        drift.isThere(),
                        drift.fingerprint(),
                        run.interval(),
                        0,
                        false));
    }
}
