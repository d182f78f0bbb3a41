package dev.sluice.gateapi.callers.asked;

import dev.sluice.gate.Outcome;
import dev.sluice.gateapi.decide.GivenDecision;
import org.jspecify.annotations.Nullable;

/**
 * What a caller is told.
 *
 * @param state whether it may go on
 * @param reason why, in one sentence
 * @param gate the gate that has decided; null where none was asked
 * @param decision id of its decision; null where none was asked
 */
public record Reply(
        State state,
        String reason,
        @Nullable String gate,
        @Nullable String decision) {
    /** Whether the caller may go on. */
    public enum State {
        /** That is not known yet. */
        PENDING,
        /** Yes. */
        ALLOWED,
        /** No; also where nothing could be decided. */
        DENIED
    }

    static Reply of(GivenDecision decision) {
        Outcome outcome = decision.outcome();
        State state = switch (outcome) {
            case ALLOW -> State.ALLOWED;
            case PENDING -> State.PENDING;
            case DENY, ERROR -> State.DENIED;
        };
        return new Reply(state, decision.reason(), decision.gate(), decision.id());
    }

    static Reply refusal(String reason) {
        return new Reply(State.DENIED, reason, null, null);
    }

    /** Returns whether nothing is said after it. */
    public boolean isFinal() {
        return state != State.PENDING;
    }

    /**
     * Returns the reply as Markdown of a few lines. What others have written, such as the names in a reason, stands in a block of code: there
     * neither a link nor the name of a person means anything.
     *
     * @param url where people reach the API; null if that is not known
     * @param most characters that it may have
     */
    public String markdown(@Nullable String url, int most) {
        String verdict = switch (state) {
            case PENDING -> "Sluice has not decided yet.";
            case ALLOWED -> "Sluice allows this.";
            case DENIED -> "Sluice does not allow this.";
        };
        String link = decision == null
                ? ""
                : url == null
                        ? "Decision `" + decision + "`"
                        : "[Decision " + decision + "](" + url + "/v1/decisions/" + decision + ")";
        String frame = verdict + "\n\n```text\n\n```\n" + link;
        int room = Math.max(0, most - frame.length());
        String plain = plain();
        String shown = plain.length() <= room ? plain : plain.substring(0, Math.max(0, room - 1)) + "…";
        return verdict + "\n\n```text\n" + shown + "\n```\n" + link;
    }

    /** Returns the reply in one line without markup, of so many characters at most. */
    public String line(int most) {
        String text = plain() + (decision == null ? "" : " (decision " + decision + ")");
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }

    private String plain() {
        return (gate == null ? "" : gate + ": ") + reason.replace('`', '\'').replaceAll("\\p{Cntrl}", " ");
    }
}
