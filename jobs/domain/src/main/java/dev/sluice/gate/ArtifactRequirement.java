package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.gate.Evidence.ArtifactFact;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * That the artifact, named by its digest, was signed, and lies where it has to come from.
 *
 * @param signers of whom one must have signed it; empty for none
 * @param location what its location must be or lie below, e.g. {@code registry.example.org/shop}; null for anywhere
 * @param sources names of the credentials that are believed; empty for all
 * @param whenMissing the answer where no digest is named, or nothing is known of it: DENY, PENDING or, if the policy says so, ALLOW
 */
public record ArtifactRequirement(
        Set<String> signers, @Nullable String location, Set<String> sources, Outcome whenMissing)
        implements Requirement {
    public ArtifactRequirement {
        sources = Set.copyOf(sources);
        signers = Set.copyOf(signers);
        Requirement.requireNoError(whenMissing);
        if (signers.isEmpty() && location == null) {
            throw new IllegalArgumentException("nothing is required: neither signers nor location");
        }
    }

    @Override
    public String kind() {
        return "artifact";
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        String digest = input.artifact().digest();
        if (digest == null) {
            return Finding.missing(whenMissing, "no digest was named");
        }
        Optional<ArtifactFact> newest = input.evidence().artifacts().stream()
                .filter(fact -> fact.digest().equals(digest) && (sources.isEmpty() || sources.contains(fact.source())))
                .max(Comparator.comparing(ArtifactFact::at));
        if (newest.isEmpty()) {
            return Finding.missing(whenMissing, "nothing is known of " + digest);
        }
        ArtifactFact fact = newest.get();
        var read = new ConditionResult.Reading[] {
            reading("artifact.location", fact.location()),
            reading("artifact.signers", String.join(", ", new TreeSet<>(fact.signers())))
        };
        if (location != null && !liesBelow(fact.location(), location)) {
            return Finding.unmet("the artifact comes from " + fact.location() + ", not from " + location, read);
        }
        return signers.isEmpty() || signers.stream().anyMatch(fact.signers()::contains)
                ? Finding.met("the artifact is what it has to be", read)
                : Finding.unmet("none of those who must have signed the artifact has", read);
    }

    /** Of {@code a/b} lies {@code a/b/c} below, and {@code a/bc} does not. */
    private static boolean liesBelow(String place, String above) {
        return place.equals(above) || place.startsWith(above.endsWith("/") ? above : above + "/");
    }
}
