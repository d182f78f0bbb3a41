package dev.sluice.sources.github;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a GitHub webhook: HMAC-SHA256 of the raw body with the webhook's secret, in the header {@code
 * X-Hub-Signature-256}.
 *
 * @see <a href="https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries">GitHub's documentation</a>
 */
public final class GitHubSignature {
    /** The header that carries the signature. */
    public static final String HEADER = "X-Hub-Signature-256";

    private static final String PREFIX = "sha256=";
    private static final int HEX_CHARACTERS = 64;
    private static final String ALGORITHM = "HmacSHA256";

    private GitHubSignature() {}

    /**
     * Returns whether the body was signed with the secret. The time that it takes does not depend on where a wrong
     * signature differs from the right one.
     *
     * @param secret the webhook's secret; nothing is signed with none
     * @param body the bytes as they came in
     * @param header the header's value: {@code sha256=} and 64 hexadecimal digits
     */
    public static boolean verify(byte @Nullable [] secret, byte[] body, @Nullable String header) {
        if (secret == null || secret.length == 0 || header == null) {
            return false;
        }
        byte[] claimed = digits(header);
        return claimed != null && MessageDigest.isEqual(hmac(secret, body), claimed);
    }

    /**
     * Returns the header's value for a body.
     *
     * @param secret the webhook's secret, not empty
     * @param body the bytes that are sent
     */
    public static String sign(byte[] secret, byte[] body) {
        return PREFIX + HexFormat.of().formatHex(hmac(secret, body));
    }

    private static byte @Nullable [] digits(String header) {
        if (header.length() != PREFIX.length() + HEX_CHARACTERS || !header.startsWith(PREFIX)) {
            return null;
        }
        for (int i = PREFIX.length(); i < header.length(); i++) {
            if (!HexFormat.isHexDigit(header.charAt(i))) {
                return null;
            }
        }
        return HexFormat.of().parseHex(header, PREFIX.length(), header.length());
    }

    private static byte[] hmac(byte[] secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + ALGORITHM, e);
        }
    }
}
