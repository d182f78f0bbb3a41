package dev.sluice.gateapi.decide;

import dev.sluice.gateapi.decide.DecisionRecord.Asker;
import dev.sluice.gateapi.decide.GateJudge.Judged;
import dev.sluice.gateapi.policy.Policies;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks gates for those who are answered by a call of their own. Each decision stands in the log before it is returned, and of one id the
 * first final one in the log counts, whichever replica has asked.
 */
public final class GateQuestions {
    private final GateJudge judge;
    private final Policies policies;
    private final DecisionLog log;
    private final PendingDecisions pending;
    private final Clock clock;

    GateQuestions(GateJudge judge, Policies policies, DecisionLog log, PendingDecisions pending, Clock clock) {
        this.judge = judge;
        this.policies = policies;
        this.log = log;
        this.pending = pending;
        this.clock = clock;
    }

    /** Returns whether a text can be the name of a gate. */
    public static boolean isGate(String name) {
        return GateRequest.GATE.matcher(name).matches();
    }

    /**
     * What is asked, and by whom.
     *
     * @param tenant whose gate it is
     * @param principal name of what has let the question in
     * @param gate the gate's name
     * @param service which service
     * @param environment where it would go
     * @param version what would go there, as its users call it; null where that is not said
     * @param commit that it was built from; null where that is not said
     */
    public record Question(
            String tenant,
            String principal,
            String gate,
            String service,
            String environment,
            @Nullable String version,
            @Nullable String commit) {
        private GateRequest request() {
            boolean isNothing = version == null && commit == null;
            return new GateRequest(
                    gate, service, environment, isNothing ? null : new GateRequest.Artifact(version, null, commit));
        }
    }

    /**
     * Decides now.
     *
     * @param id of the decision: made now, by which it is found in the log
     * @param question what is asked
     * @return the decision when the log has it; fails if it cannot be logged
     */
    public CompletableFuture<GivenDecision> decide(String id, Question question) {
        Asker asker = new Asker(question.tenant(), question.principal(), question.principal());
        return judge.judge(id, question.request(), asker, clock)
                .thenCompose(judged -> pending.counted(logged(judged)))
                .thenApply(written -> new GivenDecision(written.decision()));
    }

    private CompletableFuture<WrittenDecision> logged(Judged judged) {
        DecisionRecord decision = judged.decision();
        return decision.isPending()
                ? log.append(decision, judged.snapshot())
                : log.resolve(decision, judged.snapshot());
    }

    /** Returns the decision of an id that the log has, the final one if there is one; nothing if it has none. */
    public CompletableFuture<Optional<GivenDecision>> find(String tenant, String id) {
        return log.find(tenant, id).thenApply(found -> found.map(GivenDecision::new));
    }

    /** Returns whether what a decision rests on still holds: the policies of its gate are the same, and nothing that lifts them has ended. */
    public boolean stillHolds(GivenDecision decision) {
        DecisionRecord made = decision.record();
        return Grounds.of(made)
                .gone(policies, made.tenant(), made.gate(), made.environment())
                .isEmpty();
    }

    /** Returns what a pending decision is now: still pending, or final and logged. */
    public CompletableFuture<GivenDecision> again(GivenDecision decision) {
        return pending.resolve(decision.record()).thenApply(GivenDecision::new);
    }
}
