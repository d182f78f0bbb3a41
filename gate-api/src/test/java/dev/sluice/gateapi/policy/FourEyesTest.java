package dev.sluice.gateapi.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gate.Outcome;
import dev.sluice.gate.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FourEyesTest {
    private static Policy policy(@Nullable Set<String> environments) {
        return new Policy(
                "p",
                "1",
                "d",
                Set.of("g"),
                environments,
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Outcome.DENY,
                List.of());
    }

    @ParameterizedTest
    @CsvSource({"production, true", "prod-eu, true", "staging, false", "pre-prod, false", "test, false"})
    void productionTakesTwo(String environment, boolean expected) {
        assertThat(FourEyes.isNeededFor(environment)).isEqualTo(expected);
        assertThat(FourEyes.isNeededFor(policy(Set.of("qa", environment)))).isEqualTo(expected);
    }

    @Test
    void everyEnvironmentIsProductionToo() {
        assertThat(FourEyes.isNeededFor((String) null)).isTrue();
        assertThat(FourEyes.isNeededFor(policy(null))).isTrue();
    }
}
