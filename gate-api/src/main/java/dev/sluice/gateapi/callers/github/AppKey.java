package dev.sluice.gateapi.callers.github;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/**
 * The private key of an app, by which it says who it is: RS256 over its id, for less than the ten minutes that GitHub accepts. GitHub
 * gives keys as PKCS#1 in PEM; PKCS#8 is read too.
 */
final class AppKey {
    private static final Pattern PEM = Pattern.compile(
            "-----BEGIN (RSA )?PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+?)\\s*-----END (?:RSA )?PRIVATE KEY-----\\s*");
    /** GitHub's clock may be behind. */
    private static final Duration BEFORE = Duration.ofSeconds(60);

    private static final Duration AFTER = Duration.ofMinutes(8);
    private static final int LEAST_BITS = 2_048;

    /** The version and the algorithm of PKCS#8 (RFC 5208, 8017): 0, and rsaEncryption without parameters. */
    private static final byte[] RSA_HEADER = {
        2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 4;

    private final RSAPrivateKey key;

    private AppKey(RSAPrivateKey key) {
        this.key = key;
    }

    /** Returns whether a text is such a key. */
    static boolean isKey(byte[] pem) {
        return read(pem).isPresent();
    }

    /** Reads a key; nothing if the text is none of RSA with at least 2048 bits. */
    static Optional<AppKey> read(byte[] pem) {
        Matcher matcher = PEM.matcher(new String(pem, StandardCharsets.US_ASCII));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
            byte[] pkcs8 = matcher.group(1) == null ? der : pkcs8(der);
            PrivateKey read = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return read instanceof RSAPrivateKey rsa && rsa.getModulus().bitLength() >= LEAST_BITS
                    ? Optional.of(new AppKey(rsa))
                    : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] pkcs8(byte[] pkcs1) {
        var content = new ByteArrayOutputStream();
        content.writeBytes(RSA_HEADER);
        content.writeBytes(der(OCTETS, pkcs1));
        return der(SEQUENCE, content.toByteArray());
    }

    private static byte[] der(int tag, byte[] content) {
        var bytes = new ByteArrayOutputStream();
        bytes.write(tag);
        if (content.length < 0x80) {
            bytes.write(content.length);
        } else if (content.length <= 0xff) {
            bytes.write(0x81);
            bytes.write(content.length);
        } else {
            bytes.write(0x82);
            bytes.write(content.length >> 8);
            bytes.write(content.length);
        }
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }

    /** Returns a token by which the app says who it is. */
    String token(long appId, Instant now) {
        var claims = new JwtClaims();
        claims.setIssuer(Long.toString(appId));
        claims.setIssuedAt(NumericDate.fromSeconds(now.minus(BEFORE).getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(now.plus(AFTER).getEpochSecond()));
        var signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        signature.setHeader("typ", "JWT");
        signature.setKey(key);
        signature.setPayload(claims.toJson());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("a key that was read does not sign", e);
        }
    }
}
