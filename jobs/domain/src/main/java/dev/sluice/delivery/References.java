package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one reference means: the deployments and incidents that it names, and those that ask for it. A reference is a text:
 * the id of a deployment or an incident, {@code service@version}, or an artifact's digest.
 *
 * <p>Of several deployments with the same name the asker means the latest one that was opened before it: of its own service
 * in its own environment where there is one, else in its own environment, else anywhere; an incident means a deployment by its id whenever that was opened. An
 * incident is meant by a deployment only, and only where no deployment is. An explicit reference that names nothing
 * resolves to nothing; it is never guessed.
 */
public final class References {
    private final String reference;
    private final Table<String, Named> named;
    private final Table<String, Question> questions;

    /**
     * Creates the reference over its tables.
     *
     * @param reference the text
     * @param named what it names, by identity, service and environment
     * @param questions those that ask for it, likewise, with what they were answered
     */
    public References(String reference, Table<String, Named> named, Table<String, Question> questions) {
        this.reference = reference;
        this.named = named;
        this.questions = questions;
    }

    /**
     * A deployment or an incident that a reference names.
     *
     * @param id its identity
     * @param incident whether it is an incident
     * @param service its service
     * @param environment its environment
     * @param openedAt the earliest moment known of it
     */
    public record Named(String id, boolean incident, String service, String environment, Instant openedAt) {
        String key() {
            return References.key(incident, id, service, environment);
        }

        boolean isSame(@Nullable Named other) {
            return other != null && key().equals(other.key());
        }
    }

    /**
     * A deployment that says what it repairs, or an incident that says what caused it.
     *
     * @param id its identity
     * @param incident whether it is an incident
     * @param service its service
     * @param environment its environment
     * @param openedAt the earliest moment known of it
     * @param claim what it has to say to the one whom it means; null while it has nothing to say, e.g. a repair that has not
     *     succeeded
     */
    public record Asking(
            String id,
            boolean incident,
            String service,
            String environment,
            Instant openedAt,
            @Nullable Claim claim) {
        String key() {
            return References.key(incident, id, service, environment);
        }
    }

    /**
     * What one that refers to a deployment says of it: that it failed.
     *
     * @param startedAt when the impact began; null where only the repair is known
     * @param endedAt when it was over: the incident was resolved, or the repair was deployed; null while it is not
     */
    public record Claim(
            @Nullable Instant startedAt, @Nullable Instant endedAt) {}

    /**
     * One that asks, and what it was answered last.
     *
     * @param asking who asks
     * @param target whom it means; null where nothing has that name
     */
    public record Question(Asking asking, @Nullable Named target) {
        public Question {
            requireNonNull(asking, "asking");
        }
    }

    /**
     * The answer to one that asks.
     *
     * @param asking who asks
     * @param before whom it meant until now; null where it was nobody
     * @param after whom it means now; null where nothing has that name, or it asks no more
     */
    public record Answer(
            Asking asking, @Nullable Named before, @Nullable Named after) {
        boolean differs() {
            return after == null ? before != null : !after.isSame(before);
        }

        /** Returns whom it meant and does not any more; null where there is nobody. */
        public @Nullable Named left() {
            return before == null || before.isSame(after) ? null : before;
        }
    }

    /** Does what a request asks for; returns the answers that follow. */
    public List<Answer> take(ReferenceRequest request) {
        Asking asking = request.asking();
        if (asking != null) {
            return request.withdrawn() ? unask(asking) : List.of(ask(asking));
        }
        Named name = requireNonNull(request.named(), "named");
        return request.withdrawn() ? unname(name) : name(name);
    }

    /** Adds or changes what the reference names; returns the answers that differ from those given before. */
    public List<Answer> name(Named what) {
        if (what.equals(named.get(what.key()))) {
            return List.of();
        }
        named.put(what.key(), what);
        return answers();
    }

    /** Takes a name back; returns the answers that differ from those given before. */
    public List<Answer> unname(Named what) {
        if (named.get(what.key()) == null) {
            return List.of();
        }
        named.remove(what.key());
        return answers();
    }

    /** Adds or changes one that asks; returns its answer. */
    public Answer ask(Asking asker) {
        Question before = questions.get(asker.key());
        Named target = resolve(asker);
        questions.put(asker.key(), new Question(asker, target));
        return new Answer(asker, before == null ? null : before.target(), target);
    }

    /** Forgets one that asked; returns the answer that it no longer has. */
    public List<Answer> unask(Asking asker) {
        Question before = questions.get(asker.key());
        if (before == null) {
            return List.of();
        }
        questions.remove(asker.key());
        return List.of(new Answer(asker, before.target(), null));
    }

    /** A deployment and an incident may have the same identity. */
    private static String key(boolean incident, String id, String service, String environment) {
        return (incident ? "incident\n" : "") + id + "\n" + service + "\n" + environment;
    }

    private List<Answer> answers() {
        var all = new ArrayList<Asking>();
        for (String id : questions.keys()) {
            all.add(Objects.requireNonNull(questions.get(id)).asking());
        }
        return all.stream().map(this::ask).filter(Answer::differs).toList();
    }

    private @Nullable Named resolve(Asking asker) {
        Named best = null;
        for (String id : named.keys()) {
            Named candidate = Objects.requireNonNull(named.get(id));
            if (isMeant(candidate, asker) && (best == null || isBetter(candidate, best, asker))) {
                best = candidate;
            }
        }
        return best;
    }

    private boolean isMeant(Named candidate, Asking asker) {
        if (candidate.incident()) {
            return !asker.incident();
        }
        if (asker.incident()) {
            return candidate.id().equals(reference) || !candidate.openedAt().isAfter(asker.openedAt());
        }
        return candidate.openedAt().isBefore(asker.openedAt())
                && !candidate.key().equals(asker.key());
    }

    private static boolean isBetter(Named candidate, Named best, Asking asker) {
        if (candidate.incident() != best.incident()) {
            return best.incident();
        }
        boolean here = candidate.environment().equals(asker.environment());
        boolean bestHere = best.environment().equals(asker.environment());
        if (here != bestHere) {
            return here;
        }
        boolean own = candidate.service().equals(asker.service());
        boolean bestOwn = best.service().equals(asker.service());
        if (here && own != bestOwn) {
            return own;
        }
        int order = candidate.openedAt().compareTo(best.openedAt());
        return order != 0 ? order > 0 : candidate.key().compareTo(best.key()) > 0;
    }
}
