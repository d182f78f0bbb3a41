package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.gate.Evidence.Running;
import dev.sluice.gate.Evidence.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * That another environment is like the one that is asked for: what is to be deployed runs there already, and other services that are named
 * run there in the versions that they have here.
 *
 * @param with the other environment
 * @param services other services that must be of one version in both; may be empty
 * @param mostDifferences how many services may differ
 * @param whenMissing the answer where it is not known of a service what runs: DENY, PENDING or, if the policy says so, ALLOW
 */
public record ParityRequirement(String with, Set<String> services, int mostDifferences, Outcome whenMissing)
        implements Requirement {
    public ParityRequirement {
        services = Set.copyOf(services);
        Requirement.requireNoError(whenMissing);
        if (with.isBlank()) {
            throw new IllegalArgumentException("with must not be empty");
        }
        if (mostDifferences < 0) {
            throw new IllegalArgumentException("mostDifferences must not be negative: " + mostDifferences);
        }
    }

    @Override
    public String kind() {
        return "parity";
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        var unknown = new ArrayList<String>();
        var different = new ArrayList<String>();
        Optional<Running> there = running(input.service(), with, input);
        if (there.isEmpty()) {
            unknown.add(input.service());
        } else if (!there.get().subject().isAbout(input.artifact())) {
            different.add(input.service());
        }
        for (String service : new TreeSet<>(services)) {
            Optional<Running> here = running(service, input.environment(), input);
            Optional<Running> other = running(service, with, input);
            if (service.equals(input.service())) {
                continue;
            }
            if (here.isEmpty() || other.isEmpty()) {
                unknown.add(service);
            } else if (differs(here.get().subject(), other.get().subject())) {
                different.add(service);
            }
        }
        return finding(different, unknown);
    }

    private Finding finding(List<String> different, List<String> unknown) {
        var read = new ConditionResult.Reading[] {
            reading("parity.different", String.join(", ", different)),
            reading("parity.unknown", String.join(", ", unknown))
        };
        if (different.size() > mostDifferences) {
            return Finding.unmet(with + " has another version of " + String.join(", ", different), read);
        }
        return unknown.isEmpty()
                ? Finding.met(with + " has the same versions", read)
                : Finding.missing(
                        whenMissing, "it is not known which version of " + String.join(", ", unknown) + " runs", read);
    }

    /** Of one digest, or, where one of them names none, of one version. */
    private static boolean differs(Subject one, Subject other) {
        if (one.digest() != null && other.digest() != null) {
            return !one.digest().equals(other.digest());
        }
        return one.version() == null || !one.version().equals(other.version());
    }

    private static Optional<Running> running(String service, String environment, EvaluationInput input) {
        return input.evidence().running().stream()
                .filter(found ->
                        found.service().equals(service) && found.environment().equals(environment))
                .findFirst();
    }
}
