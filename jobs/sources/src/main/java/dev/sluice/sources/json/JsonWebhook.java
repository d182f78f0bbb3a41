package dev.sluice.sources.json;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.MappingDocument;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.webhook.DeliveryIdentity;
import dev.sluice.sources.webhook.FixedSecret;
import dev.sluice.sources.webhook.HmacSignature;
import dev.sluice.sources.webhook.WebhookContract;
import dev.sluice.sources.webhook.WebhookRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How senders of JSON call a webhook: with the secret in {@code Authorization}, or with a signature of the body in a header
 * that the connection names. What is sent again unchanged is the same delivery.
 */
public final class JsonWebhook implements WebhookContract {
    static final String HEADER = "signature_header";
    static final String PREFIX = "signature_prefix";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,100}");

    private final @Nullable String header;
    private final HmacSignature signature;

    /** Creates the contract of senders that do not sign. */
    public JsonWebhook() {
        this(null, "");
    }

    private JsonWebhook(@Nullable String header, String prefix) {
        this.header = header;
        this.signature = new HmacSignature(prefix);
    }

    /** Reports what is wrong with the names of a connection's header. */
    static void check(ConnectionMapping mapping, MappingDocument.Problems problems) {
        String header = text(mapping, HEADER, problems);
        String prefix = text(mapping, PREFIX, problems);
        if (header != null && !NAME.matcher(header).matches()) {
            problems.add(mapping.option(HEADER).pointer(), HEADER + " is no name of a header: " + header);
        }
        if (header == null && prefix != null) {
            problems.add(mapping.option(PREFIX).pointer(), PREFIX + " says nothing without " + HEADER);
        }
    }

    private static @Nullable String text(ConnectionMapping mapping, String option, MappingDocument.Problems problems) {
        try {
            return mapping.option(option).optionalText();
        } catch (Rejection e) {
            problems.add(mapping.option(option).pointer(), option + " " + e.getMessage());
            return null;
        }
    }

    @Override
    public WebhookContract of(ConnectionMapping mapping) {
        String name = mapping.option(HEADER).optionalText();
        String prefix = mapping.option(PREFIX).optionalText();
        return name == null ? this : new JsonWebhook(name, prefix == null ? "" : prefix);
    }

    @Override
    public boolean isAuthentic(WebhookRequest request, List<byte[]> secrets) {
        return header == null
                ? FixedSecret.isInAuthorization(request, secrets)
                : signature.isOfOne(secrets, request.body(), request.header(header));
    }

    @Override
    public DeliveryIdentity identify(WebhookRequest request) {
        return new DeliveryIdentity(request.digest(), "");
    }
}
