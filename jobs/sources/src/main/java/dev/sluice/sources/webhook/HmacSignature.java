package dev.sluice.sources.webhook;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The signature of a webhook: HMAC-SHA256 of the raw body with the webhook's secret, as hexadecimal digits behind a
 * prefix.
 *
 * @param prefix what stands before the digits, e.g. {@code sha256=}
 */
public record HmacSignature(String prefix) {
    /** Most signatures that one header may hold; a sender gives one for each secret in use. */
    private static final int MAX_SIGNATURES = 10;

    private static final int HEX_CHARACTERS = 64;
    private static final String ALGORITHM = "HmacSHA256";

    public HmacSignature {
        requireNonNull(prefix, "prefix");
    }

    /**
     * Returns whether the body was signed with one of the secrets.
     *
     * @param header the header's value, if it is there: one signature
     */
    public boolean isOfOne(List<byte[]> secrets, byte[] body, Optional<String> header) {
        boolean signed = false;
        for (byte[] secret : secrets) {
            signed |= verify(secret, body, header.orElse(null));
        }
        return signed;
    }

    /**
     * Returns whether the body was signed with one of the secrets, where the sender itself may know several.
     *
     * @param header the header's value, if it is there: signatures, with commas between them
     */
    public boolean isAmong(List<byte[]> secrets, byte[] body, Optional<String> header) {
        String[] signatures = header.orElse("").split(",", MAX_SIGNATURES + 1);
        boolean signed = false;
        for (int i = 0; i < signatures.length && signatures.length <= MAX_SIGNATURES; i++) {
            signed |= isOfOne(secrets, body, Optional.of(signatures[i].strip()));
        }
        return signed;
    }

    /**
     * Returns whether the body was signed with the secret. The time that it takes does not depend on where a wrong
     * signature differs from the right one.
     *
     * @param secret the webhook's secret; nothing is signed with none
     * @param body the bytes as they came in
     * @param signature the prefix and 64 hexadecimal digits
     */
    public boolean verify(byte @Nullable [] secret, byte[] body, @Nullable String signature) {
        if (secret == null || secret.length == 0 || signature == null) {
            return false;
        }
        byte[] claimed = digits(signature);
        return claimed != null && MessageDigest.isEqual(hmac(secret, body), claimed);
    }

    /**
     * Returns the signature of a body.
     *
     * @param secret the webhook's secret, not empty
     * @param body the bytes that are sent
     */
    public String sign(byte[] secret, byte[] body) {
        return prefix + HexFormat.of().formatHex(hmac(secret, body));
    }

    private byte @Nullable [] digits(String signature) {
        if (signature.length() != prefix.length() + HEX_CHARACTERS || !signature.startsWith(prefix)) {
            return null;
        }
        for (int i = prefix.length(); i < signature.length(); i++) {
            if (!HexFormat.isHexDigit(signature.charAt(i))) {
                return null;
            }
        }
        return HexFormat.of().parseHex(signature, prefix.length(), signature.length());
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
