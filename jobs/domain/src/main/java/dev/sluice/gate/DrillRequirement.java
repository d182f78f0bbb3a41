package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.gate.Evidence.Drill;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * That a rollback of the service was rehearsed, not too long ago, and fast enough.
 *
 * @param environment where; null for the environment that is asked for
 * @param maxAge age of the newest drill beyond which it says nothing of today
 * @param maxRecovery how long the rollback may have taken; null for any time
 * @param sources names of the credentials that are believed; empty for all
 * @param whenMissing the answer where there was no drill, or too long ago: DENY, PENDING or, if the policy says so, ALLOW
 */
public record DrillRequirement(
        @Nullable String environment,
        Duration maxAge,
        @Nullable Duration maxRecovery,
        Set<String> sources,
        Outcome whenMissing)
        implements Requirement {
    public DrillRequirement {
        sources = Set.copyOf(sources);
        Requirement.requirePositive("maxAge", maxAge);
        Requirement.requireNoError(whenMissing);
        if (maxRecovery != null) {
            Requirement.requirePositive("maxRecovery", maxRecovery);
        }
    }

    @Override
    public String kind() {
        return "drill";
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        String where = environment == null ? input.environment() : environment;
        Optional<Drill> newest = input.evidence().drills().stream()
                .filter(drill ->
                        drill.environment().equals(where) && (sources.isEmpty() || sources.contains(drill.source())))
                .max(Comparator.comparing(Drill::at));
        if (newest.isEmpty()) {
            return Finding.missing(whenMissing, "no rollback was rehearsed in " + where);
        }
        Drill drill = newest.get();
        var read = new ConditionResult.Reading[] {
            reading("drill.at", drill.at()),
            reading("drill.succeeded", drill.succeeded()),
            reading("drill.recovery", Sentences.duration(drill.recovery()))
        };
        if (drill.recovery().isNegative()) {
            return Finding.impossible(ReasonCode.NOT_A_NUMBER, "the drill took " + drill.recovery(), read);
        }
        if (!drill.succeeded()) {
            return Finding.unmet("the newest rollback drill in " + where + " did not succeed", read);
        }
        Duration age = Requirement.age(drill.at(), now);
        if (age.compareTo(maxAge) > 0) {
            return Finding.tooOld(whenMissing, "the newest rollback drill in " + where, age, maxAge, read);
        }
        String took = "the rollback drill of " + Sentences.duration(age) + " ago took "
                + Sentences.duration(drill.recovery());
        return maxRecovery != null && drill.recovery().compareTo(maxRecovery) > 0
                ? Finding.unmet(took + "; at most " + Sentences.duration(maxRecovery) + " is accepted", read)
                : Finding.met(took, read);
    }
}
