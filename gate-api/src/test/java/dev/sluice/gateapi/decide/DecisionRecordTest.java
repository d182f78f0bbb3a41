package dev.sluice.gateapi.decide;

import static dev.sluice.gateapi.cel.CelFixture.NOW;
import static dev.sluice.gateapi.cel.CelFixture.input;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.sluice.gate.Decision;
import dev.sluice.gate.GateEvaluator;
import dev.sluice.gate.Waivers;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.cel.CelFixture;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.ids.TimedIds;
import dev.sluice.gateapi.policy.PolicyReader;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionRecordTest {
    private static DecisionRecord decided(String expression) {
        try (CelConditions conditions = CelFixture.patient()) {
            var policy = new PolicyReader(conditions)
                    .read("p.yaml", """
                            name: p
                            version: "1"
                            gates: [production]
                            rules:
                              - id: condition
                                mode: enforce
                                cel: "%s"
                              - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d,
                                 operator: ">=", threshold: 0.5}
                            """.formatted(expression), new Problems())
                    .orElseThrow();
            Decision decision = new GateEvaluator().evaluate(List.of(policy), Waivers.NONE, input(), NOW);
            return DecisionRecord.of(
                    TimedIds.next(NOW),
                    new GateRequest("production", "checkout", "production", null),
                    new DecisionRecord.Asker("default", "local", "local"),
                    decision,
                    List.of());
        }
    }

    @Test
    void carriesTheExpressionAndWhatItRead_andComesBackTheSame() throws IOException {
        DecisionRecord record = decided("artifact.version == current.version");

        byte[] written = Json.bytes(record);
        JsonNode rules = Json.mapper().readTree(written).at("/rules");
        assertThat(rules.at("/0/code").textValue()).isEqualTo("condition");
        assertThat(rules.at("/0/expression").textValue()).isEqualTo("artifact.version == current.version");
        assertThat(rules.at("/0/read"))
                .hasToString("[{\"name\":\"artifact.version\",\"value\":\"2.0\"},"
                        + "{\"name\":\"current.version\",\"value\":\"1.9\"}]");
        assertThat(rules.at("/0/metric").isNull() || rules.at("/0/metric").isMissingNode())
                .isTrue();
        assertThat(rules.at("/1/value").doubleValue()).isEqualTo(0.95);
        assertThat(rules.at("/1/expression").textValue()).isNull();
        assertThat(Json.read(written, DecisionRecord.class)).isEqualTo(record);
    }

    @Test
    void shortensALongExpression() {
        String shown =
                decided("service != '" + "x".repeat(2_000) + "'").rules().get(0).expression();

        assertThat(shown).hasSize(1_001).startsWith("service != 'xxx").endsWith("x…");
    }

    @Test
    void readsWhatWasWrittenBeforeThereWereConditions() {
        DecisionRecord record = decided("true");
        String earlier = new String(Json.bytes(record), StandardCharsets.UTF_8)
                .replaceAll(",\"(expression|read)\":(null|\"true\"|\\[])", "");
        assertThat(earlier).doesNotContain("expression");

        DecisionRecord read = Json.read(earlier.getBytes(StandardCharsets.UTF_8), DecisionRecord.class);

        assertThat(read.rules().get(0).expression()).isNull();
        assertThat(read.rules().get(0).read()).isNull();
    }

    @Test
    void isAnsweredAsItWasLogged_untilItExpires() throws IOException {
        WrittenDecision logged = WrittenDecision.of(decided("true"));
        assertThat(logged.decision().allowed()).isTrue();

        assertThat(logged.asOf(logged.decision().expiresAt().minusMillis(1))).isSameAs(logged);
        WrittenDecision expired = logged.asOf(logged.decision().expiresAt());
        assertThat(expired.decision().allowed()).isFalse();
        assertThat(Json.mapper().readTree(expired.json()).at("/allowed")).isEqualTo(BooleanNode.FALSE);
    }
}
