package dev.sluice.dorajob;

import dev.sluice.delivery.DeployedHead;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentRegister;
import dev.sluice.delivery.Table;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.GraphInput;
import dev.sluice.dorajob.state.HeadState;
import dev.sluice.dorajob.state.ObservationState;
import dev.sluice.dorajob.state.ReferenceInput;
import dev.sluice.wire.Keys;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

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
            out.collect(new GraphInput(Keys.of(tenant, left), tenant, left, null, null, headKey, null));
        }
        String repository = after.repository();
        out.collect(new GraphInput(
                Keys.of(tenant, repository == null ? after.service() : repository),
                tenant,
                repository,
                null,
                head == null ? null : HeadState.of(head),
                head == null ? headKey : null,
                new DeliveryInput(
                        Keys.of(tenant, after.service(), after.environment()),
                        tenant,
                        after.service(),
                        after.environment(),
                        observation,
                        null,
                        null,
                        null)));
        announce(tenant, change, context);
    }

    private static void announce(String tenant, DeploymentRegister.Change change, Context context) {
        DeploymentAttempt before = change.before();
        DeploymentAttempt after = change.after();
        Set<String> namesBefore = names(before);
        Set<String> namesAfter = names(after);
        for (String name : namesBefore) {
            if (!namesAfter.contains(name) && before != null) {
                context.output(REFERENCES, reference(tenant, name, false, true, before));
            }
        }
        boolean changed = before == null || !before.openedAt().equals(after.openedAt());
        for (String name : namesAfter) {
            if (changed || !namesBefore.contains(name)) {
                context.output(REFERENCES, reference(tenant, name, false, false, after));
            }
        }
        String askedBefore = asked(before);
        String askedAfter = asked(after);
        if (askedBefore != null && before != null && !askedBefore.equals(askedAfter)) {
            context.output(REFERENCES, reference(tenant, askedBefore, true, true, before));
        }
        if (askedAfter != null && (changed || !askedAfter.equals(askedBefore))) {
            context.output(REFERENCES, reference(tenant, askedAfter, true, false, after));
        }
    }

    private static @Nullable String asked(@Nullable DeploymentAttempt attempt) {
        return attempt == null || attempt.deleted() ? null : attempt.remediates();
    }

    private static Set<String> names(@Nullable DeploymentAttempt attempt) {
        var names = new LinkedHashSet<String>();
        if (attempt == null || attempt.deleted()) {
            return names;
        }
        names.add(attempt.id());
        if (attempt.version() != null) {
            names.add(attempt.service() + "@" + attempt.version());
        }
        if (attempt.digest() != null) {
            names.add(attempt.digest());
        }
        return names;
    }

    private static ReferenceInput reference(
            String tenant, String name, boolean asks, boolean withdrawn, DeploymentAttempt attempt) {
        return new ReferenceInput(
                Keys.of(tenant, name),
                tenant,
                name,
                asks,
                withdrawn,
                attempt.id(),
                attempt.service(),
                attempt.environment(),
                attempt.openedAt());
    }
}
