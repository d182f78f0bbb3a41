package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.gate.Evidence.CanaryRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * That the newest canary run of the version was Successful. One that goes on is waited for. A run is of a version: where a digest is named it must
 * be known of which version it is.
 *
 * @param environment where the canary ran; null for the environment that is asked for
 * @param maxAge age of its verdict beyond which it says nothing of today
 * @param whenMissing the answer where there is no run of the version, or its verdict is too old: DENY, PENDING or, if the policy says so, ALLOW
 * @param whenInconclusive the answer where the run was Inconclusive: DENY or PENDING
 */
public record CanaryRequirement(
        @Nullable String environment, Duration maxAge, Outcome whenMissing, Outcome whenInconclusive)
        implements Requirement {
    public CanaryRequirement {
        Requirement.requirePositive("maxAge", maxAge);
        Requirement.requireNoError(whenMissing);
        if (whenInconclusive != Outcome.DENY && whenInconclusive != Outcome.PENDING) {
            throw new IllegalArgumentException("whenInconclusive must be DENY or PENDING: " + whenInconclusive);
        }
    }

    @Override
    public String kind() {
        return "canary";
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        String version = input.artifact().version();
        if (version == null) {
            return Finding.missing(whenMissing, "no version was named, so no canary run is of it");
        }
        String digest = input.artifact().digest();
        if (digest != null
                && input.evidence().artifacts().stream()
                        .noneMatch(fact -> fact.digest().equals(digest) && version.equals(fact.version()))) {
            return Finding.missing(
                    whenMissing,
                    "a canary run is of a version, and nobody has said that " + digest + " is of " + version);
        }
        String where = environment == null ? input.environment() : environment;
        Optional<CanaryRun> newest = input.evidence().canaries().stream()
                .filter(run -> run.environment().equals(where) && version.equals(run.version()))
                .max(Comparator.comparing(CanaryRun::startedAt).thenComparing(CanaryRun::id));
        if (newest.isEmpty()) {
            return Finding.missing(whenMissing, "there is no canary run of version " + version + " in " + where);
        }
        return judge(newest.get(), now);
    }

    private Finding judge(CanaryRun run, Instant now) {
        var read = new ConditionResult.Reading[] {
            reading("canary.id", run.id()), reading("canary.state", run.state().label()), reading("canary.at", run.at())
        };
        String subject = "canary run " + run.id();
        return switch (run.state()) {
            case SUCCESSFUL -> {
                Duration age = Requirement.age(run.at(), now);
                yield age.compareTo(maxAge) > 0
                        ? Finding.tooOld(whenMissing, "the verdict of " + subject, age, maxAge, read)
                        : Finding.met(subject + " was Successful", read);
            }
            case FAILED -> Finding.unmet(subject + " Failed: " + run.reason(), read);
            case PENDING, RUNNING -> Finding.waiting(subject + " goes on: " + run.reason(), read);
            case INCONCLUSIVE ->
                new Finding(
                        whenInconclusive,
                        ReasonCode.INCONCLUSIVE,
                        subject + " is Inconclusive: " + run.reason() + "; " + Sentences.consequence(whenInconclusive),
                        List.of(read));
            case ERROR -> Finding.impossible(ReasonCode.RULE_ERROR, subject + " is in Error: " + run.reason(), read);
        };
    }
}
