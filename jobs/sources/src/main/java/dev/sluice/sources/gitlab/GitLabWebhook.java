package dev.sluice.sources.gitlab;

import dev.sluice.sources.webhook.DeliveryIdentity;
import dev.sluice.sources.webhook.FixedSecret;
import dev.sluice.sources.webhook.WebhookContract;
import dev.sluice.sources.webhook.WebhookRequest;
import java.util.List;

/**
 * How GitLab calls a webhook: the secret itself is in a header. {@code Idempotency-Key} stays the same when a delivery is
 * tried again; older GitLab has none, and its {@code X-Gitlab-Event-UUID} is shared by hooks that set each other off,
 * so there the bytes tell a repetition.
 *
 * @see <a href="https://docs.gitlab.com/user/project/integrations/webhooks/">GitLab's documentation</a>
 */
public final class GitLabWebhook implements WebhookContract {
    @Override
    public boolean isAuthentic(WebhookRequest request, List<byte[]> secrets) {
        return FixedSecret.isInHeader("X-Gitlab-Token", request, secrets);
    }

    @Override
    public DeliveryIdentity identify(WebhookRequest request) {
        return new DeliveryIdentity(
                request.optionalToken("Idempotency-Key").orElseGet(request::digest), request.phrase("X-Gitlab-Event"));
    }
}
