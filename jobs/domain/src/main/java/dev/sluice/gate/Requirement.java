package dev.sluice.gate;

import dev.sluice.gate.ConditionResult.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is required of evidence. Each kind is judged from what is known and the time alone. */
public sealed interface Requirement
        permits ApprovalRequirement,
                ArtifactRequirement,
                BudgetRequirement,
                CanaryRequirement,
                DriftRequirement,
                DrillRequirement,
                ExternalRequirement,
                FreezeRequirement,
                IncidentRequirement,
                ParityRequirement,
                TrendRequirement,
                ValidationRequirement {
    /** Returns the kind, as policies spell it. */
    String kind();

    /** Returns whether it is about {@link Evidence}, so that its age matters; else it is about what runs. */
    default boolean isOfEvidence() {
        return true;
    }

    /**
     * Judges the evidence.
     *
     * @param input what is asked and known
     * @param now the moment of the decision
     */
    Finding judge(EvaluationInput input, Instant now);

    /**
     * What comes out.
     *
     * @param outcome the answer
     * @param code why, for programs
     * @param reason why, in words and numbers
     * @param read what was seen, by name
     */
    record Finding(Outcome outcome, ReasonCode code, String reason, List<Reading> read) {
        public Finding {
            read = List.copyOf(read);
        }

        static Finding met(String reason, Reading... read) {
            return new Finding(Outcome.ALLOW, ReasonCode.PASSED, reason, List.of(read));
        }

        static Finding unmet(String reason, Reading... read) {
            return new Finding(Outcome.DENY, ReasonCode.UNMET, reason, List.of(read));
        }

        static Finding waiting(String reason, Reading... read) {
            return new Finding(Outcome.PENDING, ReasonCode.WAITING, reason, List.of(read));
        }

        /** There is nothing to judge; the policy says what that means. */
        static Finding missing(Outcome whenMissing, String reason, Reading... read) {
            return new Finding(
                    whenMissing, ReasonCode.NO_DATA, reason + "; " + Sentences.consequence(whenMissing), List.of(read));
        }

        /** What there is is too old; the policy says what that means, as if there were none. */
        static Finding tooOld(Outcome whenMissing, String what, Duration age, Duration limit, Reading... read) {
            return new Finding(
                    whenMissing,
                    ReasonCode.STALE_EVIDENCE,
                    what + " is " + Sentences.duration(age) + " old; at most " + Sentences.duration(limit)
                            + " is accepted; " + Sentences.consequence(whenMissing),
                    List.of(read));
        }

        static Finding impossible(ReasonCode code, String reason, Reading... read) {
            return new Finding(Outcome.ERROR, code, reason, List.of(read));
        }

        static Reading reading(String name, @Nullable Object value) {
            return new Reading(name, value == null ? null : value.toString());
        }
    }

    /** Returns the time from then to now; what is of the future is as of now, for clocks differ. */
    static Duration age(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** Refuses what no policy may ask for where something is missing. */
    static void requireNoError(Outcome whenMissing) {
        if (whenMissing == Outcome.ERROR) {
            throw new IllegalArgumentException("whenMissing must be DENY, PENDING or ALLOW");
        }
    }

    /** Refuses a length of time that is none. */
    static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be positive: " + duration);
        }
    }
}
