package dev.sluice.dorajob.state;

import dev.sluice.dora.Failure;
import dev.sluice.dora.IncidentJudgement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@link IncidentJudgement}, flat. */
public record JudgementState(
        Failure.@Nullable Rule rule,
        List<String> deploymentIds,
        List<String> lookedAt,
        @Nullable Long distanceMs,
        IncidentJudgement.@Nullable Reason reason) {

    /** Returns the flat form. */
    public static JudgementState of(IncidentJudgement judgement) {
        return new JudgementState(
                judgement.rule(),
                judgement.deploymentIds(),
                judgement.lookedAt(),
                judgement.distanceMs(),
                judgement.reason());
    }

    /** Returns the domain's form. */
    public IncidentJudgement toDomain() {
        return new IncidentJudgement(rule, deploymentIds, lookedAt, distanceMs, reason);
    }
}
