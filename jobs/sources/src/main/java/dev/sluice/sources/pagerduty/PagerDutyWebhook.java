package dev.sluice.sources.pagerduty;

import dev.sluice.sources.Documents;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.webhook.DeliveryIdentity;
import dev.sluice.sources.webhook.HmacSignature;
import dev.sluice.sources.webhook.WebhookContract;
import dev.sluice.sources.webhook.WebhookRequest;
import java.util.List;

/**
 * How PagerDuty calls a webhook: it signs the body with each secret of the subscription, and the event's id names the
 * delivery.
 *
 * @see <a href="https://developer.pagerduty.com/docs/verifying-webhook-signatures">PagerDuty's documentation</a>
 */
public final class PagerDutyWebhook implements WebhookContract {
    private static final HmacSignature SIGNATURE = new HmacSignature("v1=");

    @Override
    public boolean isAuthentic(WebhookRequest request, List<byte[]> secrets) {
        return SIGNATURE.isAmong(secrets, request.body(), request.header("X-PagerDuty-Signature"));
    }

    @Override
    public DeliveryIdentity identify(WebhookRequest request) {
        return new DeliveryIdentity(key(request), "");
    }

    /** What has no id is kept all the same, so that it can be seen what came. */
    private static String key(WebhookRequest request) {
        try {
            return Documents.read(request.body()).at("event").at("id").text();
        } catch (Rejection e) {
            return request.digest();
        }
    }
}
