package dev.sluice.standalone;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import dev.sluice.gate.Decision;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.GateEvaluator;
import dev.sluice.gate.Policy;
import dev.sluice.gate.Waivers;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.policy.PolicyReader;
import dev.sluice.gateapi.policy.PolicyVersion;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.ViewReader;
import dev.sluice.gateapi.views.Views;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What another replica of the gate API knows and would answer, by a clock of its own: its views, reader and rules. */
final class Replica implements AutoCloseable {
    private static final String TENANT = "default";
    private static final String PRODUCTION = "production";

    private final Clock clock;
    private final Views views;
    private final ViewReader reader;
    private final CelConditions conditions = new CelConditions();
    private final List<Policy> policies;

    Replica(String bootstrap, Path policies, Clock clock) {
        this.clock = clock;
        this.views = new Views(clock);
        var problems = new Problems();
        this.policies = new PolicyReader(conditions)
                .readAll(policies, problems).stream().map(PolicyVersion::policy).toList();
        problems.throwIfAny();
        this.reader = new ViewReader(bootstrap, views, clock, () -> {}, new SimpleMeterRegistry());
        reader.start();
    }

    /** Returns whether it has read everything that there was once. */
    boolean isReady() {
        return views.missing().isEmpty();
    }

    /** Returns its row of a service's metrics. */
    Optional<Held<DoraRow>> row(String service) {
        return views.dora(TENANT, service, PRODUCTION);
    }

    /** Returns what its gate answers. */
    Decision judge(String service) {
        Instant now = clock.instant();
        Optional<Held<DoraRow>> row = row(service);
        Optional<Held<CurrentRow>> current = views.current(TENANT, service, PRODUCTION);
        var input = new EvaluationInput(
                PRODUCTION,
                service,
                PRODUCTION,
                EvaluationInput.Artifact.UNKNOWN,
                row.map(Held::row).orElse(null),
                current.map(Held::row).orElse(null),
                views.age(row, now).orElse(null));
        return new GateEvaluator().evaluate(policies, Waivers.NONE, input, now);
    }

    /** Lets its reader stand still. */
    void pause() throws InterruptedException {
        reader.pause();
    }

    /** Lets its reader go on. */
    void resume() {
        reader.resume();
    }

    @Override
    public void close() {
        reader.close();
        conditions.close();
    }
}
