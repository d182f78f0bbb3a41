package dev.sluice.gate;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a gate requires.
 *
 * @param name the policy's name
 * @param version as its author counts
 * @param digest of the content, e.g. {@code sha256:…}: what was in force, whatever the version says
 * @param gates names of the gates that it speaks of; {@code *} means each
 * @param environments the environments that it speaks of; null means each
 * @param expiry how long a decision may be relied on
 * @param staleAfter age of the data beyond which it is stale
 * @param staleOutcome the answer to stale data: DENY, PENDING or, if the policy says so, ALLOW
 * @param rules what is required
 * @param passScore how many percent of its rules must be met, by their weights: above 0, at most 100; null where none must
 * @param pendingFor how long its rules and checks may be pending before they deny; null: until the decision expires
 * @param byEnvironment what it requires in environments that have defaults of their own; in all others it is as it stands
 */
public record Policy(
        String name,
        String version,
        String digest,
        Set<String> gates,
        @Nullable Set<String> environments,
        Duration expiry,
        Duration staleAfter,
        Outcome staleOutcome,
        List<Rule> rules,
        @Nullable Double passScore,
        @Nullable Duration pendingFor,
        Map<String, Policy> byEnvironment) {
    /** Age beyond which data is stale, where a policy does not say. */
    public static final Duration DEFAULT_STALE_AFTER = Duration.ofSeconds(60);

    /** How long a decision may be relied on, where a policy does not say. */
    public static final Duration DEFAULT_EXPIRY = Duration.ofMinutes(15);

    private static final String EVERY_GATE = "*";
    private static final double MOST_SCORE = 100;

    public Policy {
        gates = Set.copyOf(gates);
        environments = environments == null ? null : Set.copyOf(environments);
        rules = List.copyOf(rules);
        byEnvironment = Map.copyOf(byEnvironment);
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be empty");
        }
        if (expiry.isNegative() || expiry.isZero()) {
            throw new IllegalArgumentException("expiry must be positive: " + expiry);
        }
        if (staleAfter.isNegative() || staleAfter.isZero()) {
            throw new IllegalArgumentException("staleAfter must be positive: " + staleAfter);
        }
        if (staleOutcome == Outcome.ERROR) {
            throw new IllegalArgumentException("staleOutcome must be DENY, PENDING or ALLOW");
        }
        if (passScore != null && !(passScore > 0 && passScore <= MOST_SCORE)) {
            throw new IllegalArgumentException("passScore must be above 0 and at most 100: " + passScore);
        }
        if (pendingFor != null && (pendingFor.isNegative() || pendingFor.isZero())) {
            throw new IllegalArgumentException("pendingFor must be positive: " + pendingFor);
        }
        var ids = new HashSet<String>();
        for (Rule rule : rules) {
            if (!ids.add(rule.id())) {
                throw new IllegalArgumentException("two rules are called " + rule.id());
            }
        }
    }

    /** Creates a policy without a score, whose rules may be pending until a decision expires. */
    public Policy(
            String name,
            String version,
            String digest,
            Set<String> gates,
            @Nullable Set<String> environments,
            Duration expiry,
            Duration staleAfter,
            Outcome staleOutcome,
            List<Rule> rules) {
        this(name, version, digest, gates, environments, expiry, staleAfter, staleOutcome, rules, null, null, Map.of());
    }

    /** Returns the policies that speak of a gate in an environment, as they are there. */
    public static List<Policy> inForce(List<Policy> policies, String gate, String environment) {
        return policies.stream()
                .filter(policy -> policy.appliesTo(gate, environment))
                .map(policy -> policy.in(environment))
                .toList();
    }

    /** Returns the policy as it is in an environment: under the same name, version and digest. */
    public Policy in(String environment) {
        return byEnvironment.getOrDefault(environment, this);
    }

    /** Returns the same with what it requires in environments that have defaults of their own. */
    public Policy withEnvironments(Map<String, Policy> its) {
        return new Policy(
                name,
                version,
                digest,
                gates,
                environments,
                expiry,
                staleAfter,
                staleOutcome,
                rules,
                passScore,
                pendingFor,
                its);
    }

    /** Returns the same under a digest, in each environment. */
    public Policy withDigest(String its) {
        var everywhere = new HashMap<String, Policy>();
        byEnvironment.forEach((environment, policy) -> everywhere.put(environment, policy.withDigest(its)));
        return new Policy(
                name,
                version,
                its,
                gates,
                environments,
                expiry,
                staleAfter,
                staleOutcome,
                rules,
                passScore,
                pendingFor,
                everywhere);
    }

    /** Returns whether the policy speaks of the environment, for whichever gate. */
    public boolean speaksOf(String environment) {
        return environments == null || environments.contains(environment);
    }

    /** Returns whether the policy speaks of the gate in the environment. */
    public boolean appliesTo(String gate, String environment) {
        return (gates.contains(gate) || gates.contains(EVERY_GATE)) && speaksOf(environment);
    }
}
