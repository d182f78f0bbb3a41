package dev.sluice.sources.pagerduty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sources.webhook.HmacSignature;
import dev.sluice.sources.webhook.WebhookRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PagerDutyWebhookTest {
    private static final byte[] SECRET = "s3cret".getBytes(UTF_8);
    private static final byte[] NEXT = "next".getBytes(UTF_8);
    private static final String PING = "{\"event\": {\"id\": \"01CEJG\", \"event_type\": \"pagey.ping\"}}";

    private final PagerDutyWebhook contract = new PagerDutyWebhook();

    @Test
    void oneOfTheSignaturesIsEnough() {
        String right = signature(SECRET, PING);
        String wrong = signature("other".getBytes(UTF_8), PING);

        assertThat(isAuthentic(right)).isTrue();
        assertThat(isAuthentic(wrong + "," + right)).isTrue();
        assertThat(isAuthentic(wrong + ", " + signature(NEXT, PING))).isTrue();
        assertThat(isAuthentic(wrong)).isFalse();
        assertThat(isAuthentic(right.replace("v1=", "v2="))).isFalse();
        assertThat(isAuthentic("")).isFalse();
        assertThat(contract.isAuthentic(new WebhookRequest(Map.of(), Map.of(), PING.getBytes(UTF_8)), List.of(SECRET)))
                .isFalse();
    }

    @Test
    void deliveryIsNamedByTheEvent() {
        assertThat(contract.identify(request("", PING)).key()).isEqualTo("01CEJG");
    }

    @Test
    void whatNamesNoEventIsKnownByItsBytes() {
        for (String body : List.of("{\"messages\": []}", "no JSON", "")) {
            assertThat(contract.identify(request("", body)).key()).matches("[0-9a-f]{64}");
        }
    }

    private boolean isAuthentic(String signatures) {
        return contract.isAuthentic(request(signatures, PING), List.of(SECRET, NEXT));
    }

    private static String signature(byte[] secret, String body) {
        return new HmacSignature("v1=").sign(secret, body.getBytes(UTF_8));
    }

    private static WebhookRequest request(String signatures, String body) {
        return new WebhookRequest(Map.of("X-PagerDuty-Signature", List.of(signatures)), Map.of(), body.getBytes(UTF_8));
    }
}
