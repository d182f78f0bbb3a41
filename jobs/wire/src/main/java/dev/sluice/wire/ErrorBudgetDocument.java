package dev.sluice.wire;

import dev.sluice.rollback.Burn;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * How many events of a service were good, by which an objective is held: the document of a {@link Control} of kind
 * {@link Control#ERROR_BUDGET}.
 *
 * @param service of which service
 * @param environment where
 * @param slo name of the objective
 * @param windowSeconds over how long they were counted
 * @param good how many were good
 * @param total how many there were
 * @param at when the window ended
 */
public record ErrorBudgetDocument(
        String service, String environment, String slo, long windowSeconds, long good, long total, Instant at) {
    private static final Pattern OWN_NUMBER = Pattern.compile("\\.[0-9a-f]{16}$");

    /**
     * Reads the document of a control record.
     *
     * @throws MalformedRecordException if it is none
     */
    public static ErrorBudgetDocument of(Control control) {
        return Json.read(Json.bytes(control.document()), ErrorBudgetDocument.class);
    }

    /** Returns the counts, said by whoever has said the control record. */
    public Burn burn(Control control) {
        return new Burn(slo, windowSeconds, good, total, source(control.principal()), at);
    }

    /** Returns the name by which a credential is believed: of a CI system that of the rule, for each of its tokens has one of its own. */
    public static String source(String principal) {
        return OWN_NUMBER.matcher(principal).replaceFirst("");
    }
}
