package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.ConditionRule;
import dev.sluice.gate.EvidenceRule;
import dev.sluice.gate.Policy;
import dev.sluice.gate.ThresholdRule;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.policy.PolicyReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkGateTest {
    @TempDir
    Path directory;

    @Test
    void eachPolicyHasTheRulesThatTheReportSpeaksOf() throws Exception {
        BenchmarkGate.writePolicies(directory);
        List<Policy> policies;
        try (var conditions = new CelConditions()) {
            policies = BenchmarkGate.readPolicies(directory, new PolicyReader(conditions));
        }

        assertThat(rules(policies, BenchmarkGate.EIGHT_RULES)).containsExactly(4L, 2L, 2L);
        assertThat(rules(policies, BenchmarkGate.FIFTY_RULES)).containsExactly(24L, 10L, 16L);
    }

    /** Thresholds, conditions in CEL, and rules of evidence. */
    private static List<Long> rules(List<Policy> policies, BenchmarkGate gate) {
        var rules = Policy.inForce(policies, gate.gateName(), GateData.ENVIRONMENT).stream()
                .flatMap(policy -> policy.rules().stream())
                .toList();
        assertThat(rules).hasSize(gate.rules());
        return List.of(
                rules.stream().filter(ThresholdRule.class::isInstance).count(),
                rules.stream().filter(ConditionRule.class::isInstance).count(),
                rules.stream().filter(EvidenceRule.class::isInstance).count());
    }
}
