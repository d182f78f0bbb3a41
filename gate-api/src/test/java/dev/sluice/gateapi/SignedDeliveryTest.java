package dev.sluice.gateapi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.registry.Webhooks;
import dev.sluice.sources.webhook.WebhookContract;
import dev.sluice.sources.webhook.WebhookRequest;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each kind of sender signs. */
class SignedDeliveryTest {
    static Stream<SignedDelivery> deliveries() {
        return SignedDelivery.all().stream();
    }

    @Test
    void eachSourceOfWebhooksHasOne() {
        assertThat(deliveries().map(SignedDelivery::source).distinct().sorted())
                .containsExactlyElementsOf(Webhooks.names());
    }

    /** Where a sender signs a time, another header would be needed here, and its age would have to be looked at. */
    @ParameterizedTest
    @MethodSource("deliveries")
    void noSenderSignsATime_sinceOneHeaderProvesTheBytes(SignedDelivery delivery) throws IOException {
        WebhookContract contract = Webhooks.find(delivery.source())
                .orElseThrow()
                .contract()
                .of(ConnectionMapping.DEFAULT.withOptions(Json.mapper().readTree(delivery.options())));
        var proof = Map.of(delivery.credential(), List.of(delivery.proof().apply("secret")));
        var request = new WebhookRequest(proof, Map.of(), delivery.body().getBytes(UTF_8));

        assertThat(contract.isAuthentic(request, List.of("secret".getBytes(UTF_8))))
                .isTrue();
        assertThat(contract.isAuthentic(request, List.of("another".getBytes(UTF_8))))
                .isFalse();
    }
}
