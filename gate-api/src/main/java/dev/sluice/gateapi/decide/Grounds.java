package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gate.Exemption;
import dev.sluice.gate.GateOverride;
import dev.sluice.gate.Policy;
import dev.sluice.gate.Waivers;
import dev.sluice.gateapi.policy.Policies;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a decision stands on that may be taken away before the decision expires.
 *
 * @param policies digests of the policies that were in force
 * @param exemptions ids of those that it rests on, or shows
 * @param override id of what has opened the gate; null where the rules have decided
 */
public record Grounds(
        List<String> policies,
        Set<String> exemptions,
        @Nullable String override) {
    /** Copies its arguments. */
    public Grounds {
        policies = policies.stream().sorted().toList();
        exemptions = Set.copyOf(exemptions);
    }

    static Grounds of(DecisionRecord decision) {
        return new Grounds(
                decision.policies().stream()
                        .map(DecisionRecord.PolicyReference::digest)
                        .toList(),
                decision.rules().stream()
                        .map(DecisionRecord.RuleAnswer::exemption)
                        .filter(Objects::nonNull)
                        .map(DecisionRecord.Exempted::id)
                        .collect(Collectors.toSet()),
                decision.override() == null ? null : decision.override().id());
    }

    /** Reads them from a decision as the log has it; nothing where they cannot be told. */
    static Optional<Grounds> read(JsonNode decision) {
        var digests = new ArrayList<String>();
        for (JsonNode policy : decision.path("policies")) {
            digests.add(policy.path("digest").asText());
        }
        var exemptions = new HashSet<String>();
        for (JsonNode rule : decision.path("rules")) {
            if (rule.path("exemption").isObject()) {
                exemptions.add(rule.at("/exemption/id").asText());
            }
        }
        boolean known = decision.path("policies").isArray()
                && decision.path("rules").isArray()
                && !digests.contains("")
                && !exemptions.contains("");
        return known
                ? Optional.of(new Grounds(
                        digests, exemptions, decision.at("/override/id").textValue()))
                : Optional.empty();
    }

    /**
     * Returns which of them is gone, in words; nothing where the decision holds until it expires.
     *
     * @param known what is in force now
     * @param tenant the decision's
     * @param gate the decision's
     * @param environment the decision's
     */
    public Optional<String> gone(Policies known, String tenant, String gate, String environment) {
        List<String> hold = Policy.inForce(known.inForce(tenant), gate, environment).stream()
                .map(Policy::digest)
                .sorted()
                .toList();
        if (!hold.equals(policies)) {
            return Optional.of("the policies of the gate have changed since the decision; ask the gate again");
        }
        return stillLifted(known.waivers(tenant))
                ? Optional.empty()
                : Optional.of("what lifted the policies for the decision has ended; ask the gate again");
    }

    private boolean stillLifted(Waivers waivers) {
        boolean overridden = override == null
                || waivers.overrides().stream().map(GateOverride::id).anyMatch(override::equals);
        return overridden
                && waivers.exemptions().stream()
                        .map(Exemption::id)
                        .collect(Collectors.toSet())
                        .containsAll(exemptions);
    }
}
