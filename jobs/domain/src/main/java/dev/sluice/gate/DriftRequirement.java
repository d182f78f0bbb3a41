package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.dora.CurrentRow;
import java.time.Duration;
import java.time.Instant;

/**
 * That nothing of what runs has drifted from its description, by a check that is not too old.
 *
 * @param maxAge age of the last check beyond which it says nothing of today
 * @param whenMissing the answer where nothing was ever checked, or too long ago: DENY, PENDING or, if the policy says so, ALLOW
 */
public record DriftRequirement(Duration maxAge, Outcome whenMissing) implements Requirement {
    public DriftRequirement {
        Requirement.requirePositive("maxAge", maxAge);
        Requirement.requireNoError(whenMissing);
    }

    @Override
    public String kind() {
        return "drift";
    }

    @Override
    public boolean isOfEvidence() {
        return false;
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        CurrentRow current = input.current();
        if (current == null || current.drifted() == null || current.lastDriftCheckAt() == null) {
            return Finding.missing(whenMissing, "drift was never checked");
        }
        var read = new ConditionResult.Reading[] {
            reading("current.drifted", current.drifted()),
            reading("current.last_drift_check_at", current.lastDriftCheckAt())
        };
        if (current.drifted()) {
            return Finding.unmet("what runs has drifted from its description", read);
        }
        Duration age = Requirement.age(current.lastDriftCheckAt(), now);
        return age.compareTo(maxAge) > 0
                ? Finding.tooOld(whenMissing, "the last check of drift", age, maxAge, read)
                : Finding.met("nothing had drifted " + Sentences.duration(age) + " ago", read);
    }
}
