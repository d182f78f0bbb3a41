package dev.sluice.sources.webhook;

import java.util.List;

/**
 * How senders call a webhook that do not sign: the secret stands in {@code Authorization}, as a bearer token or as a
 * password. They name no delivery, so its bytes are its name: what is sent again unchanged is the same.
 */
public final class AuthorizationWebhook implements WebhookContract {
    @Override
    public boolean isAuthentic(WebhookRequest request, List<byte[]> secrets) {
        return FixedSecret.isInAuthorization(request, secrets);
    }

    @Override
    public DeliveryIdentity identify(WebhookRequest request) {
        return new DeliveryIdentity(request.digest(), "");
    }
}
