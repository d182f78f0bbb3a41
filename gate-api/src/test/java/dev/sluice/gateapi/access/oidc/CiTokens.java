package dev.sluice.gateapi.access.oidc;

import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Tokens as CI systems sign them, and as nobody should take them. */
public final class CiTokens {
    /** The issuer of these tokens. */
    public static final String ISSUER = "https://ci.example.com";

    /** For whom they are. */
    public static final String AUDIENCE = "https://sluice.example.com";

    private CiTokens() {}

    /** Returns another RSA key. */
    public static RsaJsonWebKey rsa(String kid) {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(kid);
            return key;
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    static PublicJsonWebKey ec(String kid) {
        try {
            PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId(kid);
            return key;
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    static PublicJsonWebKey ed(String kid) {
        try {
            OctetKeyPairJsonWebKey key = OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519);
            key.setKeyId(kid);
            return key;
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns what a token of a run of the repository 7 of the owner 8 in production says. */
    public static Map<String, Object> claims(Instant now) {
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", ISSUER);
        claims.put("aud", AUDIENCE);
        claims.put("sub", "repo:acme/shop:environment:production");
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", now.getEpochSecond());
        claims.put("nbf", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + 300);
        claims.put("repository", "acme/shop");
        claims.put("repository_id", "7");
        claims.put("repository_owner_id", "8");
        claims.put("environment", "production");
        claims.put("ref", "refs/heads/main");
        claims.put("event_name", "push");
        return claims;
    }

    /** Returns a token that is signed with a key, by the algorithm that goes with it. */
    public static String signed(Map<String, Object> claims, PublicJsonWebKey key) {
        return signed(claims, key, Map.of());
    }

    static String signed(Map<String, Object> claims, PublicJsonWebKey key, Map<String, Object> header) {
        return signed(json(claims), key, header);
    }

    static String signed(String payload, PublicJsonWebKey key, Map<String, Object> header) {
        var signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(
                switch (key.getKeyType()) {
                    case "RSA" -> "RS256";
                    case "EC" -> "ES256";
                    default -> "EdDSA";
                });
        signature.setKeyIdHeaderValue(key.getKeyId());
        header.forEach(signature.getHeaders()::setObjectHeaderValue);
        signature.setPayload(payload);
        signature.setKey(key.getPrivateKey());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a token of any header and signature. */
    static String made(Map<String, Object> header, Map<String, Object> claims, byte[] signature) {
        return encoded(json(header).getBytes(StandardCharsets.UTF_8)) + "."
                + encoded(json(claims).getBytes(StandardCharsets.UTF_8)) + "." + encoded(signature);
    }

    static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String json(Map<String, Object> members) {
        return new String(Json.bytes(members), StandardCharsets.UTF_8);
    }
}
