package dev.sluice.gateapi.callers.asked;

import dev.sluice.gateapi.decide.GateQuestions;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A question to a gate as the control log keeps it, with what has become of it.
 *
 * @param caller the kind of caller, which says how it is answered
 * @param setup name of what was set up of the caller
 * @param askedAt when it came
 * @param subject what is asked; null where it is refused without a gate
 * @param refusal why it is refused without a gate; null where a gate is asked
 * @param facts what the caller has said, by which it is answered
 * @param decision id of the decision; null before the gate is asked
 * @param reports how often it was told that the decision is pending
 * @param said the words that were told last; null before the first
 * @param notes what the answers to calls have said that later ones need
 * @param ended what has become of it; null while it is open
 */
public record AskedQuestion(
        String caller,
        String setup,
        Instant askedAt,
        @Nullable Subject subject,
        @Nullable String refusal,
        SortedMap<String, String> facts,
        @Nullable String decision,
        int reports,
        @Nullable String said,
        SortedMap<String, String> notes,
        @Nullable Ended ended) {
    /** The note that the final answer was taken, though something that goes with it was not yet. */
    public static final String TOLD = "told";

    /** The fact that says where the API is by which the caller is answered. */
    public static final String API = "api";

    public AskedQuestion {
        if ((subject == null) == (refusal == null)) {
            throw new IllegalArgumentException("either a gate is asked or the question is refused");
        }
        facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
        notes = Collections.unmodifiableSortedMap(new TreeMap<>(notes));
    }

    /**
     * What a gate is asked.
     *
     * @param gate the gate's name
     * @param service which service
     * @param environment where it would go
     * @param version what would go there; null where that is not said
     * @param commit that it was built from; null where that is not said
     */
    public record Subject(
            String gate,
            String service,
            String environment,
            @Nullable String version,
            @Nullable String commit) {
        GateQuestions.Question question(String tenant, String principal) {
            return new GateQuestions.Question(tenant, principal, gate, service, environment, version, commit);
        }
    }

    /**
     * What has become of a question.
     *
     * @param outcome told, refused or given_up
     * @param words in words
     * @param at when
     */
    public record Ended(String outcome, String words, Instant at) {}

    /** Returns a question to a gate. */
    public static AskedQuestion of(
            String caller, String setup, Instant now, Subject subject, Map<String, String> facts) {
        return new AskedQuestion(
                caller, setup, now, subject, null, new TreeMap<>(facts), null, 0, null, new TreeMap<>(), null);
    }

    /** Returns a question that no gate is asked: the answer is no. */
    public static AskedQuestion refused(
            String caller, String setup, Instant now, String refusal, Map<String, String> facts) {
        return new AskedQuestion(
                caller, setup, now, null, refusal, new TreeMap<>(facts), null, 0, null, new TreeMap<>(), null);
    }

    static AskedQuestion of(Control control) {
        return Json.read(Json.bytes(control.document()), AskedQuestion.class);
    }

    /** Returns what the caller has said. */
    public String fact(String name) {
        return facts.getOrDefault(name, "");
    }

    /** Returns what an answer to a call has said; empty where none has. */
    public String note(String name) {
        return notes.getOrDefault(name, "");
    }

    /** Returns the name of what has let the question in, as decisions and the log have it. */
    String principal() {
        return caller + ":" + setup;
    }

    /** Returns whether another question asks the same, for the same caller. */
    boolean isSameAs(AskedQuestion other) {
        return Objects.equals(subject, other.subject)
                && Objects.equals(refusal, other.refusal)
                && facts.equals(other.facts);
    }

    /** Returns the question of the same caller that asks what another one does, of which nothing has been decided yet. */
    AskedQuestion asking(AskedQuestion other) {
        return new AskedQuestion(
                caller, setup, askedAt, other.subject, other.refusal, facts, null, reports, said, notes, ended);
    }

    AskedQuestion decidedBy(@Nullable String id) {
        return new AskedQuestion(caller, setup, askedAt, subject, refusal, facts, id, reports, said, notes, ended);
    }

    /** Returns whether it is to be told that the decision is pending: in other words than the last time, and not too often. */
    boolean isToBeReported(String words, int most) {
        return reports < most && !words.equals(said);
    }

    AskedQuestion reported(String words) {
        return new AskedQuestion(
                caller, setup, askedAt, subject, refusal, facts, decision, reports + 1, words, notes, ended);
    }

    AskedQuestion noted(Map<String, String> more) {
        var all = new TreeMap<>(notes);
        all.putAll(more);
        return new AskedQuestion(caller, setup, askedAt, subject, refusal, facts, decision, reports, said, all, ended);
    }

    AskedQuestion ended(String outcome, String words, Instant now) {
        var end = new Ended(outcome, words, now);
        return new AskedQuestion(caller, setup, askedAt, subject, refusal, facts, decision, reports, said, notes, end);
    }
}
