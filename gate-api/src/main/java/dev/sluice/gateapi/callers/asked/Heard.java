package dev.sluice.gateapi.callers.asked;

import dev.sluice.gateapi.deliver.Answer;
import dev.sluice.rollback.DeliveryReport.Outcome;
import java.util.Map;

/**
 * What came of a call.
 *
 * @param answer whether it was taken; refused means that it will never be
 * @param notes what the answers have said that later calls need
 */
public record Heard(Answer answer, Map<String, String> notes) {
    public Heard {
        notes = Map.copyOf(notes);
    }

    /** What came of a call of whose answer nothing else is needed. */
    public static Heard of(Answer answer) {
        return new Heard(answer, Map.of());
    }

    /** The call was not taken, and is to be made again. */
    public static Heard failed(String words) {
        return of(Answer.of(Outcome.FAILED, words));
    }
}
