package dev.sluice.gateapi.decide;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import dev.sluice.gate.Decision;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.Evidence;
import dev.sluice.gate.Evidence.ExternalAnswer;
import dev.sluice.gate.EvidenceRule;
import dev.sluice.gate.GateEvaluator;
import dev.sluice.gate.Policy;
import dev.sluice.gateapi.governance.EvidenceView;
import dev.sluice.gateapi.ids.TimedIds;
import dev.sluice.gateapi.policy.Policies;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Judges a gate by what this replica knows now, or by what was known when a decision was made. */
final class GateJudge {
    private final Views views;
    private final Policies policies;
    private final EvidenceView evidence;
    private final ExternalRules externals;
    private final GateEvaluator evaluator = new GateEvaluator();

    GateJudge(Views views, Policies policies, EvidenceView evidence, ExternalRules externals) {
        this.views = views;
        this.policies = policies;
        this.evidence = evidence;
        this.externals = externals;
    }

    /** Returns the policies that hold now for a tenant. */
    List<Policy> policies(String tenant) {
        return policies.inForce(tenant);
    }

    /**
     * Judges a gate by what is known when those have answered whom its rules ask; at once where they ask nobody.
     *
     * @param id the decision's
     * @param asked what is asked
     * @param asker who asks
     * @param clock the moment of the decision; taken to the millisecond, as it is logged
     */
    CompletableFuture<Judged> judge(String id, GateRequest asked, DecisionRecord.Asker asker, Clock clock) {
        return externals
                .ask(Policy.inForce(policies(asker.tenant()), asked.gate(), asked.environment()), asked, asker)
                .thenApply(answers -> judge(id, asked, asker, answers, clock.instant()));
    }

    private Judged judge(
            String id, GateRequest asked, DecisionRecord.Asker asker, List<ExternalAnswer> answers, Instant moment) {
        Instant now = moment.truncatedTo(ChronoUnit.MILLIS);
        Optional<Held<DoraRow>> row = views.dora(asker.tenant(), asked.service(), asked.environment());
        Optional<Held<CurrentRow>> current = views.current(asker.tenant(), asked.service(), asked.environment());
        Optional<Duration> age = views.missing().isEmpty() ? views.age(row, now) : Optional.empty();
        List<Policy> inForce = policies.inForce(asker.tenant());
        var known = new Snapshot(
                row.map(Held::row).orElse(null),
                current.map(Held::row).orElse(null),
                age.map(Duration::toMillis).orElse(null),
                null,
                evidence(asked, asker, inForce, answers, now));
        EvaluationInput input = known.input(asked);
        Snapshot snapshot = known.with(policies.waivers(asker.tenant()).concerning(input, now));
        Decision decision = evaluator.evaluate(inForce, snapshot.lifted(), input, askedAt(id, now), now);
        return new Judged(DecisionRecord.of(id, asked, asker, decision, inputs(row, current)), snapshot);
    }

    /** It is gathered only where a rule asks for it: most gates do without. */
    private @Nullable Evidence evidence(
            GateRequest asked,
            DecisionRecord.Asker asker,
            List<Policy> all,
            List<ExternalAnswer> answers,
            Instant now) {
        List<Policy> inForce = Policy.inForce(all, asked.gate(), asked.environment());
        boolean isAsked = inForce.stream()
                .flatMap(policy -> policy.rules().stream())
                .anyMatch(rule -> rule instanceof EvidenceRule required
                        && required.requirement().isOfEvidence());
        if (!isAsked) {
            return null;
        }
        var question = new EvidenceView.Question(
                asker.tenant(), asked.service(), asked.environment(), Snapshot.artifact(asked), asker.owner());
        return evidence.of(question, inForce, now).with(answers);
    }

    /**
     * Judges a recorded decision again, by what was known then.
     *
     * @param recorded the decision as it is logged
     * @param snapshot what it was made of
     * @param by the policies to judge by
     */
    DecisionRecord again(DecisionRecord recorded, Snapshot snapshot, List<Policy> by) {
        Decision decision = evaluator.evaluate(
                by,
                snapshot.lifted(),
                snapshot.input(recorded.request()),
                askedAt(recorded.id(), recorded.decidedAt()),
                recorded.decidedAt());
        return DecisionRecord.of(recorded.id(), recorded.request(), recorded.asker(), decision, recorded.inputs());
    }

    /** A decision keeps its id while it is pending, and the id tells when it was first asked for. */
    private static Instant askedAt(String id, Instant now) {
        return TimedIds.timeOf(id).filter(asked -> asked.isBefore(now)).orElse(now);
    }

    private List<DecisionRecord.Input> inputs(Optional<Held<DoraRow>> row, Optional<Held<CurrentRow>> current) {
        var inputs = new ArrayList<DecisionRecord.Input>();
        row.ifPresent(held -> inputs.add(new DecisionRecord.Input(
                held.topic(),
                held.partition(),
                held.offset(),
                held.key(),
                held.row().asOfDay(),
                held.row().computedAt())));
        current.ifPresent(held -> inputs.add(new DecisionRecord.Input(
                held.topic(),
                held.partition(),
                held.offset(),
                held.key(),
                null,
                held.row().computedAt())));
        views.doraProgress()
                .forEach(held -> inputs.add(new DecisionRecord.Input(
                        held.topic(),
                        held.partition(),
                        held.offset(),
                        held.key(),
                        null,
                        held.row().at())));
        return inputs;
    }

    /**
     * A decision that was just made.
     *
     * @param decision the decision
     * @param snapshot what it was made of
     */
    record Judged(DecisionRecord decision, Snapshot snapshot) {}
}
