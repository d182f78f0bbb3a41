package dev.sluice.sources.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The credential of senders that cannot sign: the secret itself stands in a header. HTTP gives the bytes of a header as
 * ISO 8859-1, whatever they are; secrets are UTF-8.
 */
public final class FixedSecret {
    private static final String AUTHORIZATION = "Authorization";
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private FixedSecret() {}

    /** Returns whether the value of a header is one of the secrets. */
    public static boolean isInHeader(String name, WebhookRequest request, List<byte[]> secrets) {
        return request.header(name)
                .map(value -> isOneOf(value.getBytes(ISO_8859_1), secrets))
                .orElse(false);
    }

    /** Returns whether {@code Authorization} holds one of the secrets: as a bearer token, or as the password of anybody. */
    public static boolean isInAuthorization(WebhookRequest request, List<byte[]> secrets) {
        return request.header(AUTHORIZATION)
                .flatMap(FixedSecret::presented)
                .map(presented -> isOneOf(presented, secrets))
                .orElse(false);
    }

    private static Optional<byte[]> presented(String authorization) {
        if (isOfScheme(authorization, BEARER)) {
            return Optional.of(authorization.substring(BEARER.length()).getBytes(ISO_8859_1));
        }
        return isOfScheme(authorization, BASIC) ? password(authorization.substring(BASIC.length())) : Optional.empty();
    }

    private static boolean isOfScheme(String authorization, String scheme) {
        return authorization.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /** RFC 7617: the user's name has no colon, the password may have. */
    private static Optional<byte[]> password(String credentials) {
        String decoded;
        try {
            decoded = new String(Base64.getDecoder().decode(credentials), UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int colon = decoded.indexOf(':');
        return colon < 0
                ? Optional.empty()
                : Optional.of(decoded.substring(colon + 1).getBytes(UTF_8));
    }

    private static boolean isOneOf(byte[] presented, List<byte[]> secrets) {
        boolean found = false;
        for (byte[] secret : secrets) {
            found |= secret.length > 0 && MessageDigest.isEqual(secret, presented);
        }
        return found;
    }
}
