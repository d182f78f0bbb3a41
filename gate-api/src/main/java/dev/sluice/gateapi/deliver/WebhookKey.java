package dev.sluice.gateapi.deliver;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A key that signs as Standard Webhooks 1.0 says: {@code whsec_} and 24 to 64 bytes in base64 for HMAC-SHA256 ({@code v1}), or
 * {@code whsk_} and the 32 bytes of an Ed25519 private key ({@code v1a}), by themselves or followed by the public key.
 */
final class WebhookKey {
    /** What a key must be, for messages. */
    static final String EXPECTED =
            "whsec_ and 24 to 64 bytes in base64 (HMAC-SHA256), or whsk_ and a private key of Ed25519 in base64";

    private static final String HMAC = "whsec_";
    private static final String ED25519 = "whsk_";
    private static final int LEAST_BYTES = 24;
    private static final int MOST_BYTES = 64;
    private static final int SEED_BYTES = 32;

    private WebhookKey() {}

    /** Returns whether a secret is such a key. */
    static boolean isRight(byte[] secret) {
        String text = text(secret);
        if (text.startsWith(ED25519)) {
            return decoded(text.substring(ED25519.length()))
                    .filter(bytes -> bytes.length == SEED_BYTES || bytes.length == 2 * SEED_BYTES)
                    .isPresent();
        }
        return text.startsWith(HMAC)
                && decoded(text.substring(HMAC.length()))
                        .filter(bytes -> bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES)
                        .isPresent();
    }

    /**
     * Signs a request.
     *
     * @param secret a right key
     * @param id the value of {@code webhook-id}
     * @param at of which the seconds are the value of {@code webhook-timestamp}
     * @param body the body
     * @return a part of the value of {@code webhook-signature}
     */
    static String sign(byte[] secret, String id, Instant at, String body) {
        String text = text(secret);
        try {
            return text.startsWith(ED25519)
                    ? ed25519(text.substring(ED25519.length()), id + "." + at.getEpochSecond() + "." + body)
                    : new Webhook(text).sign(id, at.getEpochSecond(), body);
        } catch (EmptyWebhookSecretException | WebhookSigningException | GeneralSecurityException e) {
            throw new IllegalStateException("the key was checked when it was set up", e);
        }
    }

    private static String ed25519(String encoded, String signed) throws GeneralSecurityException {
        byte[] seed = Arrays.copyOf(Base64.getDecoder().decode(encoded), SEED_BYTES);
        var signature = Signature.getInstance("Ed25519");
        signature.initSign(KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)));
        signature.update(signed.getBytes(StandardCharsets.UTF_8));
        return "v1a," + Base64.getEncoder().encodeToString(signature.sign());
    }

    private static Optional<byte[]> decoded(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String text(byte[] secret) {
        return new String(secret, StandardCharsets.UTF_8);
    }
}
