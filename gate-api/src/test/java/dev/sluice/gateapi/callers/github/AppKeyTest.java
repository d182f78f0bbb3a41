package dev.sluice.gateapi.callers.github;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class AppKeyTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final KeyPair PAIR = pair(2_048);

    private static KeyPair pair(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static byte[] pem(String label, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return ("-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** In PKCS#8 the key of PKCS#1 is the last member; with 2048 bits it begins after 26 bytes. */
    private static byte[] pkcs1(KeyPair pair) {
        byte[] pkcs8 = pair.getPrivate().getEncoded();
        return Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
    }

    @Test
    void signsByAKeyOfEitherForm_whatGitHubAccepts() throws Exception {
        for (byte[] pem :
                new byte[][] {pem("PRIVATE KEY", PAIR.getPrivate().getEncoded()), pem("RSA PRIVATE KEY", pkcs1(PAIR))
                }) {
            String token = AppKey.read(pem).orElseThrow().token(12_345, NOW);

            String[] parts = token.split("\\.", -1);
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(PAIR.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2])))
                    .isTrue();
            JsonNode claims = Json.read(Base64.getUrlDecoder().decode(parts[1]), JsonNode.class);
            assertThat(claims.path("iss").asText()).isEqualTo("12345");
            assertThat(claims.path("iat").asLong()).isLessThan(NOW.getEpochSecond());
            assertThat(claims.path("exp").asLong())
                    .isGreaterThan(NOW.getEpochSecond())
                    .isLessThanOrEqualTo(
                            claims.path("iat").asLong() + Duration.ofMinutes(10).toSeconds());
            assertThat(Json.read(Base64.getUrlDecoder().decode(parts[0]), JsonNode.class)
                            .path("alg")
                            .asText())
                    .isEqualTo("RS256");
        }
    }

    @Test
    void whatIsNoLongEnoughKeyOfRsaIsNone() {
        byte[] der = PAIR.getPrivate().getEncoded();

        assertThat(AppKey.isKey(pem("PRIVATE KEY", der))).isTrue();
        assertThat(AppKey.isKey(pem("PRIVATE KEY", pair(1_024).getPrivate().getEncoded())))
                .isFalse();
        assertThat(AppKey.isKey(pem("RSA PRIVATE KEY", der))).isFalse();
        assertThat(AppKey.isKey(pem("PUBLIC KEY", PAIR.getPublic().getEncoded())))
                .isFalse();
        assertThat(AppKey.isKey(pem("PRIVATE KEY", new byte[] {1, 2, 3}))).isFalse();
        assertThat(AppKey.isKey("secret".getBytes(StandardCharsets.US_ASCII))).isFalse();
    }
}
