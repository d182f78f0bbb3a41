package dev.sluice.sources.github;

import dev.sluice.sources.webhook.DeliveryIdentity;
import dev.sluice.sources.webhook.HmacSignature;
import dev.sluice.sources.webhook.WebhookContract;
import dev.sluice.sources.webhook.WebhookRequest;
import java.util.List;

/**
 * How GitHub calls a webhook: it signs the body, and names the event and the delivery in headers. A delivery that is sent
 * again keeps its id.
 *
 * @see <a href="https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries">GitHub's documentation</a>
 */
public final class GitHubWebhook implements WebhookContract {
    private static final HmacSignature SIGNATURE = new HmacSignature("sha256=");

    @Override
    public boolean isAuthentic(WebhookRequest request, List<byte[]> secrets) {
        return SIGNATURE.isOfOne(secrets, request.body(), request.header("X-Hub-Signature-256"));
    }

    @Override
    public DeliveryIdentity identify(WebhookRequest request) {
        return new DeliveryIdentity(request.token("X-GitHub-Delivery"), request.token("X-GitHub-Event"));
    }
}
