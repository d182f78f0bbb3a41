package dev.sluice.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentClassTest {
    @ParameterizedTest
    @CsvSource({
        "production, PRODUCTION",
        "prod-eu, PRODUCTION",
        "Prod-Canary, PRODUCTION",
        "live2, PRODUCTION",
        "pre-prod, STAGING",
        "nonproduction, STAGING",
        "staging-live, STAGING",
        "review/prod-fix, TEST",
        "products, OTHER",
        "eu-1, OTHER"
    })
    void theWordsOfANameTellTheClass(String name, EnvironmentClass expected) {
        assertThat(EnvironmentClass.ofName(name)).isEqualTo(expected);
    }
}
