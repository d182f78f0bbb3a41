package dev.sluice.sources.terraform;

import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.webhook.DeliveryIdentity;
import dev.sluice.sources.webhook.FixedSecret;
import dev.sluice.sources.webhook.WebhookContract;
import dev.sluice.sources.webhook.WebhookRequest;
import java.util.List;
import java.util.Set;

/**
 * How the step of a pipeline sends what Terraform wrote: with the secret in {@code Authorization}, and in the URL what
 * Terraform does not know. Of the body only {@linkplain TerraformOutput#kept what is no value} is kept.
 */
public final class TerraformWebhook implements WebhookContract {
    @Override
    public boolean isAuthentic(WebhookRequest request, List<byte[]> secrets) {
        return FixedSecret.isInAuthorization(request, secrets);
    }

    @Override
    public DeliveryIdentity identify(WebhookRequest request) {
        if (!request.parameters().containsKey(TerraformRun.RUN)) {
            throw new Rejection(Reason.MISSING_FIELD, "the URL lacks the parameter " + TerraformRun.RUN, null);
        }
        return new DeliveryIdentity(request.digest(), "");
    }

    @Override
    public Set<String> parameters() {
        return TerraformRun.PARAMETERS;
    }

    @Override
    public byte[] kept(WebhookRequest request) {
        return TerraformOutput.read(request.body()).kept();
    }
}
