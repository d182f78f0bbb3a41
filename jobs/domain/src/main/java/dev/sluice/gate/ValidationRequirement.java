package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.gate.Evidence.Running;
import dev.sluice.gate.Evidence.Validation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * That what is to be deployed was tried elsewhere: its tests passed there, and it has run there for some time.
 *
 * @param environment where
 * @param kinds the kinds of tests that must have passed, e.g. {@code smoke}; may be empty
 * @param soak how long it must have run there; null for not at all
 * @param maxAge age of a test beyond which it says nothing of today
 * @param sources names of the credentials that are believed; empty for all
 * @param whenMissing the answer where a test was not made, or too long ago, or it does not run there: DENY, PENDING or, if the policy says so,
 *     ALLOW
 */
public record ValidationRequirement(
        String environment,
        Set<String> kinds,
        @Nullable Duration soak,
        Duration maxAge,
        Set<String> sources,
        Outcome whenMissing)
        implements Requirement {
    public ValidationRequirement {
        sources = Set.copyOf(sources);
        kinds = Set.copyOf(kinds);
        Requirement.requirePositive("maxAge", maxAge);
        Requirement.requireNoError(whenMissing);
        if (environment.isBlank()) {
            throw new IllegalArgumentException("environment must not be empty");
        }
        if (soak != null) {
            Requirement.requirePositive("soak", soak);
        }
        if (kinds.isEmpty() && soak == null) {
            throw new IllegalArgumentException("nothing is required: neither kinds nor soak");
        }
    }

    @Override
    public String kind() {
        return "validation";
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        Finding worst = Finding.met("validated in " + environment);
        for (String kind : new TreeSet<>(kinds)) {
            worst = worse(worst, test(kind, input, now));
        }
        return soak == null ? worst : worse(worst, soaked(soak, input, now));
    }

    private boolean isBelieved(String source) {
        return sources.isEmpty() || sources.contains(source);
    }

    private static Finding worse(Finding one, Finding other) {
        boolean second = other.outcome().compareTo(one.outcome()) > 0;
        Finding prevails = second || one.read().isEmpty() ? other : one;
        var read = new ArrayList<>(one.read());
        read.addAll(other.read());
        return new Finding(prevails.outcome(), prevails.code(), prevails.reason(), read);
    }

    private Finding test(String kind, EvaluationInput input, Instant now) {
        Optional<Validation> newest = input.evidence().validations().stream()
                .filter(found -> found.kind().equals(kind)
                        && found.environment().equals(environment)
                        && found.subject().isAbout(input.artifact())
                        && isBelieved(found.source()))
                .max(Comparator.comparing(Validation::at));
        String subject = kind + " in " + environment;
        var read = reading(
                "validation." + kind,
                newest.map(found -> found.result().name().toLowerCase(Locale.ROOT))
                        .orElse(null));
        if (newest.isEmpty()) {
            return Finding.missing(whenMissing, subject + " was not made of this artifact", read);
        }
        Duration age = Requirement.age(newest.get().at(), now);
        return switch (newest.get().result()) {
            case FAILED -> Finding.unmet(subject + " failed", read);
            case RUNNING -> Finding.waiting(subject + " goes on", read);
            case PASSED ->
                age.compareTo(maxAge) > 0
                        ? Finding.tooOld(whenMissing, subject, age, maxAge, read)
                        : Finding.met(subject + " passed", read);
        };
    }

    private Finding soaked(Duration required, EvaluationInput input, Instant now) {
        Optional<Instant> since = input.evidence().running().stream()
                .filter(found -> found.service().equals(input.service())
                        && found.environment().equals(environment)
                        && found.subject().isAbout(input.artifact()))
                .findFirst()
                .map(Running::since);
        var read = reading("validation.running_since", since.orElse(null));
        if (since.isEmpty()) {
            return Finding.missing(whenMissing, "this artifact does not run in " + environment, read);
        }
        Duration age = Requirement.age(since.get(), now);
        String said = "it has run in " + environment + " for " + Sentences.duration(age);
        return age.compareTo(required) < 0
                ? Finding.waiting(said + " of " + Sentences.duration(required), read)
                : Finding.met(said, read);
    }
}
