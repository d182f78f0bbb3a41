package dev.sluice.gate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a condition amounts to. It holds, it does not hold, or it could not be judged: the third is never taken for one
 * of the others.
 *
 * @param code PASSED where it holds, CONDITION where it does not, else why it could not be judged
 * @param failure why it could not be judged, in words; null where it was
 * @param read what it has read, in the order of reading
 */
public record ConditionResult(ReasonCode code, @Nullable String failure, List<Reading> read) {
    public ConditionResult {
        read = List.copyOf(read);
        boolean judged = code == ReasonCode.PASSED || code == ReasonCode.CONDITION;
        if (judged != (failure == null)) {
            throw new IllegalArgumentException("code " + code + " does not go with failure " + failure);
        }
    }

    /** Returns the result of a condition that was judged. */
    public static ConditionResult of(boolean holds, List<Reading> read) {
        return new ConditionResult(holds ? ReasonCode.PASSED : ReasonCode.CONDITION, null, read);
    }

    /** Returns the result of a condition that could not be judged. */
    public static ConditionResult failed(ReasonCode code, String failure, List<Reading> read) {
        return new ConditionResult(code, failure, read);
    }

    /**
     * Something that a condition has read.
     *
     * @param name its name, as the expression could write it
     * @param value its value as text; null where there is none
     */
    public record Reading(String name, @Nullable String value) {}
}
