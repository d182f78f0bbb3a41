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

    /** Of the catalogue, in which blue is production, and prod-eu whatever: the name counts all the same. */
    private final FourEyes fourEyes =
            new FourEyes((tenant, environment) -> tenant.equals("acme") && environment.equals("blue"));

    @ParameterizedTest
    @CsvSource({
        "production, true",
        "prod-eu, true",
        "staging, false",
        "pre-prod, false",
        "test, false",
        "blue, true",
        "green, false"
    })
    void productionByItsNameOrByTheCatalogueTakesTwo(String environment, boolean expected) {
        assertThat(fourEyes.areNeededIn("acme", environment)).isEqualTo(expected);
        assertThat(fourEyes.areNeededFor("acme", policy(Set.of("qa", environment))))
                .isEqualTo(expected);
    }

    @Test
    void theCatalogueIsOfTheTenant() {
        assertThat(fourEyes.areNeededIn("other", "blue")).isFalse();
    }

    @Test
    void everyEnvironmentIsProductionToo() {
        assertThat(fourEyes.areNeededIn("acme", null)).isTrue();
        assertThat(fourEyes.areNeededFor("acme", policy(null))).isTrue();
    }
}
