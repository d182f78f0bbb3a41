package dev.sluice.sources.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Documents;
import dev.sluice.sources.webhook.HmacSignature;
import dev.sluice.sources.webhook.WebhookContract;
import dev.sluice.sources.webhook.WebhookRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonWebhookTest {
    private static final byte[] SECRET = "s3cret".getBytes(UTF_8);
    private static final byte[] BODY = "{}".getBytes(UTF_8);

    @Test
    void secretStandsInTheAuthorization() {
        WebhookContract contract = new JsonWebhook().of(ConnectionMapping.DEFAULT);

        assertThat(isAuthentic(contract, "Authorization", "Bearer s3cret")).isTrue();
        assertThat(isAuthentic(contract, "Authorization", "Bearer other")).isFalse();
    }

    @Test
    void signatureStandsInTheHeaderThatTheConnectionNames() {
        WebhookContract prefixed =
                contract("{\"signature_header\": \"X-Release-Signature\", \"signature_prefix\": \"v1=\"}");
        WebhookContract bare = contract("{\"signature_header\": \"X-Release-Signature\"}");
        String signature = new HmacSignature("").sign(SECRET, BODY);

        assertThat(isAuthentic(prefixed, "x-release-signature", "v1=" + signature))
                .isTrue();
        assertThat(isAuthentic(bare, "x-release-signature", signature)).isTrue();
        assertThat(isAuthentic(bare, "x-release-signature", "v1=" + signature)).isFalse();
        assertThat(isAuthentic(prefixed, "Authorization", "Bearer s3cret"))
                .as("a connection with a signature takes no bare secret")
                .isFalse();
    }

    @Test
    void deliveryIsKnownByItsBytes() {
        var contract = new JsonWebhook();

        assertThat(contract.identify(request("a", "1"))).isEqualTo(contract.identify(request("b", "2")));
    }

    private static WebhookContract contract(String options) {
        return new JsonWebhook()
                .of(ConnectionMapping.DEFAULT.withOptions(
                        Documents.read(options).node()));
    }

    private static boolean isAuthentic(WebhookContract contract, String header, String value) {
        return contract.isAuthentic(request(header, value), List.of("next".getBytes(UTF_8), SECRET));
    }

    private static WebhookRequest request(String header, String value) {
        return new WebhookRequest(Map.of(header, List.of(value)), Map.of(), BODY);
    }
}
