package dev.sluice.gateapi.decide;

import dev.sluice.gateapi.decide.DecisionRecord.RuleAnswer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A recorded decision beside what comes out when it is judged again, by what was known then.
 *
 * @param decisionId which decision
 * @param same whether all of it is equal: the outcome, its reason, the policies, and what each rule answered and saw
 * @param outcomeSame whether the outcome is equal
 * @param recorded the outcome that was recorded
 * @param replayed the outcome that comes out now
 * @param differences the rules that answer otherwise, or that only one of them has
 * @param result the decision as it comes out now; it is not logged and allows nothing
 */
record Replay(
        String decisionId,
        boolean same,
        boolean outcomeSame,
        Outcome recorded,
        Outcome replayed,
        List<Difference> differences,
        DecisionRecord result) {
    static Replay of(DecisionRecord recorded, DecisionRecord replayed) {
        List<Difference> differences = differences(recorded.rules(), replayed.rules());
        var before = Outcome.of(recorded);
        var after = Outcome.of(replayed);
        boolean same = differences.isEmpty()
                && before.equals(after)
                && recorded.policies().equals(replayed.policies())
                && recorded.freshness().equals(replayed.freshness())
                && Objects.equals(recorded.score(), replayed.score());
        return new Replay(
                recorded.id(),
                same,
                recorded.decision().equals(replayed.decision()),
                before,
                after,
                differences,
                replayed.withoutForce());
    }

    private static List<Difference> differences(List<RuleAnswer> recorded, List<RuleAnswer> replayed) {
        Map<List<@Nullable String>, RuleAnswer> before = byName(recorded);
        Map<List<@Nullable String>, RuleAnswer> after = byName(replayed);
        var differences = new ArrayList<Difference>();
        before.forEach((name, answer) -> {
            if (!answer.equals(after.get(name))) {
                differences.add(new Difference(answer.policy(), answer.rule(), answer, after.get(name)));
            }
        });
        after.forEach((name, answer) -> {
            if (!before.containsKey(name)) {
                differences.add(new Difference(answer.policy(), answer.rule(), null, answer));
            }
        });
        return differences;
    }

    private static Map<List<@Nullable String>, RuleAnswer> byName(List<RuleAnswer> answers) {
        Map<List<@Nullable String>, RuleAnswer> byName = new LinkedHashMap<>();
        for (RuleAnswer answer : answers) {
            byName.put(Arrays.asList(answer.policy(), answer.rule()), answer);
        }
        return byName;
    }

    /**
     * An outcome in short.
     *
     * @param decision allow, deny, pending or error
     * @param code why, for programs
     * @param reason why, in one sentence
     */
    record Outcome(String decision, String code, String reason) {
        static Outcome of(DecisionRecord decision) {
            return new Outcome(decision.decision(), decision.code(), decision.reason());
        }
    }

    /**
     * A rule that answers otherwise.
     *
     * @param policy its policy; null for the gate's own checks
     * @param rule its id
     * @param recorded what it answered; null where it was not asked
     * @param replayed what it answers now; null where it is not asked
     */
    record Difference(
            @Nullable String policy,
            String rule,
            @Nullable RuleAnswer recorded,
            @Nullable RuleAnswer replayed) {}
}
