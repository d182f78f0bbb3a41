package dev.sluice.gateapi.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gate.Bound;
import dev.sluice.gate.ConditionRule;
import dev.sluice.gate.EvidenceRule;
import dev.sluice.gate.Policy;
import dev.sluice.gate.Rule;
import dev.sluice.gate.RuleTerms;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.wire.Json;
import dev.sluice.wire.Sha256;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The digest of a policy: its name for what it requires, whatever its author calls the version. */
final class PolicyDigest {
    private static final String PREFIX = "sha256:";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-f]{64}");

    private PolicyDigest() {}

    /** Returns the id of a version in the log: its digest in hexadecimal digits; nothing if it is no digest. */
    static Optional<String> id(String digest) {
        return Optional.of(digest)
                .filter(text -> FORM.matcher(text).matches())
                .map(text -> text.substring(PREFIX.length()));
    }

    /** Of what the policy means, not of how its file is written: comments and order of fields change nothing. */
    static String of(Policy policy) {
        return PREFIX + Sha256.hex(Json.bytes(canonical(policy)));
    }

    private static ObjectNode canonical(Policy policy) {
        ObjectNode canonical = Json.mapper().createObjectNode();
        canonical.put("name", policy.name());
        canonical.put("version", policy.version());
        add(canonical.putArray("gates"), policy.gates());
        if (policy.environments() != null) {
            add(canonical.putArray("environments"), policy.environments());
        }
        canonical.put("expiry_ms", policy.expiry().toMillis());
        canonical.put("stale_after_ms", policy.staleAfter().toMillis());
        canonical.put("stale_outcome", policy.staleOutcome().wireName());
        if (policy.passScore() != null) {
            canonical.putObject("score").put("pass", policy.passScore());
        }
        add(canonical, policy.pendingFor());
        ArrayNode rules = canonical.putArray("rules");
        for (Rule rule : policy.rules()) {
            add(rules.addObject().put("id", rule.id()).put("mode", rule.mode().wireName()), rule);
        }
        var elsewhere = new TreeMap<String, ObjectNode>();
        policy.byEnvironment().forEach((environment, its) -> {
            ObjectNode there = canonical(its);
            if (!there.equals(canonical)) {
                elsewhere.put(environment, there);
            }
        });
        if (!elsewhere.isEmpty()) {
            canonical.putObject("by_environment").setAll(elsewhere);
        }
        return canonical;
    }

    private static void add(ObjectNode canonical, Rule rule) {
        if (rule instanceof ThresholdRule threshold) {
            canonical
                    .put("metric", threshold.metric())
                    .put("window_days", threshold.windowDays())
                    .put("operator", threshold.operator().symbol())
                    .put("threshold", threshold.threshold())
                    .put("minimum_n", threshold.minimumN())
                    .put("when_missing", threshold.whenMissing().wireName());
            if (threshold.bound() != Bound.VALUE) {
                canonical.put("bound", threshold.bound().wireName());
            }
        } else if (rule instanceof ConditionRule condition) {
            canonical.put("cel", condition.expression()).put("message", condition.message());
        } else if (rule instanceof EvidenceRule evidence) {
            canonical.set(evidence.requirement().kind(), EvidenceRules.canonical(evidence.requirement()));
        } else {
            throw new AssertionError(rule);
        }
        RuleTerms terms = rule.terms();
        if (terms.severity() != RuleTerms.DEFAULT.severity()) {
            canonical.put("severity", terms.severity().wireName());
        }
        if (terms.weight() != RuleTerms.DEFAULT.weight()) {
            canonical.put("weight", terms.weight());
        }
        add(canonical, terms.pendingFor());
    }

    /** What a policy does not say is not there: then its digest is that of before it could be said. */
    private static void add(ObjectNode canonical, @Nullable Duration pendingFor) {
        if (pendingFor != null) {
            canonical.put("pending_for_ms", pendingFor.toMillis());
        }
    }

    private static void add(ArrayNode array, Set<String> names) {
        new TreeSet<>(names).forEach(array::add);
    }
}
