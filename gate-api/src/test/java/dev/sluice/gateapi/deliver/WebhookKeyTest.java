package dev.sluice.gateapi.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookKeyTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The vector of the libraries of Standard Webhooks. */
    @Test
    void signsAsTheStandardDoes() {
        String signature = WebhookKey.sign(
                bytes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1_614_265_330),
                "{\"test\": 2432232314}");

        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /** The key of test 2 of RFC 8032, section 7.1; what it signs is checked with its public key. */
    @Test
    void signsByEd25519SoThatThePublicKeyTellsIt() throws Exception {
        HexFormat hex = HexFormat.of();
        byte[] seed = hex.parseHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        byte[] publicKey = hex.parseHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        byte[] encoded = hex.parseHex("302a300506032b6570032100" + hex.formatHex(publicKey));

        String signature = WebhookKey.sign(
                bytes("whsk_" + Base64.getEncoder().encodeToString(seed)), "id", Instant.ofEpochSecond(7), "{}");

        assertThat(signature).startsWith("v1a,");
        var check = Signature.getInstance("Ed25519");
        check.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        check.update(bytes("id.7.{}"));
        assertThat(check.verify(Base64.getDecoder().decode(signature.substring("v1a,".length()))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "whsec_",
                "whsec_c2hvcnQ=",
                "whsec_not base64 at all, and long enough to be",
                "whsk_c2hvcnQ=",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void aWeakKeyIsNone(String secret) {
        assertThat(WebhookKey.isRight(bytes(secret))).isFalse();
    }
}
