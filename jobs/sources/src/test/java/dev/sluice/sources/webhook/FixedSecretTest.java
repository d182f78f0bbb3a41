package dev.sluice.sources.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedSecretTest {
    private static final List<byte[]> SECRETS = List.of("open: sésame".getBytes(UTF_8), "the-next".getBytes(UTF_8));

    /** The bytes of the first secret as HTTP gives them. */
    private static final String ON_THE_WIRE = new String(SECRETS.get(0), ISO_8859_1);

    private static WebhookRequest request(String header, String... values) {
        return new WebhookRequest(Map.of(header, List.of(values)), Map.of(), new byte[0]);
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
    }

    @Test
    void standsInAHeaderOfAnyCase() {
        assertThat(FixedSecret.isInHeader("X-Gitlab-Token", request("x-gitlab-token", "the-next"), SECRETS))
                .isTrue();
        assertThat(FixedSecret.isInHeader("X-Gitlab-Token", request("X-GITLAB-TOKEN", ON_THE_WIRE), SECRETS))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "the-nex", "the-next ", "the-nextt", "The-next", "open"})
    void anotherValueIsNone(String value) {
        assertThat(FixedSecret.isInHeader("X-Gitlab-Token", request("X-Gitlab-Token", value), SECRETS))
                .isFalse();
        assertThat(FixedSecret.isInAuthorization(request("Authorization", "Bearer " + value), SECRETS))
                .isFalse();
        assertThat(FixedSecret.isInAuthorization(request("Authorization", basic("user:" + value)), SECRETS))
                .isFalse();
    }

    @Test
    void isNotThere_withoutTheHeaderOrWithTwoOfThem() {
        assertThat(FixedSecret.isInHeader("X-Gitlab-Token", request("X-Other", "the-next"), SECRETS))
                .isFalse();
        assertThat(FixedSecret.isInHeader("X-Gitlab-Token", request("X-Gitlab-Token", "the-next", "the-next"), SECRETS))
                .isFalse();
        assertThat(FixedSecret.isInAuthorization(request("X-Other", "Bearer the-next"), SECRETS))
                .isFalse();
    }

    @Test
    void nothingIsTakenWithoutASecret() {
        assertThat(FixedSecret.isInHeader("X-Gitlab-Token", request("X-Gitlab-Token", ""), List.of(new byte[0])))
                .isFalse();
        assertThat(FixedSecret.isInHeader("X-Gitlab-Token", request("X-Gitlab-Token", ""), List.of()))
                .isFalse();
    }

    @Test
    void isABearerTokenOrAPassword() {
        assertThat(FixedSecret.isInAuthorization(request("authorization", "Bearer the-next"), SECRETS))
                .isTrue();
        assertThat(FixedSecret.isInAuthorization(request("Authorization", "Bearer " + ON_THE_WIRE), SECRETS))
                .isTrue();
        assertThat(FixedSecret.isInAuthorization(request("Authorization", basic("alertmanager:open: sésame")), SECRETS))
                .isTrue();
        assertThat(FixedSecret.isInAuthorization(
                        request("Authorization", basic(":the-next").replace("Basic", "basic")), SECRETS))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"the-next", "Basic the-next", "Basic dGhlLW5leHQ=", "Basic %%%", "Basic ", "Digest the-next"})
    void anotherFormOfTheHeaderIsNone(String value) {
        assertThat(FixedSecret.isInAuthorization(request("Authorization", value), SECRETS))
                .isFalse();
    }
}
