package dev.sluice.sources.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthorizationWebhookTest {
    private static final List<byte[]> SECRETS = List.of("next".getBytes(UTF_8), "s3cret".getBytes(UTF_8));

    private final AuthorizationWebhook contract = new AuthorizationWebhook();

    @Test
    void secretIsABearerTokenOrAPassword() {
        assertThat(contract.isAuthentic(request("Bearer s3cret", "{}"), SECRETS))
                .isTrue();
        assertThat(contract.isAuthentic(request("Basic c2x1aWNlOnMzY3JldA==", "{}"), SECRETS))
                .isTrue();
        assertThat(contract.isAuthentic(request("Bearer other", "{}"), SECRETS)).isFalse();
        assertThat(contract.isAuthentic(new WebhookRequest(Map.of(), Map.of(), new byte[0]), SECRETS))
                .isFalse();
    }

    @Test
    void deliveryIsKnownByItsBytes() {
        DeliveryIdentity first = contract.identify(request("Bearer s3cret", "{\"a\": 1}"));

        assertThat(contract.identify(request("Bearer next", "{\"a\": 1}"))).isEqualTo(first);
        assertThat(contract.identify(request("Bearer s3cret", "{\"a\": 2}"))).isNotEqualTo(first);
        assertThat(first.event()).isEmpty();
    }

    private static WebhookRequest request(String authorization, String body) {
        return new WebhookRequest(Map.of("authorization", List.of(authorization)), Map.of(), body.getBytes(UTF_8));
    }
}
